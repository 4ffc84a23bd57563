package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import manycast.db.keys.MediaKeys;
import manycast.db.keys.SecretKey;
import manycast.db.testing.TestDatabase;
import manycast.media.flv.FlvTag;
import manycast.media.loops.AddressPolicy;
import manycast.media.loops.FlushMode;
import manycast.media.loops.Transport;
import manycast.media.settings.Secret;
import manycast.media.settings.Settings;
import manycast.media.testing.Clip;
import manycast.media.testing.Encoder;
import manycast.media.testing.Rows;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.RtmpSink.Visit;
import manycast.media.testing.Until;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a node stops while a broadcast is on. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ShutdownIT {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final int DELAY_MS = 2_000;

  @TempDir static Path folder;
  private static Clip clip;
  private static TestDatabase database;

  private final MediaKeys keys = SecretKey.generate().mediaKeys();
  private final Rows rows;

  ShutdownIT() throws SQLException {
    rows = new Rows(database, keys);
    rows.addKey(TestNode.KEY);
  }

  @BeforeAll
  static void makeClip() throws Exception {
    clip = Clip.make(folder, 6);
    database = TestDatabase.create();
  }

  @AfterAll
  static void dropDatabase() {
    database.close();
  }

  private MediaPlane start(Duration drainTimeout) {
    MediaPlane plane =
        new MediaPlane(
            new Settings(
                new Settings.Addresses(
                    "localhost",
                    URI.create("http://127.0.0.1:20300"),
                    URI.create("http://localhost:20301")),
                new Settings.Ports(0, 0, 0, 0),
                null,
                new Settings.Tls(null, List.of()),
                new Settings.DatabaseAccess(
                    database.url(), TestDatabase.MEDIA, new Secret(database.mediaPassword())),
                keys,
                AddressPolicy.allowEverything(),
                Duration.ofSeconds(45),
                drainTimeout,
                256 << 20,
                FlushMode.IMMEDIATE,
                Transport.best(),
                null,
                List.of()),
            3,
            UnaryOperator.identity(),
            _ -> {});
    Until.isTrue(SOON, "the node is ready", () -> plane.notReady() == null);
    return plane;
  }

  private String text(String sql, Object... parameters) {
    try {
      return String.join(",", rows.texts(sql, parameters));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aDestinationThatStillDrainsWhenTimeIsUpGetsItsGoodbye() throws Exception {
    try (RtmpSink sink = RtmpSink.open(RtmpSink.Behaviour.ACCEPT);
        MediaPlane plane = start(Duration.ofMillis(2_400))) {
      UUID destination = rows.addDestination("a place", sink.url(), "k");
      rows.changeDestination(destination, "delay_ms = " + DELAY_MS);
      try (Encoder encoder = Encoder.accepted(plane.rtmpPort(), TestNode.KEY)) {
        encoder.sendInRealTime(clip.tags());
        sink.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
        plane.close();

        Visit visit = sink.await(0, SOON, Visit::ended);
        assertThat(visit.commands()).endsWith("FCUnpublish", "deleteStream");
        assertThat(text("select state from relay where destination_id = ?", destination))
            .isEqualTo("ended");
        assertThat(text("select end_reason from broadcast where stream_id = ?", rows.stream()))
            .isEqualTo("shutdown");
      }
    }
  }

  @Test
  void theShortestTimeIsEnoughForGoodbyesAndStates() throws Exception {
    try (RtmpSink sink = RtmpSink.open(RtmpSink.Behaviour.ACCEPT);
        MediaPlane plane = start(Duration.ZERO)) {
      UUID destination = rows.addDestination("a place", sink.url(), "k");
      try (Encoder encoder = Encoder.accepted(plane.rtmpPort(), TestNode.KEY)) {
        encoder.sendInRealTime(clip.tags().subList(0, 100));
        sink.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
        plane.close();

        assertThat(sink.await(0, SOON, Visit::ended).commands())
            .endsWith("FCUnpublish", "deleteStream");
        assertThat(text("select state from relay where destination_id = ?", destination))
            .isEqualTo("ended");
        assertThat(text("select end_reason from broadcast where stream_id = ?", rows.stream()))
            .isEqualTo("shutdown");
      }
    }
  }

  @Test
  void aDestinationThatIsDeletedWhenTheNodeStopsGetsItsGoodbyeLikeTheOthers() throws Exception {
    try (RtmpSink deleted = RtmpSink.open(RtmpSink.Behaviour.ACCEPT);
        RtmpSink other = RtmpSink.open(RtmpSink.Behaviour.ACCEPT);
        MediaPlane plane = start(Duration.ofSeconds(10))) {
      UUID gone = rows.addDestination("deleted", deleted.url(), "k");
      UUID stays = rows.addDestination("other", other.url(), "k");
      try (Encoder encoder = Encoder.accepted(plane.rtmpPort(), TestNode.KEY)) {
        encoder.sendInRealTime(clip.tags().subList(0, 100));
        deleted.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
        other.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
        rows.changeDestination(gone, "deleted_at = now()");
        plane.close();

        for (RtmpSink sink : List.of(deleted, other)) {
          assertThat(sink.await(0, SOON, Visit::ended).commands())
              .endsWith("FCUnpublish", "deleteStream");
          assertThat(sink.visits()).hasSize(1);
        }
        for (UUID destination : List.of(gone, stays)) {
          assertThat(text("select state from relay where destination_id = ?", destination))
              .isEqualTo("ended");
        }
        assertThat(text("select end_reason from broadcast where stream_id = ?", rows.stream()))
            .isEqualTo("shutdown");
      }
    }
  }

  @Test
  void anEncoderThatCanIsAskedToConnectAnewBeforeItsConnectionIsClosed() throws Exception {
    try (RtmpSink sink = RtmpSink.open(RtmpSink.Behaviour.ACCEPT);
        MediaPlane plane = start(Duration.ofSeconds(10))) {
      rows.addDestination("a place", sink.url(), "k");
      try (Encoder encoder = Encoder.acceptedAndMovable(plane.rtmpPort(), TestNode.KEY)) {
        encoder.sendInRealTime(clip.tags().subList(0, 60));
        sink.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
        Thread moving = Thread.ofVirtual().start(plane::move);

        assertThat(encoder.answer()).isEqualTo("NetConnection.Connect.ReconnectRequest");
        encoder.goodbye();
        moving.join();
        assertThat(text("select state from broadcast where stream_id = ?", rows.stream()))
            .as("its goodbye did not end the show")
            .isEqualTo("resuming");
        assertThat(sink.await(0, SOON, Visit::ended).commands()).doesNotContain("FCUnpublish");
      }
    }
  }

  @Test
  void aRelayIsAtWorkUntilItsGoodbyeIsTaken() throws Exception {
    try (RtmpSink sink = RtmpSink.open(RtmpSink.Behaviour.ACCEPT);
        MediaPlane plane = start(Duration.ofSeconds(10))) {
      UUID destination = rows.addDestination("a place", sink.url(), "k");
      try (Encoder encoder = Encoder.accepted(plane.rtmpPort(), TestNode.KEY)) {
        encoder.sendInRealTime(clip.tags().subList(0, 100));
        Visit visit = sink.await(0, SOON, seen -> seen.ofType(FlvTag.VIDEO).size() > 5);
        visit.hold(true);
        encoder.goodbye();
        Until.isTrue(
            SOON,
            "the relay has said goodbye",
            () ->
                text("select state from relay where destination_id = ?", destination)
                    .equals("ended"));

        assertThat(plane.relays().isIdle()).as("nobody has taken the goodbye yet").isFalse();
        Until.isTrue(SOON, "nobody waits for it for ever", () -> plane.relays().isIdle());
        visit.hold(false);
      }
    }
  }
}
