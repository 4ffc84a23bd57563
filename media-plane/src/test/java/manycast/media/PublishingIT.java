package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import manycast.db.testing.TestDatabase;
import manycast.media.flv.FlvTag;
import manycast.media.testing.Clip;
import manycast.media.testing.Encoder;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.RtmpSink.Behaviour;
import manycast.media.testing.RtmpSink.Visit;
import manycast.media.testing.StrictChunkReader.Message;
import manycast.media.testing.Until;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The main job on real sockets and a real database: encoders in, destinations out, bit for bit. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PublishingIT {
  private static final Duration SOON = Duration.ofSeconds(10);

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
  void stopNode() throws Exception {
    node.close();
    for (RtmpSink sink : sinks) {
      sink.close();
    }
    assertThat(node.plane().memory().held()).as("media bytes after the end").isZero();
  }

  private RtmpSink sink(Behaviour behaviour) throws Exception {
    RtmpSink sink = RtmpSink.open(behaviour);
    sinks.add(sink);
    return sink;
  }

  @Test
  void carriesWhatRealFfmpegPublishesToThreeDestinationsBitForBit() throws Exception {
    for (int i = 0; i < 3; i++) {
      node.rows()
          .addDestination("place " + i, sink(Behaviour.ACCEPT).url(), "key-" + i + "?a=b&c=d:e");
    }

    Process ffmpeg =
        new ProcessBuilder(
                "ffmpeg",
                "-v",
                "error",
                "-re",
                "-i",
                clip.file().toString(),
                "-c",
                "copy",
                "-f",
                "flv",
                "rtmp://127.0.0.1:" + node.rtmpPort() + "/live/" + TestNode.KEY)
            .inheritIO()
            .start();
    assertThat(ffmpeg.waitFor()).isZero();

    for (int i = 0; i < 3; i++) {
      Visit visit = sinks.get(i).await(0, SOON, Visit::ended);
      assertThat(visit.fault()).isNull();
      assertThat(visit.key()).isEqualTo("key-" + i + "?a=b&c=d:e");
      assertThat(visit.app()).isEqualTo("live");
      assertThat(visit.commands()).endsWith("FCUnpublish", "deleteStream");
      assertCarries(visit, clip.media(FlvTag.VIDEO), clip.media(FlvTag.AUDIO));
    }
  }

  @Test
  void sendsOnlyTheStartWithHeadersOfItsOwn() throws Exception {
    node.rows().addDestination("a", sink(Behaviour.ACCEPT).url(), "k");

    try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
      encoder.sendInRealTime(clip.tags().subList(0, 150));
      encoder.goodbye();
      Visit visit = sinks.getFirst().await(0, SOON, Visit::ended);

      // Five commands, metadata and two codec configs: everything else is shared between
      // destinations.
      int commands = visit.commands().size();
      assertThat(visit.fullHeaders()).isLessThanOrEqualTo(commands + 1 + 3);
    }
  }

  @Test
  void beginsALaterDestinationAtAKeyframeThatIsAlreadyInTheLog() throws Exception {
    node.rows().addDestination("first", sink(Behaviour.ACCEPT).url(), "k");
    List<Clip.Tag> upToSecondKeyframe = new ArrayList<>();
    int keyframes = 0;
    for (Clip.Tag tag : clip.tags()) {
      keyframes += tag.isKeyframe() ? 1 : 0;
      upToSecondKeyframe.add(tag);
      if (keyframes == 2 && tag.type() == FlvTag.VIDEO && !tag.isKeyframe()) {
        break;
      }
    }
    try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
      encoder.sendInRealTime(upToSecondKeyframe);
      sinks.getFirst().await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 30);

      // Nothing more is sent: what the newcomer gets was in the log before it came.
      RtmpSink later = sink(Behaviour.ACCEPT);
      long added = System.nanoTime();
      node.rows().addDestination("later", later.url(), "k");
      Visit visit = later.await(0, SOON, seen -> seen.ofType(FlvTag.VIDEO).size() >= 2);

      assertThat(Duration.ofNanos(System.nanoTime() - added)).isLessThan(Duration.ofSeconds(3));
      List<Message> video = visit.ofType(FlvTag.VIDEO);
      Clip.Tag secondKeyframe =
          clip.media(FlvTag.VIDEO).stream().filter(Clip.Tag::isKeyframe).toList().get(1);
      assertThat(video.get(0).body()[1]).as("the codec config comes first").isZero();
      assertThat(secondKeyframe.equalsMessage(video.get(1))).isTrue();
      assertThat(video.get(1).timestamp()).isZero();
    }
  }

  @Test
  void keepsTheFirstKeyframeForADestinationThatConnectsLate() throws Exception {
    RtmpSink late = sink(Behaviour.CLOSE_AFTER_PUBLISH);
    node.rows().addDestination("late", late.url(), "k");

    try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
      List<Clip.Tag> tags = clip.tags();
      encoder.sendInRealTime(tags.subList(0, 20));
      late.await(0, SOON, Visit::ended);
      late.behave(Behaviour.ACCEPT);
      encoder.sendInRealTime(tags.subList(20, 240));
      encoder.goodbye();

      Visit visit =
          Until.there(
              SOON,
              "a whole visit",
              () ->
                  late.visits().stream()
                      .filter(v -> v.published() && v.ended())
                      .findFirst()
                      .orElse(null),
              late::visits);
      List<Clip.Tag> sent = tags.subList(0, 240);
      assertCarries(
          visit,
          sent.stream().filter(tag -> tag.type() == FlvTag.VIDEO && tag.isMedia()).toList(),
          sent.stream().filter(tag -> tag.type() == FlvTag.AUDIO && tag.isMedia()).toList());
    }
  }

  @Test
  void appliesChangesWhileLiveAndDisturbsNobodyElse() throws Exception {
    RtmpSink steady = sink(Behaviour.ACCEPT);
    RtmpSink changing = sink(Behaviour.ACCEPT);
    node.rows().addDestination("steady", steady.url(), "k");
    var id = node.rows().addDestination("changing", changing.url(), "k");
    try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
      Thread sending = sendInBackground(encoder, clip.tags());
      changing.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);

      node.rows().changeDestination(id, "enabled = false");
      Visit first = changing.await(0, SOON, Visit::ended);
      assertThat(first.commands()).endsWith("FCUnpublish", "deleteStream");

      node.rows().changeDestination(id, "enabled = true");
      changing.await(1, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);

      node.rows().changeDestination(id, "revision = revision + 1");
      Visit third = changing.await(2, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
      assertThat(third.ofType(FlvTag.VIDEO).get(1).body()[0])
          .as("begins at a keyframe")
          .isEqualTo((byte) 0x17);

      node.rows().changeDestination(id, "deleted_at = now()");
      changing.await(2, SOON, Visit::ended);
      sending.join();
      encoder.goodbye();
      Visit undisturbed = steady.await(0, SOON, Visit::ended);
      assertCarries(undisturbed, clip.media(FlvTag.VIDEO), clip.media(FlvTag.AUDIO));
      assertThat(steady.visits()).hasSize(1);
    }
  }

  @Test
  void badDestinationsSayWhyAndDisturbNobody() throws Exception {
    RtmpSink steady = sink(Behaviour.ACCEPT);
    node.rows().addDestination("steady", steady.url(), "k");
    var refusing = node.rows().addDestination("refusing", "rtmp://127.0.0.1:1/live", "k");
    var denying = node.rows().addDestination("denying", sink(Behaviour.DENY).url(), "k");
    var unknown = node.rows().addDestination("unknown", "rtmp://no-such-host.invalid/live", "k");
    node.rows().addDestination("silent", sink(Behaviour.SILENT).url(), "k");

    try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
      encoder.sendInRealTime(clip.tags());
      awaitRelay(refusing.toString(), "retrying", "refused");
      awaitRelay(denying.toString(), "failed", "bad_key");
      awaitRelay(unknown.toString(), "retrying", "dns");
      encoder.goodbye();

      assertCarries(
          steady.await(0, SOON, Visit::ended), clip.media(FlvTag.VIDEO), clip.media(FlvTag.AUDIO));
    }
  }

  @Test
  void aDestinationThatCutsItsConnectionIsOpenedAgainAtAKeyframe() throws Exception {
    RtmpSink sink = sink(Behaviour.ACCEPT);
    var id = node.rows().addDestination("cutting", sink.url(), "k");
    try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
      Thread sending = sendInBackground(encoder, clip.tags());
      sink.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 20).cut();

      Visit second = sink.await(1, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
      assertThat(second.ofType(FlvTag.VIDEO).get(1).body()[0]).isEqualTo((byte) 0x17);
      assertThat(second.ofType(FlvTag.VIDEO).get(1).timestamp()).isZero();
      sending.join();
      encoder.goodbye();
      sink.await(1, SOON, Visit::ended);
      Until.isTrue(
          SOON,
          "one reconnect is written down",
          () ->
              texts("select reconnects from relay where destination_id = ?::uuid", id.toString())
                  .contains("1"));
    }
  }

  @Test
  void refusesWrongRetiredAndDisabledKeysAndASecondPublisher() throws Exception {
    var old = node.rows();
    old.addRetiredKey("the-key-before");
    assertThat(answerTo("the-key-before")).isEqualTo("NetStream.Publish.Denied");
    assertThat(
            texts(
                "select reason from publish_refusal where stream_id = ?::uuid",
                old.stream().toString()))
        .contains("retired_key");
    assertThat(answerTo("no-such-key")).isEqualTo("NetStream.Publish.Denied");

    try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
      Thread sending = sendInBackground(encoder, clip.tags().subList(0, 150));
      assertThat(answerTo(TestNode.KEY)).isEqualTo("NetStream.Publish.BadName");
      sending.join();
      encoder.goodbye();
    }
    assertThat(
            texts(
                "select reason from publish_refusal where stream_id = ?::uuid",
                old.stream().toString()))
        .contains("in_use");
    Until.isTrue(
        SOON,
        "it has ended",
        () ->
            texts(
                    "select end_reason from broadcast where stream_id = ?::uuid",
                    old.stream().toString())
                .contains("encoder"));

    old.changeStream("enabled = false");
    assertThat(answerTo(TestNode.KEY)).isEqualTo("NetStream.Publish.Rejected");
    old.changeStream("enabled = true");
    try (Encoder again = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
      old.changeStream("enabled = false");
      assertThat(again.isClosedByPeer()).isTrue();
    }
    Until.isTrue(
        SOON,
        "it was disabled",
        () ->
            texts(
                    "select end_reason from broadcast where stream_id = ?::uuid",
                    old.stream().toString())
                .contains("disabled"));
  }

  @Test
  void goesToAnotherServerWhereTheDestinationAsksForIt() throws Exception {
    RtmpSink first = sink(Behaviour.ACCEPT);
    RtmpSink second = sink(Behaviour.ACCEPT);
    RtmpSink neighbour = sink(Behaviour.ACCEPT);
    String id = node.rows().addDestination("moving", first.url(), "k?x=y").toString();
    node.rows().addDestination("neighbour", neighbour.url(), "k");
    try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
      Thread sending = sendInBackground(encoder, clip.tags());
      Visit visit = first.await(0, SOON, seen -> seen.ofType(FlvTag.VIDEO).size() > 40);

      RtmpSink.askToReconnect(visit, second.url());

      Visit moved = second.await(0, SOON, seen -> seen.ofType(FlvTag.VIDEO).size() > 10);
      assertThat(moved.key()).isEqualTo("k?x=y");
      assertThat(first.visits()).hasSize(1);
      assertThat(visit.commands()).doesNotContain("FCUnpublish", "deleteStream");
      awaitRelay(id, "live", "reset");
      sending.join();
      encoder.goodbye();
      assertThat(second.await(0, SOON, Visit::ended).fault()).isNull();
      assertCarries(
          neighbour.await(0, SOON, Visit::ended),
          clip.media(FlvTag.VIDEO),
          clip.media(FlvTag.AUDIO));
    }
  }

  @Test
  void endsWhatIsStoppedAtOnceAndDisconnectsTheEncoder() throws Exception {
    RtmpSink sink = sink(Behaviour.ACCEPT);
    node.rows().addDestination("a", sink.url(), "k");
    try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
      encoder.sendInRealTime(clip.tags().subList(0, 60));
      sink.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);

      node.rows()
          .changeStream(
              "stop_broadcast_id = (select id from broadcast where state = 'live' and stream_id = stream.id)");

      assertThat(sink.await(0, SOON, Visit::ended).commands())
          .endsWith("FCUnpublish", "deleteStream");
      assertThat(encoder.isClosedByPeer()).isTrue();
    }
  }

  private void assertCarries(Visit visit, List<Clip.Tag> video, List<Clip.Tag> audio) {
    assertThat(visit.fault()).isNull();
    List<Message> gotVideo =
        visit.ofType(FlvTag.VIDEO).stream().filter(message -> message.body()[1] == 1).toList();
    List<Message> gotAudio =
        visit.ofType(FlvTag.AUDIO).stream().filter(message -> message.body()[1] == 1).toList();
    assertThat(gotVideo).hasSameSizeAs(video);
    assertThat(gotAudio).hasSameSizeAs(audio);
    long zero = video.getFirst().timestampMs();
    assertSame(gotVideo, video, zero);
    assertSame(gotAudio, audio, zero);
  }

  private static void assertSame(List<Message> got, List<Clip.Tag> sent, long zeroMs) {
    for (int i = 0; i < sent.size(); i++) {
      assertThat(sent.get(i).equalsMessage(got.get(i)))
          .as("frame %d, type %d", i, sent.get(i).type())
          .isTrue();
      assertThat(got.get(i).timestamp())
          .as("time of frame %d", i)
          .isEqualTo(sent.get(i).timestampMs() - zeroMs);
    }
  }

  private static Thread sendInBackground(Encoder encoder, List<Clip.Tag> tags) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                encoder.sendInRealTime(tags);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private String answerTo(String key) throws Exception {
    try (Encoder encoder = Encoder.publish(node.rtmpPort(), key)) {
      return encoder.answer();
    }
  }

  private void awaitRelay(String destination, String state, String code) {
    Until.there(
        SOON,
        destination + " is " + state + " " + code,
        () ->
            texts(
                        "select state || ' ' || coalesce(last_error_code, '') from relay where destination_id = ?::uuid",
                        destination)
                    .contains(state + " " + code)
                ? true
                : null,
        () -> texts("select row(r.*)::text from relay r"));
  }

  private List<String> texts(String sql, Object... parameters) {
    try {
      return node.rows().texts(sql, parameters);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
