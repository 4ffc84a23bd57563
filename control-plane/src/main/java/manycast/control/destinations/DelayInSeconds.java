package manycast.control.destinations;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** A destination's delay as people read and type it: seconds, to the millisecond. */
public final class DelayInSeconds {
  /** No delay: it is refused like every other one that is out of range. */
  private static final int NONE = -1;

  private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);
  private static final int LONGEST_TYPED = 12;

  private DelayInSeconds() {}

  /** Such as {@code 10} or {@code 1.5}. */
  public static String written(int delayMs) {
    return BigDecimal.valueOf(delayMs, 3).stripTrailingZeros().toPlainString();
  }

  /** Milliseconds; nothing typed means no delay, and what is no number gives one out of range. */
  static int read(String typed) {
    String number = typed.strip().replace(',', '.');
    if (number.isEmpty()) {
      return 0;
    }
    // Bounded, because an exponent makes a short text a number that fills the memory.
    if (number.length() > LONGEST_TYPED || !number.matches("[0-9]*\\.?[0-9]*")) {
      return NONE;
    }
    try {
      return new BigDecimal(number)
          .multiply(MILLIS)
          .setScale(0, RoundingMode.HALF_UP)
          .intValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      return NONE;
    }
  }
}
