package manycast.media.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A line an event: its time in UTC, level, the class that tells it, the message; the stack of what
 * was thrown below it. A pattern for the same is read and compiled anew at every start, which takes
 * a tenth of it.
 */
final class LineLayout extends LayoutBase<ILoggingEvent> {
  private static final int LEVEL_WIDTH = 5;
  private static final int USUAL_LENGTH = 160;

  @Override
  public String doLayout(ILoggingEvent event) {
    String level = event.getLevel().toString();
    String logger = event.getLoggerName();
    StringBuilder line = new StringBuilder(USUAL_LENGTH);
    line.append(time(event.getInstant())).append(' ').append(level);
    line.repeat(' ', LEVEL_WIDTH + 1 - level.length());
    line.append(logger, logger.lastIndexOf('.') + 1, logger.length());
    line.append(" - ").append(event.getFormattedMessage()).append(System.lineSeparator());
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      line.append(ThrowableProxyUtil.asString(thrown));
    }
    return line.toString();
  }

  /** With three digits of a second, also where they are noughts. */
  private static String time(Instant instant) {
    String whole = instant.truncatedTo(ChronoUnit.SECONDS).toString();
    String millis = Long.toString(1_000 + instant.toEpochMilli() % 1_000).substring(1);
    return whole.substring(0, whole.length() - 1) + '.' + millis + 'Z';
  }
}
