package manycast.media.hls;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.BroadcastListener;
import manycast.media.broadcast.EndReason;
import manycast.media.broadcast.MediaMemory;
import org.jspecify.annotations.Nullable;

/** The previews of the node's broadcasts, watched or not. */
public final class Previews implements BroadcastListener, AutoCloseable {
  /** Without a request for so long, nobody watches. */
  private static final int IDLE_MS = 30_000;

  private static final int CLOSE_MS = 1_000;

  private final MediaMemory memory;
  private final int idleMs;
  private final @Nullable Recorder recorder;
  private final PreviewCounters counters = new PreviewCounters();
  private final Map<UUID, Preview> byBroadcast = new ConcurrentHashMap<>();

  /**
   * Previews that count what they hold in {@code memory}.
   *
   * @param recorder keeps all segments; null for none
   */
  public Previews(MediaMemory memory, @Nullable Recorder recorder) {
    this(memory, recorder, IDLE_MS);
  }

  Previews(MediaMemory memory, @Nullable Recorder recorder, int idleMs) {
    this.memory = memory;
    this.recorder = recorder;
    this.idleMs = idleMs;
  }

  @Override
  public void opened(Broadcast broadcast) {
    UUID id = broadcast.claim().broadcastId();
    Recording recording = recorder == null ? null : recorder.begin(broadcast.claim());
    Preview preview =
        new Preview(broadcast, memory, idleMs, recording, over -> byBroadcast.remove(id, over));
    Preview before = byBroadcast.put(id, preview);
    if (before != null) {
      // The broadcast was here before, on whatever loop, and is watched yet or not known as ended.
      before.loop().execute(() -> before.close(EndReason.HANDED_OVER));
    }
  }

  @Override
  public void interrupted(Broadcast broadcast) {
    Preview preview = of(broadcast);
    if (preview != null) {
      preview.interrupted();
    }
  }

  @Override
  public void ended(Broadcast broadcast, EndReason reason) {
    Preview preview = of(broadcast);
    if (preview != null) {
      preview.ended(reason);
    }
  }

  /** Stops all of them; to be called while the loops still run, and no broadcast lives. */
  @Override
  public void close() {
    for (Preview preview : byBroadcast.values()) {
      preview.loop().submit(() -> preview.close(EndReason.SHUTDOWN)).awaitUninterruptibly(CLOSE_MS);
    }
  }

  /** What those who watch were given. */
  public PreviewCounters counters() {
    return counters;
  }

  /** How many previews somebody watches. From any thread. */
  public long watched() {
    return byBroadcast.values().stream().filter(Preview::isWatchedNow).count();
  }

  /** Media bytes that all previews hold. From any thread. */
  public long held() {
    return byBroadcast.values().stream().mapToLong(Preview::held).sum();
  }

  /** The preview of this broadcast, not of one with its id that came after it. */
  private @Nullable Preview of(Broadcast broadcast) {
    Preview preview = find(broadcast.claim().broadcastId());
    return preview != null && preview.isOf(broadcast) ? preview : null;
  }

  /** The preview of a broadcast that is here, or was a moment ago, or null. From any thread. */
  @Nullable Preview find(UUID broadcastId) {
    return byBroadcast.get(broadcastId);
  }
}
