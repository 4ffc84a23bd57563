package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import manycast.control.incidents.Hop;
import manycast.control.incidents.Incident;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final Instant BEGIN = Instant.parse("2026-11-25T20:00:00Z");
  private static final UUID TWITCH = UUID.randomUUID();

  @Test
  void placesEachIncidentOnTheLaneOfTheWholeBroadcast() {
    Timeline timeline =
        Timeline.of(
            BEGIN,
            List.of(incident(100, 200L, null), incident(250, null, TWITCH)),
            Map.of(TWITCH, "Twitch"),
            BEGIN.plusSeconds(499));

    assertThat(timeline.lines())
        .extracting(Timeline.Line::x, Timeline.Line::width, Timeline.Line::lasted)
        .containsExactly(tuple(490, 510, null), tuple(196, 196, "1 min 40 s"));
    assertThat(timeline.lines().getFirst().destination()).isEqualTo("Twitch");
    assertThat(timeline.lines().getFirst().evidence()).isEqualTo("one; two");
  }

  @Test
  void keepsAShortIncidentVisibleAndOnTheLane() {
    Timeline timeline =
        Timeline.of(BEGIN, List.of(incident(3599, 3600L, null)), Map.of(), BEGIN.plusSeconds(3599));

    Timeline.Line line = timeline.lines().getFirst();
    assertThat(line.width()).isEqualTo(6);
    assertThat(line.x() + line.width()).isLessThanOrEqualTo(Timeline.LANE);
  }

  @Test
  void isTheSameUntilTheLaneGrows() {
    List<Incident> incidents = List.of(incident(10, null, null));

    assertThat(Timeline.of(BEGIN, incidents, Map.of(), BEGIN.plusSeconds(61)))
        .isEqualTo(Timeline.of(BEGIN, incidents, Map.of(), BEGIN.plusSeconds(89)))
        .isNotEqualTo(Timeline.of(BEGIN, incidents, Map.of(), BEGIN.plusSeconds(90)));
  }

  @Test
  void tellsAllOfABroadcastThatIsOverOnALaneThatEndsWithIt() {
    Timeline timeline =
        Timeline.ofWhole(
            BEGIN,
            BEGIN.plusSeconds(1_000),
            List.of(incident(100, 200L, null), incident(750, null, TWITCH)),
            Map.of(TWITCH, "Twitch"));

    assertThat(timeline.untilText()).isEqualTo("20:16:40 UTC");
    assertThat(timeline.lines())
        .extracting(Timeline.Line::x, Timeline.Line::width, Timeline.Line::lasted)
        .as("what was never over ended with the broadcast")
        .containsExactly(tuple(750, 250, "4 min 10 s"), tuple(100, 100, "1 min 40 s"));
  }

  @Test
  void listsTheNewestAndCountsTheOthers() {
    List<Incident> incidents =
        IntStream.range(0, 20).mapToObj(i -> incident(i, i + 1L, null)).toList();

    Timeline timeline = Timeline.of(BEGIN, incidents, Map.of(), BEGIN.plusSeconds(60));

    assertThat(timeline.lines()).hasSize(12);
    assertThat(timeline.more()).isEqualTo(8);
    assertThat(timeline.lines().getFirst().at()).isEqualTo(BEGIN.plusSeconds(19));
  }

  private static org.assertj.core.groups.Tuple tuple(long x, long width, @Nullable String lasted) {
    return org.assertj.core.groups.Tuple.tuple(x, width, lasted);
  }

  private static Incident incident(long from, @Nullable Long to, @Nullable UUID destination) {
    return new Incident(
        BEGIN.plusSeconds(from),
        to == null ? null : BEGIN.plusSeconds(to),
        Hop.ROUTE,
        destination,
        "It happened.",
        List.of("one", "two"));
  }
}
