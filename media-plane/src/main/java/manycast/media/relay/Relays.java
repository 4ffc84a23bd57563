package manycast.media.relay;

import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.BroadcastListener;
import manycast.media.broadcast.EndReason;
import manycast.media.loops.SharedWrites;

/**
 * All relays of the node: begins them with a broadcast, and brings them in line whenever its
 * stream's configuration may have changed.
 */
public final class Relays implements BroadcastListener {
  private final StreamConfigs configs;
  private final RelayParts parts;
  private final AtomicLong loads = new AtomicLong();
  private final Map<UUID, BroadcastRelays> byBroadcast = new ConcurrentHashMap<>();
  private final Map<UUID, Broadcast> live = new ConcurrentHashMap<>();

  /** Relays that dial through {@code dialer} and write their states down in {@code journal}. */
  public Relays(StreamConfigs configs, Dialer dialer, SharedWrites writes, RelayJournal journal) {
    this.configs = configs;
    this.parts =
        new RelayParts(
            dialer,
            new RtmpWireFormat(PooledByteBufAllocator.DEFAULT),
            writes,
            journal,
            new Occupancy(),
            new LongAdder());
  }

  @Override
  public void opened(Broadcast broadcast) {
    UUID id = broadcast.claim().broadcastId();
    byBroadcast.put(
        id, new BroadcastRelays(broadcast, parts, relays -> byBroadcast.remove(id, relays)));
    live.put(id, broadcast);
    load(broadcast);
  }

  @Override
  public void interrupted(Broadcast broadcast) {
    BroadcastRelays relays = byBroadcast.get(broadcast.claim().broadcastId());
    if (relays != null) {
      relays.interrupted();
    }
  }

  @Override
  public void resumed(Broadcast broadcast) {
    BroadcastRelays relays = byBroadcast.get(broadcast.claim().broadcastId());
    if (relays != null) {
      relays.resumed();
    }
  }

  @Override
  public void ended(Broadcast broadcast, EndReason reason) {
    live.remove(broadcast.claim().broadcastId(), broadcast);
    BroadcastRelays relays = byBroadcast.get(broadcast.claim().broadcastId());
    if (relays != null) {
      relays.ended();
    }
  }

  /** This stream's configuration may have changed. */
  public void reload(UUID streamId) {
    for (Broadcast broadcast : live.values()) {
      if (broadcast.claim().streamId().equals(streamId)) {
        load(broadcast);
      }
    }
  }

  /** Any configuration may have changed. */
  public void reloadAll() {
    live.values().forEach(this::load);
  }

  /** Every destination of a broadcast as it is now; to be asked on the broadcast's loop. */
  public List<RelayReport> snapshot(Broadcast broadcast) {
    BroadcastRelays relays = byBroadcast.get(broadcast.claim().broadcastId());
    return relays == null ? List.of() : relays.snapshot();
  }

  /** Keeps relays away from a destination, unless one is there; answers whether none was. */
  public boolean enterIfFree(UUID destinationId, Occupant guest) {
    return parts.occupancy().enterIfFree(destinationId, guest);
  }

  /** Gives the place that was entered back. */
  public void leave(UUID destinationId, Occupant guest) {
    parts.occupancy().leave(destinationId, guest);
  }

  /** Bytes that all relays of this node have written since it started. */
  public long bytesSent() {
    return parts.egress().sum();
  }

  /**
   * Cuts the drain of all broadcasts that have ended: their destinations get a goodbye at once, or
   * are left without one where the show goes on.
   */
  public void sayGoodbye() {
    byBroadcast.values().forEach(BroadcastRelays::sayGoodbye);
  }

  /** Whether no broadcast has a relay at work, ended ones that drain included. */
  public boolean isIdle() {
    return byBroadcast.isEmpty();
  }

  private void load(Broadcast broadcast) {
    long number = loads.incrementAndGet();
    BroadcastRelays relays = byBroadcast.get(broadcast.claim().broadcastId());
    if (relays != null) {
      configs.load(
          broadcast.claim(),
          config -> broadcast.loop().execute(() -> relays.apply(number, config)));
    }
  }
}
