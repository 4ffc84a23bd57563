package manycast.control.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
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

  /** Three days, in which something happened every three minutes. */
  @Test
  void areADayInAllAtTheMostTheOldestMomentsBeingLeftOut() {
    List<Span> spans =
        Span.of(
            FROM,
            at(259_200),
            6,
            IntStream.iterate(90, s -> s < 259_200, s -> s + 180).mapToObj(SpanTest::at));

    assertThat(spans.stream().mapToLong(span -> seconds(span) / 30).sum())
        .isBetween(2_876L, 2_880L);
    assertThat(spans)
        .startsWith(new Span(at(0), at(30)), new Span(at(180), at(210)))
        .contains(new Span(at(259_080), at(259_170)), new Span(at(259_020), at(259_050)));
  }

  private static long seconds(Span span) {
    return Duration.between(span.begins(), span.ends()).toSeconds();
  }

  private static Instant at(int seconds) {
    return FROM.plusSeconds(seconds);
  }
}
