package manycast.media.relay;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells a connection that cannot carry its stream from one that stumbled: after three jumps within
 * half a minute it names what the connection took meanwhile, and the bitrate that would fit.
 */
final class BitrateAdvice {
  private static final int JUMPS = 3;
  private static final int WITHIN_MS = 30_000;
  private static final double FITTING_SHARE = 0.9;

  private final long[] jumpsMs = new long[JUMPS];
  private final long[] bytesAt = new long[JUMPS];
  private int jumps;
  private int skips;
  private @Nullable String sentence;
  private long fittingBps;

  /** A connection begins; what another one took says nothing of it. */
  void begin(int skipsSoFar) {
    jumps = 0;
    skips = skipsSoFar;
    sentence = null;
  }

  /**
   * Takes the figures of now.
   *
   * @param bytesSent what the connection has taken so far
   * @param streamBps the bitrate of what it is to carry
   */
  void note(int skipsSoFar, long bytesSent, long streamBps, long nowMs) {
    if (skipsSoFar > skips) {
      skips = skipsSoFar;
      System.arraycopy(jumpsMs, 1, jumpsMs, 0, JUMPS - 1);
      System.arraycopy(bytesAt, 1, bytesAt, 0, JUMPS - 1);
      jumpsMs[JUMPS - 1] = nowMs;
      bytesAt[JUMPS - 1] = bytesSent;
      jumps++;
      long elapsedMs = nowMs - jumpsMs[0];
      if (jumps >= JUMPS && elapsedMs <= WITHIN_MS && elapsedMs > 0) {
        advise((bytesSent - bytesAt[0]) * 8_000 / elapsedMs, streamBps);
      }
    } else if (sentence != null && nowMs - jumpsMs[JUMPS - 1] > WITHIN_MS) {
      sentence = null;
    }
  }

  /** The plain sentence, or null while there is no reason for one. */
  @Nullable String sentence() {
    return sentence;
  }

  /** The bitrate that would fit, or null while there is no reason for advice. */
  @Nullable Long fittingBps() {
    return sentence == null ? null : fittingBps;
  }

  private void advise(long takenBps, long streamBps) {
    fittingBps = Math.round(takenBps * FITTING_SHARE);
    sentence =
        takenBps >= streamBps
            ? null
            : "The connection takes "
                + megabits(takenBps)
                + " Mbit/s; your stream is "
                + megabits(streamBps)
                + " Mbit/s. Lower the bitrate to about "
                + megabits(fittingBps)
                + " Mbit/s.";
  }

  private static String megabits(double bps) {
    return String.format(Locale.ROOT, "%.1f", bps / 1e6);
  }
}
