package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import manycast.db.testing.TestDatabase;
import manycast.media.flv.FlvTag;
import manycast.media.relay.RelayReport;
import manycast.media.relay.RelayState;
import manycast.media.settings.Settings;
import manycast.media.testing.Authority;
import manycast.media.testing.Clip;
import manycast.media.testing.Encoder;
import manycast.media.testing.Pattern;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.RtmpSink.Behaviour;
import manycast.media.testing.RtmpSink.Visit;
import manycast.media.testing.StrictChunkReader.Message;
import manycast.media.testing.Until;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Destinations that misbehave in every way at once, beside two that do not. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class IsolationIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** Three times as long as promised: a machine that runs tests may have more to do. */
  private static final Duration BEHIND_AT_MOST = Duration.ofSeconds(12);

  private static final int SMALL_BUFFER = 64 << 10;
  private static final int SHOW_MS = 36_000;

  private static TestDatabase database;
  private final List<RtmpSink> sinks = new ArrayList<>();
  private @Nullable SSLContext tls;

  @BeforeAll
  static void createDatabase() throws Exception {
    database = TestDatabase.create();
  }

  @AfterAll
  static void dropDatabase() {
    database.close();
  }

  private RtmpSink sink(Behaviour behaviour) throws IOException {
    RtmpSink sink = RtmpSink.openWithBuffer(behaviour, SMALL_BUFFER, tls);
    sinks.add(sink);
    return sink;
  }

  @Test
  void eachBadDestinationSuffersAloneAndIsCounted() throws Exception {
    eachBadOneSuffersAlone(new Settings.Tls(null, List.of()));
  }

  @Test
  void andSoItIsOverTls() throws Exception {
    Authority authority = new Authority();
    tls = authority.vouchFor("127.0.0.1").server();
    eachBadOneSuffersAlone(new Settings.Tls(null, List.of(authority.certificate())));
  }

  private void eachBadOneSuffersAlone(Settings.Tls settings) throws Exception {
    Pattern pattern = new Pattern(12_000, 1_000);
    List<Clip.Tag> tags = pattern.tags(0, SHOW_MS);
    RtmpSink steady = sink(Behaviour.ACCEPT);
    RtmpSink neighbour = sink(Behaviour.ACCEPT);
    RtmpSink stumbling = sink(Behaviour.ACCEPT);
    RtmpSink stalling = sink(Behaviour.ACCEPT);
    RtmpSink slow = sink(Behaviour.ACCEPT);
    slow.pace(pattern.bytesPerSecond() * 45 / 100);
    RtmpSink resetting = sink(Behaviour.ACCEPT);
    RtmpSink lying = sink(Behaviour.LIE);
    try (TestNode node = new TestNode(database, settings)) {
      node.rows().addDestination("steady", steady.url(), "k");
      node.rows().addDestination("stumbling", stumbling.url(), "k");
      UUID stallingId = node.rows().addDestination("stalling", stalling.url(), "k");
      UUID slowId = node.rows().addDestination("slow", slow.url(), "k");
      node.rows().addDestination("resetting", resetting.url(), "k");
      node.rows().addDestination("half-open", sink(Behaviour.SILENT).url(), "k");
      node.rows().addDestination("refusing", sink(Behaviour.CLOSE_AFTER_PUBLISH).url(), "k");
      node.rows().addDestination("lying", lying.url(), "k");
      node.rows().addDestination("neighbour", neighbour.url(), "k");
      try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
        for (Clip.Tag config : Pattern.configs()) {
          encoder.send(config);
        }
        Thread sending = send(encoder, tags);
        Visit stumbled = stumbling.await(0, SOON, seen -> seen.media().size() > 60);
        Visit stalled = stalling.await(0, SOON, seen -> seen.media().size() > 60);
        Visit reset = resetting.await(0, SOON, seen -> seen.media().size() > 60);
        stumbled.hold(true);
        stalled.hold(true);
        long heldAt = System.nanoTime();
        reset.cut();

        await(node, "stumbling", RelayReport::behind);
        await(node, "stalling", report -> report.behind() && report.state() == RelayState.LIVE);
        assertThat(Duration.ofNanos(System.nanoTime() - heldAt))
            .as("three seconds from when the socket takes nothing, a second before that")
            .isLessThan(BEHIND_AT_MOST);
        await(node, "stumbling", report -> Objects.requireNonNull(report.lagMs()) > 5_000);
        stumbled.hold(false);
        Until.isTrue(SOON, "it is read again", () -> stumbled.media().size() > 200);
        await(node, "stalling", report -> "stalled".equals(report.lastErrorCode()));
        await(node, "stalling", report -> report.reconnects() == 1);
        assertThat(node.plane().memory().held())
            .as("ten seconds, each byte and its image, and what is being written")
            .isLessThan(pattern.bytesPerSecond() * 10L * 2 + (2 << 20));
        await(
            node,
            "slow",
            report ->
                report.state() == RelayState.LIVE
                    && String.valueOf(report.lastError()).contains("Lower the bitrate to about")
                    && report.lastErrorCode() == null);
        node.rows().changeDestination(slowId, "enabled = false");
        Until.isTrue(
            SOON,
            "what the log holds is back to a group",
            () -> node.plane().memory().held() < pattern.bytesPerSecond() * 2L * 2);
        Map<String, RelayReport> reports = node.reports();
        sending.join();
        encoder.goodbye();

        assertThat(all(steady.await(0, SOON, Visit::ended))).isEqualTo(times(tags));
        assertThat(all(neighbour.await(0, SOON, Visit::ended))).isEqualTo(times(tags));
        assertThat(all(lying.await(0, SOON, Visit::ended))).isEqualTo(times(tags));
        assertThat(List.of(steady.visits(), neighbour.visits(), lying.visits()))
            .allMatch(visits -> visits.size() == 1);
        assertThat(reports.get("steady")).matches(r -> r.skips() == 0 && r.framesDropped() == 0);

        assertThat(stumbling.visits()).as("the same connection").hasSize(1);
        int lost = lostBySkips(stumbling.await(0, SOON, Visit::ended));
        assertThat(lost).isPositive();
        assertThat(frames(node, "stumbling", "frames_dropped")).isEqualTo(lost);
        assertThat(frames(node, "stumbling", "skips")).isPositive();
        assertThat(frames(node, "stumbling", "frames_due - frames_sent"))
            .as("what was skipped is what was due and is missing")
            .isEqualTo(lost);

        stalled.hold(false);
        assertThat(stalling.visits()).hasSize(2);
        Visit second = stalling.await(1, SOON, Visit::ended);
        assertThat(firstPicture(second)).matches(Pattern::isKeyframe);
        assertThat(lostBySkips(second)).isZero();
        assertThat(events(node, stallingId))
            .containsSubsequence(
                "destination.live",
                "destination.behind",
                "destination.retrying",
                "destination.live",
                "destination.ended");

        assertThat(slow.visits()).hasSize(1);
        assertThat(lostBySkips(slow.await(0, SOON, Visit::ended))).isPositive();
        assertThat(firstPicture(resetting.await(1, SOON, Visit::ended)))
            .matches(Pattern::isKeyframe);
        assertThat(frames(node, "resetting", "reconnects")).isEqualTo(1);
        assertThat(reports.get("half-open")).matches(r -> "timeout".equals(r.lastErrorCode()));
        assertThat(reports.get("refusing"))
            .matches(r -> "closed_early".equals(r.lastErrorCode()) && r.framesSent() >= 0);
        assertThat(frames(node, "steady", "frames_sent")).isEqualTo(tags.size());
        assertThat(frames(node, "steady", "frames_due")).isEqualTo(tags.size());
        assertThat(frames(node, "resetting", "frames_due"))
            .as("all, and again what was sent again from the keyframe on")
            .isGreaterThanOrEqualTo(tags.size());
        assertThat(frames(node, "resetting", "frames_due - frames_sent"))
            .as("a socket takes a little that never arrives")
            .isBetween(0, missedBy(resetting, tags));
        assertThat(frames(node, "stalling", "frames_due - frames_sent"))
            .isBetween(1, missedBy(stalling, tags));
      }
      Until.isTrue(SOON, "every byte comes back", () -> node.plane().memory().held() == 0);
    } finally {
      for (RtmpSink sink : sinks) {
        sink.close();
      }
    }
  }

  private static Thread send(Encoder encoder, List<Clip.Tag> tags) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                encoder.sendInRealTime(tags);
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private static void await(TestNode node, String name, Predicate<RelayReport> wanted) {
    Until.there(
        SOON,
        name,
        () -> {
          RelayReport report = node.reports().get(name);
          return report != null && wanted.test(report) ? report : null;
        },
        () -> String.valueOf(node.reports().get(name)));
  }

  private static List<Integer> times(List<Clip.Tag> tags) {
    return tags.stream().map(tag -> (int) tag.timestampMs()).toList();
  }

  /** When each access unit was sent by the encoder, after a look at its time on the wire. */
  private static List<Integer> all(Visit visit) {
    assertThat(visit.fault()).isNull();
    List<Integer> times = new ArrayList<>();
    for (Message message : visit.media()) {
      if (Pattern.isMedia(message)) {
        assertThat(message.timestamp()).isEqualTo(Pattern.timeOf(message));
        times.add(Pattern.timeOf(message));
      }
    }
    return times;
  }

  private static Message firstPicture(Visit visit) {
    return visit.ofType(FlvTag.VIDEO).stream().filter(Pattern::isMedia).findFirst().orElseThrow();
  }

  /**
   * How many access units are missing in between; they must be whole groups, the sound with them.
   */
  private static int lostBySkips(Visit visit) {
    int pictures = 0;
    int lastPicture = -1;
    int lastSound = -1;
    int lost = 0;
    for (Message message : visit.media()) {
      if (!Pattern.isMedia(message)) {
        continue;
      }
      int time = Pattern.timeOf(message);
      if (message.type() == FlvTag.VIDEO) {
        if (lastPicture >= 0 && time != lastPicture + 33) {
          assertThat(message).as("after a gap at %d", time).matches(Pattern::isKeyframe);
          assertThat(lastSound).as("no sound of the gap").isLessThanOrEqualTo(lastPicture + 100);
          lost += (time - lastPicture) / 33 - 1;
        }
        lastPicture = time;
        pictures++;
      } else {
        if (lastSound >= 0) {
          lost += (time - lastSound) / 21 - 1;
        }
        lastSound = time;
      }
    }
    assertThat(pictures).isPositive();
    return lost;
  }

  /** How many access units came to this place over none of its connections. */
  private static int missedBy(RtmpSink place, List<Clip.Tag> tags) {
    Set<String> came =
        place.visits().stream()
            .flatMap(visit -> visit.media().stream())
            .filter(Pattern::isMedia)
            .map(message -> message.type() + " " + Pattern.timeOf(message))
            .collect(Collectors.toSet());
    return (int)
        tags.stream().filter(tag -> !came.contains(tag.type() + " " + tag.timestampMs())).count();
  }

  private static int frames(TestNode node, String name, String column) throws SQLException {
    return Integer.parseInt(
        node.rows()
            .texts(
                "select r."
                    + column
                    + " from relay r join destination d on d.id = r.destination_id where d.stream_id = ? and d.name = ?",
                node.rows().stream(),
                name)
            .getFirst());
  }

  private static List<String> events(TestNode node, UUID destination) throws SQLException {
    return node.rows()
        .texts("select type from event where destination_id = ? order by seq", destination);
  }
}
