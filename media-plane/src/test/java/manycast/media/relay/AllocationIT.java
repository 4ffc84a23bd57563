package manycast.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.EndReason;
import manycast.media.frame.Frame;
import manycast.media.loops.Transport;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.RtmpSink.Behaviour;
import manycast.media.testing.RtmpSink.Visit;
import manycast.media.testing.Until;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a frame costs on the heap on its way to real sockets. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AllocationIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int WARM_UP = 100;
  private static final int MEASURED = 100;
  private static final int FRAME_BYTES = 2_000;

  private ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();

  /** The detector allocates for every buffer, and for each time that one is touched. */
  @BeforeEach
  void detectNoLeaks() {
    level = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
  }

  @AfterEach
  void detectLeaksAgain() {
    ResourceLeakDetector.setLevel(level);
  }

  @Test
  void aFrameAllocatesNothingForEachDestination() throws Exception {
    long forOne = bytesPerFrame(1);
    long forMany = bytesPerFrame(100);

    assertThat(forOne).as("a frame and its place in the log").isPositive();
    assertThat(forMany - forOne).as("for 99 more destinations").isLessThan(99);
  }

  /**
   * The least over many frames of what appending and sending one allocated on the loop: while
   * readers are slow more buffers are under way, and more of Netty's objects are made for them.
   */
  private static long bytesPerFrame(int destinations) throws IOException {
    try (RtmpSink sink = RtmpSink.open(Behaviour.ACCEPT);
        RelayedBroadcasts broadcasts = new RelayedBroadcasts(Transport.best())) {
      Broadcast broadcast = broadcasts.open(sink, destinations);
      send(broadcast, broadcasts.frame(0, FRAME_BYTES));
      Until.isTrue(SOON, "all are live", () -> broadcasts.live(broadcast) == destinations);
      int first = 1 + WARM_UP;
      long least =
          IntStream.range(1, first + MEASURED)
              .mapToLong(i -> send(broadcast, broadcasts.frame(i, FRAME_BYTES)))
              .skip(WARM_UP)
              .min()
              .orElseThrow();
      broadcast.end(EndReason.ENCODER);
      Until.isTrue(SOON, "all are over", () -> sink.visits().stream().allMatch(Visit::ended));
      assertThat(sink.visits())
          .as("every destination had every frame")
          .hasSize(destinations)
          .allMatch(visit -> visit.media().size() == first + MEASURED);
      return least;
    }
  }

  /** In one task of the loop, so that nothing else is counted. */
  private static long send(Broadcast broadcast, Frame frame) {
    return broadcast
        .loop()
        .submit(
            () -> {
              long before = THREADS.getCurrentThreadAllocatedBytes();
              long nowMs = Broadcast.nowMs();
              broadcast.append(frame, nowMs);
              broadcast.offer(nowMs);
              return THREADS.getCurrentThreadAllocatedBytes() - before;
            })
        .syncUninterruptibly()
        .getNow();
  }
}
