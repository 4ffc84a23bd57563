package manycast.media.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.BroadcastClaim;
import manycast.media.broadcast.BroadcastListener;
import manycast.media.broadcast.Broadcasts;
import manycast.media.broadcast.EndReason;
import manycast.media.broadcast.IngestFigures;
import manycast.media.broadcast.MediaMemory;
import manycast.media.broadcast.NobodysPublisher;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import manycast.media.loops.AddressPolicy;
import manycast.media.loops.EventLoops;
import manycast.media.loops.Transport;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.Until;
import manycast.media.tls.ClientTls;
import manycast.media.tls.HandshakeThreads;

/** Broadcasts and their relays on one loop, with real sockets; no encoder and no database. */
final class RelayedBroadcasts implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(10);

  /** Pictures from one keyframe to the next. */
  static final int GROUP = 25;

  private final PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
  private final Map<UUID, BroadcastRelays> relays = new ConcurrentHashMap<>();
  private final MediaMemory memory = new MediaMemory(1L << 30);
  private final Broadcasts broadcasts = new Broadcasts(memory, Duration.ofSeconds(45), _ -> 0);
  private final EventLoops loops;
  private final EventLoop loop;

  RelayedBroadcasts(Transport transport) {
    loops = new EventLoops(transport, 1);
    loop = loops.next();
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
    broadcasts.listen(
        new BroadcastListener() {
          @Override
          public void opened(Broadcast opened) {
            relays.put(opened.claim().broadcastId(), new BroadcastRelays(opened, parts, _ -> {}));
          }

          @Override
          public void ended(Broadcast ended, EndReason reason) {
            of(ended).ended();
          }
        });
  }

  /** A broadcast to so many destinations, all at this sink. */
  Broadcast open(RtmpSink sink, int destinations) {
    return open(sink.url(), destinations);
  }

  /** A broadcast to so many destinations, all at this URL. */
  Broadcast open(String url, int destinations) {
    BroadcastClaim claim =
        new BroadcastClaim(UUID.randomUUID(), 1, UUID.randomUUID(), UUID.randomUUID(), "s");
    List<Destination> all = new ArrayList<>();
    for (int i = 0; i < destinations; i++) {
      all.add(
          new Destination(
              UUID.randomUUID(), "d" + i, "custom", url, "k" + i, true, 0, TrackChoice.DEFAULT, 1));
    }
    return loop.submit(
            () -> {
              Broadcast opened =
                  broadcasts.open(
                      claim,
                      loop,
                      new IngestFigures("test", "", "", Broadcast.nowMs()),
                      new NobodysPublisher(),
                      "a key");
              of(opened)
                  .apply(
                      1, new StreamConfig(true, false, null, null, Set.of("a key"), all, Map.of()));
              return opened;
            })
        .syncUninterruptibly()
        .getNow();
  }

  /** What the relays of a broadcast say of themselves. */
  List<RelayReport> reports(Broadcast broadcast) {
    return loop.submit(() -> List.copyOf(of(broadcast).snapshot())).syncUninterruptibly().getNow();
  }

  /** Has all destinations of a broadcast get other tracks, as a changed configuration does. */
  void choose(Broadcast broadcast, TrackChoice tracks, int version) {
    loop.submit(
            () -> {
              List<Destination> all =
                  of(broadcast).snapshot().stream()
                      .map(RelayReport::destination)
                      .map(
                          d ->
                              new Destination(
                                  d.id(),
                                  d.name(),
                                  d.platform(),
                                  d.url(),
                                  d.key(),
                                  d.enabled(),
                                  d.delayMs(),
                                  tracks,
                                  d.revision()))
                      .toList();
              of(broadcast)
                  .apply(
                      version,
                      new StreamConfig(true, false, null, null, Set.of("a key"), all, Map.of()));
            })
        .syncUninterruptibly();
  }

  /** How many of a broadcast's relays are live. */
  long live(Broadcast broadcast) {
    return loop.submit(
            () ->
                of(broadcast).snapshot().stream()
                    .filter(report -> report.state() == RelayState.LIVE)
                    .count())
        .syncUninterruptibly()
        .getNow();
  }

  /** A picture whose payload begins with its number; every 25th is a keyframe. */
  Frame frame(int number, int bytes) {
    ByteBuf payload = allocator.directBuffer(bytes).writeInt(number).writeZero(bytes - 4);
    return new Frame(
        Track.VIDEO,
        FrameKind.MEDIA,
        Codec.H264,
        number * 900L,
        0,
        number % GROUP == 0 ? PictureType.KEY : PictureType.INTER,
        payload);
  }

  private BroadcastRelays of(Broadcast broadcast) {
    return Objects.requireNonNull(relays.get(broadcast.claim().broadcastId()));
  }

  /** Broadcasts that have ended must have given back every byte. */
  @Override
  public void close() {
    if (broadcasts.live().isEmpty()) {
      Until.isTrue(SOON, "every byte comes back", () -> memory.held() == 0);
    }
    loops.close();
  }
}
