package manycast.control.incidents;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import manycast.control.broadcasts.BroadcastState;
import manycast.control.broadcasts.RelayState;
import manycast.control.samples.DestinationSample;
import manycast.control.samples.IngestSample;
import manycast.control.samples.Measured;
import manycast.control.samples.SampleService;
import org.jspecify.annotations.Nullable;

/**
 * How a broadcast mostly was: medians over its time, so that what went wrong for a while does not
 * hide itself, however many samples tell of that while. 0 where nothing was measured.
 */
record Usual(double bitrateBps, double frameRate, double jitterMs) {
  /** A value, and for how long it was. */
  private record Spell(double value, long ms) {}

  static Usual of(Measured measured) {
    return new Usual(
        ofIngest(measured, sample -> (double) sample.bitrateBps()),
        ofIngest(measured, IngestSample::frameRate),
        ofIngest(measured, IngestSample::jitterMs));
  }

  private static double ofIngest(
      Measured measured, Function<IngestSample, @Nullable Double> value) {
    return median(measured.ingest(), measured.stands(), IngestSample::at, Usual::isLive, value);
  }

  private static boolean isLive(IngestSample sample) {
    return sample.state() == BroadcastState.LIVE && sample.bitrateBps() > 0;
  }

  /** The usual round trip time to a destination, in milliseconds. */
  static double rttMs(Story story, UUID destination) {
    return median(
        story.of(destination, story.startedAt(), null),
        story.measured().stands(),
        DestinationSample::at,
        sample -> sample.state() == RelayState.LIVE && !sample.behind(),
        sample -> sample.rttMs() == null ? null : Double.valueOf(sample.rttMs()));
  }

  /** The largest value, or null where there is none. */
  static @Nullable Long most(
      List<DestinationSample> samples, Function<DestinationSample, @Nullable Long> value) {
    return samples.stream().map(value).filter(Objects::nonNull).max(Long::compare).orElse(null);
  }

  private static <T> double median(
      List<T> samples,
      Duration stands,
      Function<T, Instant> at,
      Predicate<T> counts,
      Function<T, @Nullable Double> value) {
    var spells = new ArrayList<Spell>();
    long all = 0;
    for (int i = 0; i < samples.size(); i++) {
      T sample = samples.get(i);
      Double of = counts.test(sample) ? value.apply(sample) : null;
      if (of != null) {
        Duration stood =
            i + 1 == samples.size()
                ? SampleService.EVERY
                : Duration.between(at.apply(sample), at.apply(samples.get(i + 1)));
        spells.add(new Spell(of, Math.min(stood.toMillis(), stands.toMillis())));
        all += spells.getLast().ms();
      }
    }
    spells.sort(Comparator.comparingDouble(Spell::value));
    long passed = 0;
    for (Spell spell : spells) {
      passed += spell.ms();
      if (2 * passed > all) {
        return spell.value();
      }
    }
    return 0;
  }
}
