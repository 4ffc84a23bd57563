package manycast.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.ResourceLeakDetector;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.BroadcastClaim;
import manycast.media.broadcast.BroadcastListener;
import manycast.media.broadcast.Broadcasts;
import manycast.media.broadcast.EndReason;
import manycast.media.broadcast.IngestFigures;
import manycast.media.broadcast.MediaMemory;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.Track;
import manycast.media.loops.AddressPolicy;
import manycast.media.loops.EventLoops;
import manycast.media.loops.Transport;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.RtmpSink.Behaviour;
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
  private static final int GROUP = 25;
  private static final int FRAME_BYTES = 2_000;

  private final PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
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

  /** The median over many frames of what appending and sending one allocated on the loop. */
  private long bytesPerFrame(int destinations) throws Exception {
    try (RtmpSink sink = RtmpSink.open(Behaviour.ACCEPT);
        EventLoops loops = new EventLoops(Transport.best(), 1)) {
      EventLoop loop = loops.next();
      AtomicReference<BroadcastRelays> relays = new AtomicReference<>();
      Broadcasts broadcasts = new Broadcasts(new MediaMemory(1L << 30), _ -> 0);
      broadcasts.listen(
          new BroadcastListener() {
            @Override
            public void opened(Broadcast opened) {
              relays.set(new BroadcastRelays(opened, parts(loops), () -> {}));
            }

            @Override
            public void ended(Broadcast ended, EndReason reason) {
              relays.get().ended();
            }
          });
      Broadcast broadcast =
          loop.submit(
                  () ->
                      broadcasts.open(
                          new BroadcastClaim(
                              UUID.randomUUID(), 1, UUID.randomUUID(), UUID.randomUUID(), "s"),
                          loop,
                          new IngestFigures("test", "", "", Broadcast.nowMs()),
                          () -> {}))
              .get();
      List<Destination> all = new ArrayList<>();
      for (int i = 0; i < destinations; i++) {
        all.add(
            new Destination(UUID.randomUUID(), "d" + i, "custom", sink.url(), "k" + i, true, 0, 1));
      }
      loop.submit(() -> relays.get().apply(1, new StreamConfig(true, false, null, all))).get();
      send(broadcast, 0);
      Until.isTrue(
          SOON,
          "all are live",
          () ->
              sink.visits().stream().filter(visit -> !visit.media().isEmpty()).count()
                  == destinations);
      for (int i = 1; i <= WARM_UP; i++) {
        send(broadcast, i);
      }
      int first = WARM_UP + 1;
      long[] each =
          IntStream.range(first, first + MEASURED).mapToLong(i -> send(broadcast, i)).toArray();
      broadcast.end(EndReason.ENCODER);
      Until.isTrue(
          SOON, "all are over", () -> sink.visits().stream().allMatch(RtmpSink.Visit::ended));
      assertThat(sink.visits())
          .as("every destination had every frame")
          .hasSize(destinations)
          .allMatch(visit -> visit.media().size() == first + MEASURED);
      Arrays.sort(each);
      return each[MEASURED / 2];
    }
  }

  private RelayParts parts(EventLoops loops) {
    return new RelayParts(
        new Dialer(loops, AddressPolicy.allowEverything()),
        new RtmpWireFormat(allocator),
        _ -> {},
        new Occupancy(),
        new LongAdder());
  }

  /** In one task of the loop, so that nothing else is counted. */
  private long send(Broadcast broadcast, int number) {
    ByteBuf payload = allocator.directBuffer(FRAME_BYTES).writeZero(FRAME_BYTES);
    boolean keyframe = number % GROUP == 0;
    Frame frame =
        new Frame(
            Track.VIDEO, FrameKind.MEDIA, Codec.H264, number * 900L, 0, keyframe, false, payload);
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
