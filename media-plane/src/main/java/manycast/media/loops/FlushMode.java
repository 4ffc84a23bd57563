package manycast.media.loops;

/** When what came from an encoder is written to the destinations. */
public enum FlushMode {
  /** At once, and in windows while the loop is busy. */
  ADAPTIVE("adaptive"),
  /** At once: least latency. */
  IMMEDIATE("immediate"),
  /** All that came within 80 ms in one write: least work. */
  WINDOW("80ms");

  /** Shorter windows save nothing at the rate of frames of one encoder. */
  static final int WINDOW_MS = 80;

  private final String word;

  FlushMode(String word) {
    this.word = word;
  }

  /** The word in {@code MANYCAST_FLUSH}. */
  public String word() {
    return word;
  }
}
