package manycast.media.broadcast;

/**
 * How much a log keeps.
 *
 * @param laggingMs how long frames before the newest keyframe are kept for a cursor that needs them
 * @param laggingBytes and how many bytes
 * @param hardMs how long a group of pictures may be before its front goes
 * @param hardBytes and how many bytes
 */
public record LogBounds(long laggingMs, long laggingBytes, long hardMs, long hardBytes) {
  /** What every broadcast runs with. */
  public static final LogBounds STANDARD = new LogBounds(10_000, 32 << 20, 30_000, 64 << 20);
}
