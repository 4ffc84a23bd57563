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
import manycast.control.samples.SampleService;
import org.jspecify.annotations.Nullable;

/**
 * How a broadcast mostly was: medians over its time, so that what went wrong for a while does not
 * hide itself, however many samples tell of that while. 0 where nothing was measured.
 */
record Usual(double bitrateBps, double frameRate, double jitterMs) {
  /** A sample stands until the next one, but for no longer than this: then nothing is known. */
  private static final Duration LONGEST = Duration.ofMinutes(15);

  /** A value, and for how long it was. */
  private record Spell(double value, long ms) {}

  static Usual of(List<IngestSample> samples) {
    return new Usual(
        median(samples, IngestSample::at, Usual::isLive, sample -> (double) sample.bitrateBps()),
        median(samples, IngestSample::at, Usual::isLive, IngestSample::frameRate),
        median(samples, IngestSample::at, Usual::isLive, IngestSample::jitterMs));
  }

  private static boolean isLive(IngestSample sample) {
    return sample.state() == BroadcastState.LIVE && sample.bitrateBps() > 0;
  }

  /** The usual round trip time to a destination, in milliseconds. */
  static double rttMs(Story story, UUID destination) {
    return median(
        story.of(destination, story.startedAt(), null),
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
        spells.add(new Spell(of, Math.min(stood.toMillis(), LONGEST.toMillis())));
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
