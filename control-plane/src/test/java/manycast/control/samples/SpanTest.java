package manycast.control.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SpanTest {
  private static final Instant FROM = Instant.parse("2026-11-26T12:00:00Z");

  @Test
  void areOneHalfMinuteOfEverySoManyAndThoseAroundEachMoment() {
    List<Span> spans = Span.of(FROM, at(600), 5, Stream.of(at(0), at(245), at(250), at(365)));

    assertThat(spans)
        .containsExactly(
            new Span(at(-30), at(60)),
            new Span(at(150), at(180)),
            new Span(at(210), at(420)),
            new Span(at(450), at(480)),
            new Span(at(600), at(630)));
  }

  private static Instant at(int seconds) {
    return FROM.plusSeconds(seconds);
  }
}
