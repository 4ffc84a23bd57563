package manycast.media.relay;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import manycast.media.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * Wakes the relays of one broadcast when the next frame of a delayed one is due. One timer for all
 * of them, and never more often than every few milliseconds. Belongs to the broadcast's loop.
 */
final class DueTimer {
  private static final int SHORTEST_MS = 3;

  private final EventLoop loop;
  private final IntSupplier windowMs;
  private final Runnable wake;
  private @Nullable ScheduledFuture<?> waiting;
  private long wakesAtMs;

  /**
   * A timer at rest.
   *
   * @param windowMs how long frames are gathered before they are written, 0 where they are not
   */
  DueTimer(EventLoop loop, IntSupplier windowMs, Runnable wake) {
    this.loop = loop;
    this.windowMs = windowMs;
    this.wake = wake;
  }

  /** Wakes then, unless it wakes earlier anyway: who is not due asks again. */
  void wakeAt(long dueAtMs) {
    if (dueAtMs == Long.MAX_VALUE || (waiting != null && wakesAtMs <= dueAtMs)) {
      return;
    }
    stop();
    long nowMs = Broadcast.nowMs();
    wakesAtMs = Math.max(dueAtMs, nowMs + Math.max(SHORTEST_MS, windowMs.getAsInt()));
    waiting = loop.schedule(this::due, wakesAtMs - nowMs, TimeUnit.MILLISECONDS);
  }

  void stop() {
    ScheduledFuture<?> timer = waiting;
    waiting = null;
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private void due() {
    waiting = null;
    wake.run();
  }
}
