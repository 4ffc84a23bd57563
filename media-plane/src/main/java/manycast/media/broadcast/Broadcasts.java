package manycast.media.broadcast;

import io.netty.channel.EventLoop;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The live broadcasts of this node. Safe from any thread. */
public final class Broadcasts {
  private static final Logger LOG = LoggerFactory.getLogger(Broadcasts.class);

  private final Map<UUID, Broadcast> live = new ConcurrentHashMap<>();
  private final MediaMemory memory;
  private final ToIntFunction<EventLoop> windowMs;
  private final List<BroadcastListener> listeners = new CopyOnWriteArrayList<>();

  /**
   * No broadcast yet; all count their bytes in {@code memory}.
   *
   * @param windowMs how long the broadcasts of a loop gather frames before they offer them, in
   *     milliseconds; 0 is not at all. Asked on that loop for every frame
   */
  public Broadcasts(MediaMemory memory, ToIntFunction<EventLoop> windowMs) {
    this.memory = memory;
    this.windowMs = windowMs;
  }

  /** From now on this one hears of every broadcast, after those that listen already. */
  public void listen(BroadcastListener listener) {
    listeners.add(listener);
  }

  /**
   * Begins a broadcast; to be called on its loop.
   *
   * @param disconnectEncoder called once, on the loop, when the broadcast ends
   */
  public Broadcast open(
      BroadcastClaim claim, EventLoop loop, IngestFigures ingest, Runnable disconnectEncoder) {
    BroadcastLog log = new BroadcastLog(memory, LogBounds.STANDARD);
    Broadcast broadcast =
        new Broadcast(
            claim,
            loop,
            log,
            ingest,
            new Registered(),
            disconnectEncoder,
            () -> windowMs.applyAsInt(loop));
    live.put(claim.broadcastId(), broadcast);
    LOG.info(
        "broadcast {} of stream {} began, epoch {}",
        claim.broadcastId(),
        claim.streamId(),
        claim.epoch());
    for (BroadcastListener listener : listeners) {
      listener.opened(broadcast);
    }
    return broadcast;
  }

  /** All that are live. */
  public Collection<Broadcast> live() {
    return List.copyOf(live.values());
  }

  /** The live one with this id, or null. */
  public @Nullable Broadcast find(UUID broadcastId) {
    return live.get(broadcastId);
  }

  /** The live one of this stream, or null. */
  public @Nullable Broadcast ofStream(UUID streamId) {
    for (Broadcast broadcast : live.values()) {
      if (broadcast.claim().streamId().equals(streamId)) {
        return broadcast;
      }
    }
    return null;
  }

  private final class Registered implements BroadcastListener {
    @Override
    public void opened(Broadcast broadcast) {}

    @Override
    public void ended(Broadcast broadcast, EndReason reason) {
      live.remove(broadcast.claim().broadcastId());
      LOG.info("broadcast {} ended: {}", broadcast.claim().broadcastId(), reason.word());
      for (BroadcastListener listener : listeners) {
        listener.ended(broadcast, reason);
      }
    }
  }
}
