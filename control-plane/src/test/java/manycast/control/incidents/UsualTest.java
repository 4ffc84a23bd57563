package manycast.control.incidents;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import manycast.control.broadcasts.BroadcastState;
import manycast.control.samples.IngestSample;
import manycast.control.samples.Measured;
import manycast.control.samples.SampleService;
import org.junit.jupiter.api.Test;

class UsualTest {
  private static final Instant BEGAN = Instant.parse("2026-01-01T20:00:00Z");

  @Test
  void aSampleStandsForTheTimeUntilTheNextOnlyWhereOthersWereLeftOut() {
    List<IngestSample> samples =
        Stream.concat(
                Stream.of(0, 10, 20, 30, 670, 680).map(second -> sample(second, 6_000_000)),
                Stream.of(sample(40, 1_000_000)))
            .sorted((a, b) -> a.at().compareTo(b.at()))
            .toList();

    assertThat(bitrate(samples, SampleService.GAP))
        .as("nothing came after it")
        .isEqualTo(6_000_000);
    assertThat(bitrate(samples, Duration.ofMinutes(15))).as("it was picked").isEqualTo(1_000_000);
  }

  private static double bitrate(List<IngestSample> samples, Duration stands) {
    return Usual.of(new Measured(samples, List.of(), stands)).bitrateBps();
  }

  private static IngestSample sample(int second, long bitrateBps) {
    return new IngestSample(
        BEGAN.plusSeconds(second),
        "node-1",
        BroadcastState.LIVE,
        bitrateBps,
        second * 30L,
        0,
        5L,
        30.0,
        2_000,
        3.0,
        0,
        0.1,
        0L,
        0.1);
  }
}
