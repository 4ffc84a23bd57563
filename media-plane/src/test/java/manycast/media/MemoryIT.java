package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import manycast.db.testing.TestDatabase;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.IngestFigures;
import manycast.media.testing.Clip;
import manycast.media.testing.Encoder;
import manycast.media.testing.Pattern;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.RtmpSink.Behaviour;
import manycast.media.testing.RtmpSink.Visit;
import manycast.media.testing.StrictChunkReader.Message;
import manycast.media.testing.Until;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that may hold 64 MiB of media, and encoders that want more. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class MemoryIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int BOUND = 64 << 20;
  private static final int ALMOST_ALL = 62 << 20;

  private static TestDatabase database;

  @BeforeAll
  static void createDatabase() throws Exception {
    database = TestDatabase.create();
  }

  @AfterAll
  static void dropDatabase() {
    database.close();
  }

  @Test
  void nearItsBoundNoNewPublisherIsTakenAndThoseThatAreLiveGoOn() throws Exception {
    List<Clip.Tag> tags = new Pattern(2_000, 1_000).tags(0, 3_000);
    try (TestNode node = new TestNode(database, BOUND);
        RtmpSink sink = RtmpSink.open(Behaviour.ACCEPT)) {
      node.another("another-key");
      node.rows().addDestination("a place", sink.url(), "k");
      try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
        begin(encoder);
        encoder.sendInRealTime(tags.subList(0, 60));
        sink.await(0, SOON, visit -> visit.media().size() > 20);

        assertThat(node.plane().memory().tryReserve(ALMOST_ALL)).isTrue();
        assertThat(node.plane().notReady()).isEqualTo("the node is full");
        try (Encoder refused = Encoder.publish(node.rtmpPort(), "another-key")) {
          assertThat(refused.answer()).isEqualTo("NetStream.Publish.Rejected");
        }
        encoder.sendInRealTime(tags.subList(60, tags.size()));
        node.plane().memory().release(ALMOST_ALL);

        try (Encoder another = Encoder.accepted(node.rtmpPort(), "another-key")) {
          another.goodbye();
        }
        encoder.goodbye();
        assertThat(sink.await(0, SOON, Visit::ended).media().stream().filter(Pattern::isMedia))
            .hasSize(tags.size());
      }
      Until.isTrue(SOON, "every byte comes back", () -> node.plane().memory().held() == 0);
    }
  }

  @Test
  void endlessGroupsOfSeveralEncodersStayWithinTheBoundAndNobodyIsCutOff() throws Exception {
    Pattern pattern = new Pattern(60_000, 3_600_000);
    List<Clip.Tag> tags = pattern.tags(0, 16_000);
    List<RtmpSink> sinks = new ArrayList<>();
    try (TestNode node = new TestNode(database, BOUND)) {
      List<Thread> sending = new ArrayList<>();
      // A node that two have filled would refuse the third.
      CyclicBarrier allAreAccepted = new CyclicBarrier(3);
      CountDownLatch allAreTold = new CountDownLatch(1);
      AtomicLong most = new AtomicLong();
      List<Exception> cutOff = new CopyOnWriteArrayList<>();
      List<List<IngestFigures.Warning>> warnings = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        RtmpSink sink = RtmpSink.open(Behaviour.ACCEPT);
        sinks.add(sink);
        String key = "key-of-encoder-" + i;
        node.another(key).addDestination("a place", sink.url(), "k");
        sending.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      try (Encoder encoder = Encoder.accepted(node.rtmpPort(), key)) {
                        allAreAccepted.await();
                        begin(encoder);
                        for (Clip.Tag tag : tags) {
                          encoder.send(tag);
                          most.accumulateAndGet(node.plane().memory().held(), Math::max);
                          // 20 times as fast as it would be live: still a stream, no file.
                          Thread.sleep(tag.timestampMs() % 8 == 0 ? 1 : 0);
                        }
                        sink.await(
                            0,
                            SOON,
                            visit ->
                                Pattern.timeOf(visit.media().getLast())
                                    >= tags.getLast().timestampMs() - 33);
                        allAreTold.await();
                        encoder.goodbye();
                      } catch (Exception e) {
                        cutOff.add(e);
                      }
                    }));
      }
      Until.isTrue(
          SOON,
          "whose group lost its front is told",
          () -> {
            warnings.clear();
            for (Broadcast broadcast : node.plane().broadcasts().live()) {
              warnings.add(
                  broadcast
                      .loop()
                      .submit(() -> broadcast.ingest().warnings())
                      .syncUninterruptibly()
                      .getNow());
            }
            return warnings.size() == 3 && !warnings.stream().allMatch(List::isEmpty);
          });
      allAreTold.countDown();
      for (Thread thread : sending) {
        thread.join();
      }
      assertThat(cutOff).isEmpty();
      assertThat(most.get()).isLessThanOrEqualTo(BOUND);
      assertThat(warnings.stream().flatMap(List::stream))
          .isNotEmpty()
          .allMatch(warning -> Set.of("gop_too_large", "node_full").contains(warning.code()));
      for (RtmpSink sink : sinks) {
        Visit visit = sink.await(0, SOON, Visit::ended);
        assertThat(visit.fault()).isNull();
        assertThat(visit.commands()).endsWith("FCUnpublish", "deleteStream");
        List<Message> media = visit.media().stream().filter(Pattern::isMedia).toList();
        assertThat(media.getFirst()).matches(Pattern::isKeyframe);
      }
      Until.isTrue(SOON, "every byte comes back", () -> node.plane().memory().held() == 0);
    } finally {
      for (RtmpSink sink : sinks) {
        sink.close();
      }
    }
  }

  private static void begin(Encoder encoder) throws Exception {
    for (Clip.Tag config : Pattern.configs()) {
      encoder.send(config);
    }
  }
}
