package manycast.media.relay;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the destinations of one broadcast that are behind may be given together in a moment, so that
 * the other broadcasts of the loop have their turn. Belongs to the broadcast's loop.
 */
final class CatchUp {
  private static final int MOMENT_MS = 10;

  /** A loop hands this over in about a third of a moment. */
  private static final long LEAST_BYTES_IN_A_MOMENT = 4 << 20;

  /** Where all are behind at once, less than what comes in meanwhile would never end. */
  private static final int TIMES_WHAT_COMES_IN = 2;

  private final EventLoop loop;
  private final LongSupplier bytesPerSecond;
  private final Runnable sendOn;
  private @Nullable ScheduledFuture<?> waiting;
  private long left;
  private long momentEndsMs = Long.MIN_VALUE;

  /**
   * Nobody is behind yet.
   *
   * @param bytesPerSecond what all destinations of the broadcast are to be sent
   * @param sendOn called when there is room again for those who found none
   */
  CatchUp(EventLoop loop, LongSupplier bytesPerSecond, Runnable sendOn) {
    this.loop = loop;
    this.bytesPerSecond = bytesPerSecond;
    this.sendOn = sendOn;
  }

  /** Bytes that may be given now; who gets too few is called again when the moment is over. */
  long room(long nowMs) {
    if (nowMs >= momentEndsMs) {
      momentEndsMs = nowMs + MOMENT_MS;
      left =
          Math.max(
              LEAST_BYTES_IN_A_MOMENT,
              TIMES_WHAT_COMES_IN * bytesPerSecond.getAsLong() * MOMENT_MS / 1000);
    }
    callWhenOver(nowMs);
    return Math.max(0, left);
  }

  /** So much was given, which may be the rest of an entry more than there was room for. */
  void spend(long bytes, long nowMs) {
    left -= bytes;
    callWhenOver(nowMs);
  }

  /** Nobody is called any more. */
  void stop() {
    ScheduledFuture<?> timer = waiting;
    waiting = null;
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private void callWhenOver(long nowMs) {
    if (left <= 0 && waiting == null) {
      long leftMs = Math.max(1, momentEndsMs - nowMs);
      waiting = loop.schedule(this::momentOver, leftMs, TimeUnit.MILLISECONDS);
    }
  }

  private void momentOver() {
    waiting = null;
    sendOn.run();
  }
}
