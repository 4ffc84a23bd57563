package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import manycast.db.testing.TestDatabase;
import manycast.media.flv.FlvTag;
import manycast.media.testing.Clip;
import manycast.media.testing.Encoder;
import manycast.media.testing.Rows;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.RtmpSink.Behaviour;
import manycast.media.testing.RtmpSink.Visit;
import manycast.media.testing.Until;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An encoder that is lost and comes back, or is replaced, on three loops. {@code
 * -Dmanycast.repetitions=200} is the long form.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ResumeIT {
  private static final int REPETITIONS = Integer.getInteger("manycast.repetitions", 20);
  private static final int STREAMS = 4;
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir static Path folder;
  private static Clip clip;
  private static TestDatabase database;

  private TestNode node;
  private final List<RtmpSink> sinks = new ArrayList<>();

  @BeforeAll
  static void makeClip() throws Exception {
    clip = Clip.make(folder, 6);
    database = TestDatabase.create();
  }

  @AfterAll
  static void dropDatabase() {
    database.close();
  }

  @BeforeEach
  void startNode() throws Exception {
    node = new TestNode(database);
  }

  @AfterEach
  void everyByteComesBack() throws Exception {
    node.close();
    for (RtmpSink sink : sinks) {
      sink.close();
    }
    assertThat(node.plane().memory().held()).as("media bytes after the end").isZero();
  }

  /** From a keyframe on, configs and metadata before it. */
  private static List<Clip.Tag> leg(int tags) {
    return clip.tags().subList(0, tags);
  }

  private synchronized RtmpSink sinkOf(Rows rows) throws Exception {
    RtmpSink sink = RtmpSink.open(Behaviour.ACCEPT);
    sinks.add(sink);
    rows.addDestination("a place", sink.url(), "k");
    return sink;
  }

  private static void inParallel(List<Callable<Void>> tasks) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> done : threads.invokeAll(tasks)) {
        done.get();
      }
    }
  }

  private List<String> texts(Rows rows, String sql) {
    try {
      return rows.texts(sql, rows.stream());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitBroadcast(Rows rows, String state) {
    Until.there(
        SOON,
        "the broadcast is " + state,
        () ->
            texts(rows, "select state from broadcast where stream_id = ?").contains(state)
                ? true
                : null,
        () -> texts(rows, "select row(b.*)::text from broadcast b where stream_id = ?"));
  }

  @Test
  void goesOnWithTheSameConnectionsHoweverOftenItsEncoderComesBack() throws Exception {
    List<Callable<Void>> streams = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      String key = "resumed-" + i;
      Rows rows = node.another(key);
      List<RtmpSink> places = List.of(sinkOf(rows), sinkOf(rows), sinkOf(rows));
      Random random = new Random(i);
      streams.add(
          () -> {
            resumeAgainAndAgain(rows, key, places, random);
            return null;
          });
    }
    inParallel(streams);
  }

  private void resumeAgainAndAgain(Rows rows, String key, List<RtmpSink> places, Random random)
      throws Exception {
    Legs legs = new Legs();
    int returns = Math.ceilDiv(REPETITIONS, STREAMS);
    for (int i = 0; i < returns; i++) {
      try (Encoder encoder = Encoder.accepted(node.rtmpPort(), key)) {
        legs.send(encoder, leg(20 + random.nextInt(60)));
      }
      Thread.sleep(random.nextInt(300));
    }
    try (Encoder encoder = Encoder.accepted(node.rtmpPort(), key)) {
      legs.send(encoder, leg(100));
      encoder.goodbye();
      for (RtmpSink place : places) {
        Visit visit = place.await(0, SOON, Visit::ended);
        assertThat(place.visits()).as("connections").hasSize(1);
        assertThat(visit.commands()).endsWith("FCUnpublish", "deleteStream");
        legs.verify(visit);
      }
    }
    awaitBroadcast(rows, "ended");
    assertThat(
            texts(
                rows,
                "select concat_ws(' ', end_reason, interruptions) from broadcast where stream_id = ?"))
        .containsExactly("encoder " + returns);
    assertThat(
            texts(
                rows,
                "select count(*) from event where type = 'broadcast.resumed' and stream_id = ?"))
        .containsExactly(String.valueOf(returns));
  }

  @Test
  void oneFrameThatTakesFourSecondsToArriveIsNoSilence() throws Exception {
    String key = "slow-frame";
    Rows rows = node.another(key);
    RtmpSink place = sinkOf(rows);
    try (Encoder slow = Encoder.accepted(node.rtmpPort(), key);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Legs legs = new Legs();
      legs.send(slow, leg(40));
      awaitAll(legs, place);
      Clip.Tag frame =
          clip.tags().stream()
              .skip(40)
              .filter(tag -> tag.type() == FlvTag.VIDEO && tag.body().length > 200)
              .findFirst()
              .orElseThrow();
      Future<?> sending =
          threads.submit(
              () -> {
                slow.sendSlowly(frame, 40, 100);
                return null;
              });
      try (Encoder second = Encoder.publish(node.rtmpPort(), key)) {
        assertThat(second.answer()).isEqualTo("NetStream.Publish.BadName");
      }
      sending.get();
      slow.goodbye();
    }
    awaitBroadcast(rows, "ended");
  }

  @Test
  void anEncoderThatHasGoneSilentIsReplacedAndItsLateGoodbyeChangesNothing() throws Exception {
    List<Callable<Void>> streams = new ArrayList<>();
    for (int i = 0; i < Math.ceilDiv(REPETITIONS, 2); i++) {
      String key = "taken-over-" + i;
      Rows rows = node.another(key);
      RtmpSink place = sinkOf(rows);
      streams.add(
          () -> {
            takeOverTwice(rows, key, place);
            return null;
          });
    }
    inParallel(streams);
  }

  private void takeOverTwice(Rows rows, String key, RtmpSink place) throws Exception {
    Legs legs = new Legs();
    try (Encoder first = Encoder.accepted(node.rtmpPort(), key)) {
      legs.send(first, leg(40));
      awaitAll(legs, place);
      try (Encoder second = Encoder.accepted(node.rtmpPort(), key)) {
        legs.send(second, leg(50));
        awaitAll(legs, place);
        first.goodbye();
        assertThat(first.isClosedByPeer()).isTrue();
        try (Encoder third = Encoder.accepted(node.rtmpPort(), key)) {
          legs.send(third, leg(60));
          third.goodbye();
          legs.verify(place.await(0, SOON, Visit::ended));
          assertThat(place.visits()).hasSize(1);
        }
      }
    }
    awaitBroadcast(rows, "ended");
    assertThat(
            texts(
                rows,
                "select concat_ws(' ', end_reason, interruptions) from broadcast where stream_id = ?"))
        .containsExactly("encoder 2");
  }

  /** Media that is still under way would turn the next encoder away. */
  private static void awaitAll(Legs legs, RtmpSink place) {
    place.await(
        0,
        SOON,
        visit ->
            Legs.media(visit, FlvTag.VIDEO).size() == legs.frames(FlvTag.VIDEO)
                && Legs.media(visit, FlvTag.AUDIO).size() == legs.frames(FlvTag.AUDIO));
  }

  @Test
  void aBroadcastThatNobodyComesBackToEndsAfterItsGrace() throws Exception {
    Rows rows = node.rows();
    rows.changeStream("resume_grace_seconds = 2");
    RtmpSink place = sinkOf(rows);
    try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
      encoder.sendInRealTime(leg(60));
      place.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
    }
    awaitBroadcast(rows, "resuming");
    assertThat(
            texts(
                rows,
                "select resume_until - now() between interval '0 s' and interval '2 s' from broadcast"
                    + " where stream_id = ?"))
        .containsExactly("t");
    assertThat(place.await(0, SOON, Visit::ended).commands())
        .as("the show is over")
        .endsWith("FCUnpublish", "deleteStream");
    awaitBroadcast(rows, "ended");
    assertThat(texts(rows, "select end_reason from broadcast where stream_id = ?"))
        .containsExactly("encoder_lost");
  }

  @Test
  void endsWithItsConnectionWhereTheStreamHasNoGrace() throws Exception {
    Rows rows = node.rows();
    rows.changeStream("resume_grace_seconds = 0");
    RtmpSink place = sinkOf(rows);
    try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
      encoder.sendInRealTime(leg(60));
      place.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
    }
    place.await(0, SOON, Visit::ended);
    awaitBroadcast(rows, "ended");
    assertThat(texts(rows, "select interruptions from broadcast where stream_id = ?"))
        .containsExactly("0");
  }

  @Test
  void aDestinationThatClosesMeanwhileIsNoFailureAndIsOpenedAgainAtTheNewKeyframe()
      throws Exception {
    Rows rows = node.rows();
    RtmpSink place = sinkOf(rows);
    RtmpSink steady = sinkOf(rows);
    Legs legs = new Legs();
    try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
      legs.send(encoder, leg(60));
      place.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
    }
    awaitBroadcast(rows, "resuming");
    place.visits().getFirst().cut();
    Until.isTrue(
        SOON,
        "the destination waits and says nothing of a failure",
        () ->
            texts(
                    rows,
                    "select r.state || coalesce(last_error_code, '') from relay r join broadcast b on b.id = r.broadcast_id"
                        + " where stream_id = ? order by r.state")
                .equals(List.of("idle", "live")));
    try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
      legs.send(encoder, leg(60));
      Visit again = place.await(1, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
      assertThat(Legs.media(again, FlvTag.VIDEO).getFirst().timestamp()).isZero();
      assertThat(
              clip.media(FlvTag.VIDEO)
                  .getFirst()
                  .equalsMessage(Legs.media(again, FlvTag.VIDEO).getFirst()))
          .as("begins with the keyframe of the encoder that came back")
          .isTrue();
      encoder.goodbye();
      place.await(1, SOON, Visit::ended);
      legs.verify(steady.await(0, SOON, Visit::ended));
    }
    assertThat(place.visits()).hasSize(2);
  }

  @Test
  void aNewCodecConfigIsSentOnAndAnUnchangedOneIsNot() throws Exception {
    Rows rows = node.rows();
    RtmpSink place = sinkOf(rows);
    List<Clip.Tag> other = new ArrayList<>();
    for (Clip.Tag tag : leg(60)) {
      if (tag.isConfig() && tag.type() == FlvTag.VIDEO) {
        byte[] body = tag.body().clone();
        body[8] ^= 1; // Another level.
        other.add(new Clip.Tag(tag.type(), tag.timestampMs(), body));
      } else {
        other.add(tag);
      }
    }
    for (List<Clip.Tag> tags : List.of(leg(60), leg(60), other)) {
      try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
        for (Clip.Tag tag : tags) {
          encoder.send(tag);
        }
        // A relay that has not begun when its encoder is lost waits for the next keyframe.
        place.await(0, SOON, seen -> !Legs.media(seen, FlvTag.VIDEO).isEmpty());
      }
    }
    int pictures =
        3
            * (int)
                leg(60).stream().filter(tag -> tag.type() == FlvTag.VIDEO && tag.isMedia()).count();
    Visit visit = place.await(0, SOON, seen -> Legs.media(seen, FlvTag.VIDEO).size() == pictures);
    assertThat(visit.ofType(FlvTag.VIDEO).stream().filter(message -> message.body()[1] == 0))
        .hasSize(2);
    assertThat(visit.ofType(FlvTag.AUDIO).stream().filter(message -> message.body()[1] == 0))
        .hasSize(1);
    assertThat(visit.ofType(FlvTag.SCRIPT)).hasSize(1);
  }

  @Test
  void anEncoderThatSendsNothingForFifteenSecondsIsDisconnectedAndWaitedFor() throws Exception {
    Rows rows = node.rows();
    RtmpSink place = sinkOf(rows);
    Legs legs = new Legs();
    try (Encoder silent = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
      legs.send(silent, leg(60));
      awaitBroadcast(rows, "resuming");
      assertThat(silent.isClosedByPeer()).isTrue();
    }
    try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
      legs.send(encoder, leg(60));
      awaitBroadcast(rows, "live");
      encoder.goodbye();
      legs.verify(place.await(0, SOON, Visit::ended));
    }
  }

  @Test
  void anEncoderComesBackWhileTheDatabaseIsAway() throws Exception {
    try (TestDatabase alone = TestDatabase.createAlone();
        TestNode cutOff = new TestNode(alone);
        RtmpSink place = RtmpSink.open(Behaviour.ACCEPT)) {
      Rows rows = cutOff.rows();
      rows.addDestination("a place", place.url(), "k");
      Legs legs = new Legs();
      try (Encoder encoder = Encoder.accepted(cutOff.rtmpPort(), TestNode.KEY)) {
        legs.send(encoder, leg(60));
        place.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
        // A test server writes behind: this has it write what was claimed.
        alone.execute("set synchronous_commit = on; update stream set name = name");
        alone.kill();
      }
      try (Encoder encoder = Encoder.accepted(cutOff.rtmpPort(), TestNode.KEY)) {
        legs.send(encoder, leg(60));
        place.await(
            0, SOON, visit -> Legs.media(visit, FlvTag.VIDEO).size() == legs.frames(FlvTag.VIDEO));
        alone.start();
        cutOff.ready(SOON);
        String told =
            "select type from event where type like 'broadcast.%' and stream_id = ? order by xact, seq";
        List<String> all =
            List.of("broadcast.started", "broadcast.interrupted", "broadcast.resumed");
        Until.there(
            SOON,
            "what happened is told when it is back",
            () -> texts(rows, told).equals(all) ? true : null,
            () -> texts(rows, told));
        awaitBroadcast(rows, "live");
        encoder.goodbye();
        legs.verify(place.await(0, SOON, Visit::ended));
      }
    }
  }

  @Test
  void aKeyThatWasReplacedDoesNotComeBack() throws Exception {
    Rows rows = node.rows();
    RtmpSink place = sinkOf(rows);
    try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
      encoder.sendInRealTime(leg(60));
      place.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
    }
    awaitBroadcast(rows, "resuming");
    rows.replaceKey(TestNode.KEY, "the-new-key");
    Until.isTrue(SOON, "the old key is refused", () -> answerTo(TestNode.KEY).endsWith("Denied"));
    try (Encoder encoder = Encoder.accepted(node.rtmpPort(), "the-new-key")) {
      encoder.sendInRealTime(leg(60));
      awaitBroadcast(rows, "live");
      assertThat(texts(rows, "select count(*) from broadcast where stream_id = ?"))
          .containsExactly("1");
    }
  }

  private String answerTo(String key) {
    try (Encoder encoder = Encoder.publish(node.rtmpPort(), key)) {
      return encoder.answer();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void stoppingABroadcastThatWaitsEndsItAtOnce() throws Exception {
    Rows rows = node.rows();
    RtmpSink place = sinkOf(rows);
    try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
      encoder.sendInRealTime(leg(60));
      place.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
    }
    awaitBroadcast(rows, "resuming");
    rows.changeStream(
        "stop_broadcast_id = (select id from broadcast where state <> 'ended' and stream_id = stream.id)");
    assertThat(place.await(0, SOON, Visit::ended).commands())
        .endsWith("FCUnpublish", "deleteStream");
    awaitBroadcast(rows, "ended");
    assertThat(texts(rows, "select end_reason from broadcast where stream_id = ?"))
        .containsExactly("stopped");
  }
}
