package manycast.control.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import manycast.control.live.RecentRates.Rate;
import manycast.control.nodes.NodeAnswer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RecentRatesTest {
  private static final Instant BEGIN = Instant.parse("2026-11-25T20:00:00Z");
  private static final UUID BROADCAST = UUID.randomUUID();
  private static final UUID DESTINATION = UUID.randomUUID();

  private final RecentRates rates = new RecentRates();

  @Test
  void givesTheMeanOfEachStepThatIsOver() {
    heard(0, 1_000L, "live", 900L);
    heard(1, 3_000L, "live", 1_100L);
    heard(5, 7_000L, "live", 0L);
    heard(10, 9_000L, "live", 0L);

    assertThat(at(11).ingest()).containsExactly(rate(0, 2_000), rate(5, 7_000));
    assertThat(at(11).destinations().get(DESTINATION)).containsExactly(rate(0, 1_000), rate(5, 0));
  }

  @Test
  void leavesOutWhatNobodyKnowsAndCallsNothingWhatIsNotSent() {
    heard(0, null, "retrying", null);
    heard(5, 1_000L, "live", null);

    assertThat(at(10).ingest()).containsExactly(rate(5, 1_000));
    assertThat(at(10).destinations().get(DESTINATION)).containsExactly(rate(0, 0));
  }

  @Test
  void goesBackFiveMinutesOverGaps() {
    heard(0, 1L, "live", 1L);
    heard(5, 2L, "live", 1L);
    heard(200, 3L, "live", 1L);

    assertThat(at(302).ingest()).containsExactly(rate(0, 1), rate(5, 2), rate(200, 3));
    assertThat(at(305).ingest()).containsExactly(rate(5, 2), rate(200, 3));
  }

  @Test
  void forgetsABroadcastThatIsNotHeardOfForFiveMinutes() {
    heard(0, 1L, "live", 1L);

    rates.heard(new NodeAnswer("n", BEGIN.plusSeconds(301), List.of()), BEGIN.plusSeconds(301));

    assertThat(rates.of(BROADCAST, BEGIN.plusSeconds(10))).isEqualTo(RecentRates.Rates.NONE);
  }

  private RecentRates.Rates at(long second) {
    return rates.of(BROADCAST, BEGIN.plusSeconds(second));
  }

  private static Rate rate(long second, long bitrateBps) {
    return new Rate(BEGIN.plusSeconds(second), bitrateBps);
  }

  private void heard(long second, @Nullable Long in, String state, @Nullable Long out) {
    Instant at = BEGIN.plusSeconds(second);
    String json =
        """
        {"nodeId": "n", "asOf": "%s", "broadcasts": [{"broadcastId": "%s", "streamId": "%s", "epoch": 1, "state": "live",
         "ingest": {"bitrateBps": %s}, "destinations": [{"id": "%s", "state": "%s", "behind": false, "bitrateBps": %s,
          "bytesSent": 0, "framesSent": 0, "framesDropped": 0, "skips": 0, "reconnects": 0, "permanent": false}]}]}"""
            .formatted(at, BROADCAST, BROADCAST, in, DESTINATION, state, out);
    rates.heard(JsonMapper.builder().build().readValue(json, NodeAnswer.class), at);
  }
}
