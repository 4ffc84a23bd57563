package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import manycast.db.testing.TestDatabase;
import manycast.media.flv.FlvTag;
import manycast.media.relay.RelayReport;
import manycast.media.testing.Clip;
import manycast.media.testing.Encoder;
import manycast.media.testing.Pattern;
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

/**
 * Destinations that get the media later than it arrives, and the place of one show after another.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DelayIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Pattern PATTERN = new Pattern(2_000, 1_000);

  private static TestDatabase database;
  private final List<RtmpSink> sinks = new ArrayList<>();
  private final Map<Integer, Long> sentAt = new ConcurrentHashMap<>();
  private TestNode node;

  @BeforeAll
  static void createDatabase() throws Exception {
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

  private RtmpSink sink() throws IOException {
    RtmpSink sink = RtmpSink.open(Behaviour.ACCEPT);
    sinks.add(sink);
    return sink;
  }

  private UUID addDestination(String name, RtmpSink sink, int delayMs) throws Exception {
    UUID id = node.rows().addDestination(name, sink.url(), "k");
    node.rows().changeDestination(id, "delay_ms = " + delayMs);
    return id;
  }

  @Test
  void eachFrameLeavesWhenItsDelayHasPassedAndTheEndOfTheShowToo() throws Exception {
    RtmpSink direct = sink();
    RtmpSink late = sink();
    addDestination("direct", direct, 0);
    addDestination("late", late, 2_500);
    List<Clip.Tag> tags = PATTERN.tags(0, 4_000);
    try (Encoder encoder = begin()) {
      Thread sending = send(encoder, tags);
      direct.await(0, SOON, visit -> visit.media().size() > 100);
      assertThat(late.visits()).as("nothing is due yet").isEmpty();
      assertThat(delayInForce("late")).isEqualTo(2_500);
      sending.join();
      encoder.goodbye();
    }
    assertThat(times(direct.await(0, SOON, Visit::ended))).isEqualTo(times(tags));
    Visit visit = late.await(0, SOON, Visit::ended);
    assertThat(times(visit)).as("nothing is missing at its end").isEqualTo(times(tags));
    assertThat(visit.commands()).endsWith("FCUnpublish", "deleteStream");
    assertLateBy(2_500, visit);
  }

  @Test
  void whatIsDueIsSentWhileTheEncoderIsAway() throws Exception {
    RtmpSink direct = sink();
    RtmpSink late = sink();
    addDestination("direct", direct, 0);
    addDestination("late", late, 2_000);
    List<Clip.Tag> tags = PATTERN.tags(0, 1_000);
    try (Encoder encoder = begin()) {
      send(encoder, tags).join();
      direct.await(0, SOON, visit -> times(visit).equals(times(tags)));
    }
    Visit visit = late.await(0, SOON, seen -> times(seen).equals(times(tags)));
    assertThat(visit.ended()).as("it waits for the encoder").isFalse();
    assertLateBy(2_000, visit);
  }

  @Test
  void aShowShorterThanTheDelayIsSentAllTheSame() throws Exception {
    RtmpSink late = sink();
    addDestination("late", late, 2_000);
    List<Clip.Tag> tags = PATTERN.tags(0, 1_000);
    try (Encoder encoder = begin()) {
      send(encoder, tags).join();
      encoder.goodbye();
    }
    assertThat(times(late.await(0, SOON, Visit::ended))).isEqualTo(times(tags));
  }

  @Test
  void aLongerDelayReconnectsWhenItsTimeHasComeAndAShorterOneJumpsOnTheSameConnection()
      throws Exception {
    RtmpSink steady = sink();
    RtmpSink changing = sink();
    addDestination("steady", steady, 0);
    UUID id = addDestination("changing", changing, 0);
    List<Clip.Tag> tags = PATTERN.tags(0, 14_000);
    try (Encoder encoder = begin()) {
      Thread sending = send(encoder, tags);
      changing.await(0, SOON, visit -> visit.media().size() > 60);

      node.rows().changeDestination(id, "delay_ms = 3000");
      Visit first = changing.await(0, SOON, Visit::ended);
      assertThat(first.commands()).as("dropped, not ended").doesNotContain("FCUnpublish");
      Visit second = changing.await(1, SOON, visit -> visit.media().size() > 60);
      assertThat(delayInForce("changing")).isEqualTo(3_000);
      assertLateBy(3_000, second);
      List<Message> pictures = pictures(second);
      assertThat(pictures.getFirst()).matches(Pattern::isKeyframe);
      assertThat(Pattern.timeOf(pictures.getFirst()))
          .as("it goes on where it was, a group earlier at most")
          .isLessThanOrEqualTo(Pattern.timeOf(pictures(first).getLast()) + 33);

      node.rows().changeDestination(id, "delay_ms = 0");
      Until.isTrue(SOON, "it is in force", () -> delayInForce("changing") == 0);
      sending.join();
      encoder.goodbye();
      changing.await(1, SOON, Visit::ended);
      assertThat(changing.visits()).hasSize(2);
      int jumps = 0;
      List<Message> after = pictures(second);
      for (int i = 1; i < after.size(); i++) {
        if (Pattern.timeOf(after.get(i)) != Pattern.timeOf(after.get(i - 1)) + 33) {
          jumps++;
          assertThat(after.get(i)).matches(Pattern::isKeyframe);
        }
      }
      assertThat(jumps).isEqualTo(1);
      assertThat(Pattern.timeOf(after.getLast()))
          .isEqualTo(Pattern.timeOf(pictures(steady.await(0, SOON, Visit::ended)).getLast()));
      assertThat(times(steady.visits().getFirst())).isEqualTo(times(tags));
    }
  }

  @Test
  void aNewShowWaitsFiveSecondsForThePlaceOfTheOldAndKeepsItsFirstKeyframe() throws Exception {
    RtmpSink place = sink();
    UUID id = addDestination("place", place, 8_000);
    List<Clip.Tag> tags = PATTERN.tags(0, 9_000);
    try (Encoder encoder = begin()) {
      send(encoder, tags).join();
      place.await(0, SOON, visit -> visit.media().size() > 10);
      encoder.goodbye();
    }
    node.rows().changeDestination(id, "delay_ms = 0");
    List<Clip.Tag> again = PATTERN.tags(0, 8_000);
    try (Encoder encoder = begin()) {
      send(encoder, again).join();
      Visit old = place.await(0, SOON, Visit::ended);
      Visit next = place.await(1, SOON, visit -> visit.media().size() > 10);

      assertThat(times(old)).as("its drain was cut").hasSizeLessThan(tags.size());
      assertThat(old.commands()).endsWith("FCUnpublish", "deleteStream");
      assertThat(next.arrivals().getFirst()).isGreaterThan(old.arrivals().getLast());
      assertThat(Pattern.timeOf(pictures(next).getFirst())).isZero();
      encoder.goodbye();
      assertThat(times(place.await(1, SOON, Visit::ended))).isEqualTo(times(again));
    }
  }

  private Encoder begin() throws IOException {
    Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY);
    for (Clip.Tag config : Pattern.configs()) {
      encoder.send(config);
    }
    return encoder;
  }

  private Thread send(Encoder encoder, List<Clip.Tag> tags) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                long began = System.nanoTime();
                for (Clip.Tag tag : tags) {
                  long waitMs = tag.timestampMs() - (System.nanoTime() - began) / 1_000_000;
                  Thread.sleep(Math.max(0, waitMs));
                  sentAt.put((int) tag.timestampMs(), System.nanoTime());
                  encoder.send(tag);
                }
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private int delayInForce(String name) {
    RelayReport report = node.reports().get(name);
    return report == null ? -1 : report.delayMs();
  }

  /** Never earlier than its delay; one millisecond is lost in rounding at either end. */
  private void assertLateBy(int delayMs, Visit visit) {
    List<Message> media = visit.media();
    List<Long> arrivals = visit.arrivals();
    for (int i = 0; i < media.size(); i++) {
      if (Pattern.isMedia(media.get(i))) {
        long sent = Objects.requireNonNull(sentAt.get(Pattern.timeOf(media.get(i))));
        assertThat((arrivals.get(i) - sent) / 1_000_000).isGreaterThanOrEqualTo(delayMs - 2);
      }
    }
  }

  private static List<Message> pictures(Visit visit) {
    return visit.ofType(FlvTag.VIDEO).stream().filter(Pattern::isMedia).toList();
  }

  private static List<Integer> times(Visit visit) {
    assertThat(visit.fault()).isNull();
    return visit.media().stream().filter(Pattern::isMedia).map(Pattern::timeOf).toList();
  }

  private static List<Integer> times(List<Clip.Tag> tags) {
    return tags.stream().map(tag -> (int) tag.timestampMs()).toList();
  }
}
