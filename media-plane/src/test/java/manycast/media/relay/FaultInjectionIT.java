package manycast.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.BroadcastClaim;
import manycast.media.broadcast.BroadcastListener;
import manycast.media.broadcast.EndReason;
import manycast.media.broadcast.FaultyBroadcast;
import manycast.media.broadcast.IngestFigures;
import manycast.media.broadcast.MediaMemory;
import manycast.media.flv.FlvTag;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import manycast.media.loops.AddressPolicy;
import manycast.media.loops.EventLoops;
import manycast.media.loops.Transport;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.RtmpSink.Behaviour;
import manycast.media.testing.RtmpSink.Visit;
import manycast.media.testing.StrictChunkReader.Message;
import manycast.media.testing.Until;
import manycast.media.tls.ClientTls;
import manycast.media.tls.HandshakeThreads;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A relay for each effect and each call of a cursor, which fails just there: all in one broadcast,
 * with two neighbours where nothing fails.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class FaultInjectionIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String BEFORE = "before ";
  private static final String AFTER = "after ";

  private final Map<UUID, Plan> plans = new LinkedHashMap<>();
  private final List<RtmpSink> sinks = new ArrayList<>();
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
  private final MediaMemory memory = new MediaMemory(1 << 28);
  private final AtomicBoolean over = new AtomicBoolean();

  /** Where serving those in step fails: each goes on by itself, and nobody loses anything. */
  private final List<Plan> ofAll =
      List.of(
          new Plan("run", 10),
          new Plan("pass", 20),
          new Plan("isAtHead", 30),
          new Plan("leave", 3));

  /** Where one relay fails: at its so-manieth call there, once. */
  private static final class Plan {
    private final String point;
    private final int nth;
    private int calls;
    private volatile boolean fired;

    Plan(String point, int nth) {
      this.point = point;
      this.nth = nth;
    }

    void at(String reached) {
      if (!fired && reached.equals(point) && ++calls == nth) {
        fired = true;
        throw new IllegalStateException("planted at " + point + ", call " + nth);
      }
    }
  }

  private final class PlannedRelay extends Relay {
    private final @Nullable Plan plan;
    private final Plan drop = new Plan("lagMs", 40);

    PlannedRelay(
        Broadcast of, Destination to, RelayTotals before, RelayParts with, SharedParts among) {
      super(of, to, before, with, among);
      plan = plans.get(to.id());
    }

    void at(String point) {
      if (plan != null) {
        plan.at(point);
        if (plan.point.endsWith("DROP") || plan.point.endsWith("LET_GO")) {
          drop.at(point);
        }
      }
    }

    @Override
    void carryOut(RelayEffect effect, RelayState before) {
      at(BEFORE + effect);
      super.carryOut(effect, before);
      at(AFTER + effect);
    }
  }

  private final class PlannedRelays extends BroadcastRelays {
    PlannedRelays(Broadcast broadcast, RelayParts parts) {
      super(broadcast, parts, _ -> over.set(true));
    }

    @Override
    Relay relayTo(
        Broadcast of, Destination to, RelayTotals before, RelayParts with, SharedParts among) {
      return new PlannedRelay(of, to, before, with, among);
    }
  }

  @Test
  void whereverARelayFailsItAloneBeginsAnewAndNothingLeaks() throws Exception {
    List<Destination> destinations = new ArrayList<>();
    Destination one = destination(null, 0);
    Destination other = destination(null, 0);
    // The neighbours' sinks are the first two; in the loop one is before all others, one behind.
    destinations.add(one);
    for (String call :
        List.of(
            "next",
            "takeJump",
            "startMs",
            "hasPosition",
            "lagMs",
            "isAtHead",
            "isSettled",
            "park",
            "follow",
            "leave",
            "skips",
            "dropped",
            "close")) {
      destinations.add(destination(new Plan(call, 1), 0));
    }
    for (String call : List.of("follow", "lagMs", "skips", "dropped")) {
      destinations.add(destination(new Plan(call, 25), 0));
    }
    for (String call : List.of("dueAtMs", "changeDelay", "next", "hasPosition", "isAtHead")) {
      destinations.add(destination(new Plan(call, 1), 300));
    }
    for (RelayEffect effect : RelayEffect.values()) {
      destinations.add(destination(new Plan(BEFORE + effect, 1), 0));
      destinations.add(destination(new Plan(AFTER + effect, 1), 0));
    }
    destinations.add(other);

    try (EventLoops loops = new EventLoops(Transport.best(), 1)) {
      EventLoop loop = loops.next();
      RelayParts parts =
          new RelayParts(
              new Dialer(
                  loops,
                  AddressPolicy.allowEverything(),
                  new ClientTls(new HandshakeThreads(1), List.of())),
              new RtmpWireFormat(allocator),
              loops.writes(),
              _ -> {},
              new Occupancy(),
              new LongAdder());
      PlannedRelays[] relays = new PlannedRelays[1];
      Broadcast broadcast =
          FaultyBroadcast.open(
              new BroadcastClaim(UUID.randomUUID(), 1, UUID.randomUUID(), UUID.randomUUID(), "s"),
              loop,
              memory,
              new IngestFigures("test", "", "", Broadcast.nowMs()),
              new BroadcastListener() {
                @Override
                public void opened(Broadcast opened) {}

                @Override
                public void ended(Broadcast ended, EndReason reason) {
                  relays[0].ended();
                }
              },
              (call, reader) -> {
                switch (reader) {
                  case PlannedRelay planned -> planned.at(call);
                  case InStep _ -> ofAll.forEach(plan -> plan.at(call));
                  default -> {}
                }
              });
      loop.submit(() -> relays[0] = new PlannedRelays(broadcast, parts)).syncUninterruptibly();
      apply(relays[0], loop, 1, destinations);

      int frames = 0;
      long until = System.nanoTime() + SOON.toNanos();
      boolean shortened = false;
      while (frames < 150 || !allAreLive(relays[0], loop)) {
        assertThat(System.nanoTime()).as("%s", states(relays[0], loop)).isLessThan(until);
        append(broadcast, loop, frames++);
        Thread.sleep(10);
        if (frames == 120 && !shortened) {
          shortened = true;
          apply(relays[0], loop, 2, destinations.stream().map(FaultInjectionIT::shorter).toList());
        }
      }
      broadcast.end(EndReason.ENCODER);
      Until.isTrue(SOON, "all relays are over", over::get);

      for (Plan plan : Stream.concat(plans.values().stream(), ofAll.stream()).toList()) {
        assertThat(plan.fired).as("%s, call %d", plan.point, plan.nth).isTrue();
      }
      for (RtmpSink neighbour : sinks.subList(0, 2)) {
        Visit visit = neighbour.await(0, SOON, Visit::ended);
        assertThat(numbers(visit)).hasSize(frames).isSorted().doesNotHaveDuplicates();
        assertThat(neighbour.visits()).hasSize(1);
      }
      for (RtmpSink sink : sinks) {
        Until.isTrue(
            SOON, "no connection is left", () -> sink.visits().stream().allMatch(Visit::ended));
        for (Visit visit : sink.visits()) {
          assertThat(visit.fault()).isNull();
        }
      }
      assertThat(memory.held()).isZero();
      Until.isTrue(
          SOON,
          "no buffer is left",
          () -> allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory() == 0);
    } finally {
      for (RtmpSink sink : sinks) {
        sink.close();
      }
    }
  }

  private Destination destination(@Nullable Plan plan, int delayMs) throws IOException {
    RtmpSink sink = RtmpSink.open(Behaviour.ACCEPT);
    sinks.add(sink);
    UUID id = UUID.randomUUID();
    if (plan != null) {
      plans.put(id, plan);
    }
    String name = plan == null ? "neighbour" : plan.point + " " + plan.nth;
    return new Destination(
        id, name, "custom", sink.url(), "k", true, delayMs, TrackChoice.DEFAULT, 1);
  }

  private static Destination shorter(Destination destination) {
    return new Destination(
        destination.id(),
        destination.name(),
        destination.platform(),
        destination.url(),
        destination.key(),
        true,
        destination.delayMs() / 2,
        TrackChoice.DEFAULT,
        1);
  }

  private static void apply(
      BroadcastRelays relays, EventLoop loop, int number, List<Destination> destinations) {
    StreamConfig config =
        new StreamConfig(true, false, null, null, Set.of("a key"), destinations, Map.of());
    loop.submit(() -> relays.apply(number, config)).syncUninterruptibly();
  }

  /** Every twentieth is a keyframe; each says its number. */
  private void append(Broadcast broadcast, EventLoop loop, int number) {
    ByteBuf payload = allocator.heapBuffer(500).writeInt(number).writeZero(496);
    boolean keyframe = number % 20 == 0;
    Frame frame =
        new Frame(
            Track.VIDEO,
            FrameKind.MEDIA,
            Codec.H264,
            number * 900L,
            0,
            keyframe ? PictureType.KEY : PictureType.INTER,
            payload);
    loop.submit(
            () -> {
              broadcast.append(frame, Broadcast.nowMs());
              broadcast.offer(Broadcast.nowMs());
            })
        .syncUninterruptibly();
  }

  private static boolean allAreLive(BroadcastRelays relays, EventLoop loop) {
    return states(relays, loop).values().stream().allMatch(state -> state == RelayState.LIVE);
  }

  private static Map<String, RelayState> states(BroadcastRelays relays, EventLoop loop) {
    Map<String, RelayState> states = new LinkedHashMap<>();
    loop.submit(
            () ->
                relays
                    .snapshot()
                    .forEach(report -> states.put(report.destination().name(), report.state())))
        .syncUninterruptibly();
    return states;
  }

  private static List<Integer> numbers(Visit visit) {
    List<Integer> numbers = new ArrayList<>();
    for (Message message : visit.ofType(FlvTag.VIDEO)) {
      numbers.add(ByteBuffer.wrap(message.body()).getInt(5));
    }
    return numbers;
  }
}
