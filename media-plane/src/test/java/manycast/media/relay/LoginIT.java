package manycast.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.EndReason;
import manycast.media.loops.Transport;
import manycast.media.testing.Gatekeeper;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.RtmpSink.Behaviour;
import manycast.media.testing.RtmpSink.Visit;
import manycast.media.testing.Until;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Destinations that ask who publishes. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class LoginIT {
  private static final Duration SOON = Duration.ofSeconds(15);

  @ParameterizedTest
  @ValueSource(strings = {"adobe", "llnw"})
  void aServerThatAsksIsToldInThreeConnectionsAndThenSentTo(String mode) throws Exception {
    try (RtmpSink sink = RtmpSink.open(Behaviour.ACCEPT);
        RelayedBroadcasts broadcasts = new RelayedBroadcasts(Transport.best())) {
      sink.ask(new Gatekeeper(mode, "ann@home", "s3:cret"));
      Broadcast broadcast = broadcasts.open(sink.url().replace("://", "://ann%40home:s3:cret@"), 1);
      send(broadcasts, broadcast);
      Until.isTrue(SOON, "it is live", () -> broadcasts.live(broadcast) == 1);

      assertThat(sink.visits()).hasSize(3);
      Visit last = sink.visits().getLast();
      assertThat(last.commands())
          .containsExactly("connect", "releaseStream", "FCPublish", "createStream", "publish");
      assertThat(last.key()).isEqualTo("k0");
      assertThat(sink.visits().getFirst().app()).isEqualTo("live");
      broadcast.end(EndReason.ENCODER);
      sink.await(2, SOON, Visit::ended);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "adobe, ann:wrong@, login_refused, 3",
    "adobe, bob:s3cret@, login_refused, 2",
    "llnw, ann:wrong@, login_refused, 3",
    "adobe, '', login_needed, 1"
  })
  void whatTheServerDoesNotTakeIsAFailureForGood(
      String mode, String login, String code, int connections) throws Exception {
    try (RtmpSink sink = RtmpSink.open(Behaviour.ACCEPT);
        RelayedBroadcasts broadcasts = new RelayedBroadcasts(Transport.best())) {
      sink.ask(new Gatekeeper(mode, "ann", "s3cret"));
      Broadcast broadcast = broadcasts.open(sink.url().replace("://", "://" + login), 1);
      send(broadcasts, broadcast);
      Until.isTrue(
          SOON,
          "it has failed",
          () -> broadcasts.reports(broadcast).getFirst().state() == RelayState.FAILED);

      RelayReport report = broadcasts.reports(broadcast).getFirst();
      assertThat(report.lastErrorCode()).isEqualTo(code);
      assertThat(report.lastError()).doesNotContain("wrong").doesNotContain("s3cret");
      assertThat(sink.visits()).hasSize(connections);
      broadcast.end(EndReason.ENCODER);
    }
  }

  @Test
  void whoeverIsNotAskedTellsNothing() throws Exception {
    try (RtmpSink sink = RtmpSink.open(Behaviour.ACCEPT);
        RelayedBroadcasts broadcasts = new RelayedBroadcasts(Transport.best())) {
      Broadcast broadcast = broadcasts.open(sink.url().replace("://", "://ann:s3cret@"), 1);
      send(broadcasts, broadcast);
      Visit visit = sink.await(0, SOON, Visit::published);
      assertThat(visit.app()).isEqualTo("live");
      broadcast.end(EndReason.ENCODER);
    }
  }

  private static void send(RelayedBroadcasts broadcasts, Broadcast broadcast) {
    broadcast
        .loop()
        .submit(
            () -> {
              broadcast.append(broadcasts.frame(0, 100), Broadcast.nowMs());
              broadcast.offer(Broadcast.nowMs());
            })
        .syncUninterruptibly();
  }
}
