package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import manycast.control.broadcasts.RelayState;
import manycast.control.destinations.DestinationView;
import manycast.control.live.LiveView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DestinationRowTest {
  private static final UUID ID = UUID.randomUUID();

  @Test
  void saysByHowMuchADestinationIsDelayed() {
    assertThat(DestinationRow.idle(configured(0), "Twitch").delay()).isNull();
    assertThat(DestinationRow.idle(configured(60_000), "Twitch").delay())
        .isEqualTo("delayed by 60 s");
    assertThat(row(0, 0, null, null).delay()).isNull();
    assertThat(row(1_500, 1_500, null, null).delay()).isEqualTo("delayed by 1.5 s");
  }

  @Test
  void saysWhichDelayIsInForceAndWhyItIsNotTheOneThatWasAskedFor() {
    DestinationRow row = row(30_000, 5_000, "This node has no room for that.", null);

    assertThat(row.delay()).isEqualTo("delayed by 5 s, 30 s wanted");
    assertThat(row.why()).isEqualTo("This node has no room for that.");
    assertThat(row.retryable()).isFalse();
  }

  @Test
  void saysWhatTheUserCouldChangeWhileTheDestinationIsLive() {
    DestinationRow row = row(0, 0, "Lower the bitrate to about 3.7 Mbit/s.", null);

    assertThat(row.state()).isEqualTo("live");
    assertThat(row.why()).isEqualTo("Lower the bitrate to about 3.7 Mbit/s.");
    assertThat(row.said()).isNull();
    assertThat(row.next()).isNull();
  }

  @Test
  void saysNothingOfAnErrorThatIsOver() {
    assertThat(row(5_000, 5_000, "The connection was lost.", "reset").why()).isNull();
  }

  @Test
  void saysWhatItsConnectionHoldsUpWhileItIsBehind() {
    var behind =
        new LiveView.Destination(
            ID,
            "A",
            RelayState.LIVE,
            true,
            1_000L,
            1,
            1,
            0,
            0,
            0,
            4_200L,
            180L,
            34L,
            1_500_000L,
            null,
            0,
            null,
            null,
            false,
            null);

    assertThat(DestinationRow.live(configured(0), "Twitch", behind).figures().facts())
        .contains("lag 4.2 s", "RTT 180 ms", "1.50 MB waiting", "34 segments sent again");
    assertThat(row(0, 0, null, null).figures().facts()).noneMatch(fact -> fact.contains("waiting"));
  }

  private static DestinationRow row(
      int configuredMs, int inForceMs, @Nullable String lastError, @Nullable String code) {
    return DestinationRow.live(
        configured(configuredMs),
        "Twitch",
        new LiveView.Destination(
            ID,
            "A",
            RelayState.LIVE,
            false,
            1_000L,
            1,
            1,
            0,
            0,
            0,
            0L,
            1L,
            0L,
            0L,
            null,
            inForceMs,
            lastError,
            code,
            false,
            null));
  }

  private static DestinationView configured(int delayMs) {
    return new DestinationView(
        ID,
        "A",
        "twitch",
        "rtmp://live.example.com/app",
        true,
        delayMs,
        null,
        RelayState.LIVE,
        "0badcafe",
        Instant.EPOCH);
  }
}
