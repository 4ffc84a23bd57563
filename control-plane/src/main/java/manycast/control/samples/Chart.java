package manycast.control.samples;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lines over one time axis, ready to be drawn: every list of values has as many entries as there
 * are times, null where nothing was measured.
 *
 * @param from where the axis begins; {@code to} where it ends
 * @param stepSeconds how much time a point stands for
 * @param times the points' times in seconds since 1970
 */
public record Chart(
    Instant from,
    Instant to,
    int stepSeconds,
    List<Long> times,
    Ingest ingest,
    List<Destination> destinations) {

  /** What arrived: means, but for silence, keyframes and jitter, which are the worst of a point. */
  public record Ingest(
      List<@Nullable Long> bitrateBps,
      List<@Nullable Double> frameRate,
      List<@Nullable Long> silentMs,
      List<@Nullable Long> keyframeIntervalMs,
      List<@Nullable Double> jitterMs,
      List<@Nullable Long> audioAheadMs) {}

  /**
   * What one destination got: the mean bitrate, the worst lag and round trip time, and the frames
   * that were passed over within the point.
   */
  public record Destination(
      UUID id,
      List<@Nullable Long> bitrateBps,
      List<@Nullable Long> lagMs,
      List<@Nullable Long> rttMs,
      List<@Nullable Long> framesDropped) {}

  /** Whether there is nothing to draw. */
  public boolean isEmpty() {
    return times.isEmpty();
  }
}
