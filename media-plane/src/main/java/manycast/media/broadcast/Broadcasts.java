package manycast.media.broadcast;

import io.netty.channel.EventLoop;
import java.time.Duration;
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

/** The broadcasts of this node, live and resuming. Safe from any thread. */
public final class Broadcasts {
  private static final Logger LOG = LoggerFactory.getLogger(Broadcasts.class);

  private final Map<UUID, Broadcast> live = new ConcurrentHashMap<>();
  private final MediaMemory memory;
  private final ToIntFunction<EventLoop> windowMs;
  private final long graceMs;
  private final List<BroadcastListener> listeners = new CopyOnWriteArrayList<>();

  /**
   * No broadcast yet; all count their bytes in {@code memory}.
   *
   * @param grace how long a lost encoder is waited for where its stream says nothing else
   * @param windowMs how long the broadcasts of a loop gather frames before they offer them, in
   *     milliseconds; 0 is not at all. Asked on that loop for every frame
   */
  public Broadcasts(MediaMemory memory, Duration grace, ToIntFunction<EventLoop> windowMs) {
    this.memory = memory;
    this.graceMs = grace.toMillis();
    this.windowMs = windowMs;
  }

  /** From now on this one hears of every broadcast, after those that listen already. */
  public void listen(BroadcastListener listener) {
    listeners.add(listener);
  }

  /**
   * Begins a broadcast, or goes on with one that another node had; to be called on its loop.
   *
   * @param publisher the encoder that begins it; it counts as admitted
   * @param key with which it publishes
   */
  public Broadcast open(
      BroadcastClaim claim, EventLoop loop, IngestFigures ingest, Publisher publisher, String key) {
    BroadcastLog log = new BroadcastLog(memory, LogBounds.STANDARD);
    Broadcast broadcast =
        new Broadcast(
            claim,
            loop,
            log,
            ingest,
            new Registered(),
            publisher,
            key,
            graceMs,
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

  /** All that are live or resuming. */
  public Collection<Broadcast> live() {
    return List.copyOf(live.values());
  }

  /** The one with this id, or null. */
  public @Nullable Broadcast find(UUID broadcastId) {
    return live.get(broadcastId);
  }

  /** The one of this stream, or null. */
  public @Nullable Broadcast ofStream(UUID streamId) {
    for (Broadcast broadcast : live.values()) {
      if (broadcast.claim().streamId().equals(streamId)) {
        return broadcast;
      }
    }
    return null;
  }

  /** The live or resuming one that may be published into with this key, or null. */
  public @Nullable Broadcast ofKey(String key) {
    for (Broadcast broadcast : live.values()) {
      if (broadcast.knows(key)) {
        return broadcast;
      }
    }
    return null;
  }

  private final class Registered implements BroadcastListener {
    @Override
    public void opened(Broadcast broadcast) {}

    @Override
    public void interrupted(Broadcast broadcast) {
      LOG.info("broadcast {} has lost its encoder", broadcast.claim().broadcastId());
      listeners.forEach(listener -> listener.interrupted(broadcast));
    }

    @Override
    public void extended(Broadcast broadcast) {
      listeners.forEach(listener -> listener.extended(broadcast));
    }

    @Override
    public void resumed(Broadcast broadcast) {
      LOG.info("broadcast {} has its encoder back", broadcast.claim().broadcastId());
      listeners.forEach(listener -> listener.resumed(broadcast));
    }

    @Override
    public void gone(Broadcast broadcast) {
      listeners.forEach(listener -> listener.gone(broadcast));
    }

    @Override
    public void ended(Broadcast broadcast, EndReason reason) {
      live.remove(broadcast.claim().broadcastId(), broadcast);
      LOG.info("broadcast {} ended: {}", broadcast.claim().broadcastId(), reason.word());
      for (BroadcastListener listener : listeners) {
        listener.ended(broadcast, reason);
      }
    }
  }
}
