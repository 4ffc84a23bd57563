package manycast.control.incidents;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import manycast.control.broadcasts.BroadcastState;
import manycast.control.broadcasts.RelayState;
import manycast.control.samples.DestinationSample;
import manycast.control.samples.IngestSample;
import org.jspecify.annotations.Nullable;

/**
 * How a broadcast mostly was: medians, so that what went wrong for a while does not hide itself. 0
 * where nothing was measured.
 */
record Usual(double bitrateBps, double frameRate, double jitterMs) {
  static Usual of(List<IngestSample> samples) {
    List<IngestSample> live =
        samples.stream()
            .filter(sample -> sample.state() == BroadcastState.LIVE && sample.bitrateBps() > 0)
            .toList();
    return new Usual(
        median(live, sample -> (double) sample.bitrateBps()),
        median(live, IngestSample::frameRate),
        median(live, IngestSample::jitterMs));
  }

  /** The usual round trip time to a destination, in milliseconds. */
  static double rttMs(Story story, UUID destination) {
    return median(
        story.of(destination, story.startedAt(), null).stream()
            .filter(sample -> sample.state() == RelayState.LIVE && !sample.behind())
            .toList(),
        sample -> sample.rttMs() == null ? null : Double.valueOf(sample.rttMs()));
  }

  /** The largest value, or null where there is none. */
  static @Nullable Long most(
      List<DestinationSample> samples, Function<DestinationSample, @Nullable Long> value) {
    return samples.stream().map(value).filter(Objects::nonNull).max(Long::compare).orElse(null);
  }

  private static <T> double median(List<T> samples, Function<T, @Nullable Double> value) {
    List<Double> sorted = samples.stream().map(value).filter(Objects::nonNull).sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
  }
}
