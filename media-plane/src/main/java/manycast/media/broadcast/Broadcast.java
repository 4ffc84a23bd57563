package manycast.media.broadcast;

import io.netty.channel.EventLoop;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import manycast.media.frame.Frame;
import manycast.media.frame.Owned;
import org.jspecify.annotations.Nullable;

/**
 * One going-live of one stream: its log, what is known of its encoder, and its end. Everything but
 * {@link #claim}, {@link #loop} and {@link #end} belongs to its loop.
 */
public final class Broadcast {
  private final BroadcastClaim claim;
  private final EventLoop loop;
  private final BroadcastLog log;
  private final IngestFigures ingest;
  private final BroadcastListener listener;
  private final Runnable disconnectEncoder;
  private final IntSupplier windowMs;
  private final Instant startedAt = Instant.now();
  private @Nullable EndReason endReason;
  private boolean windowOpen;
  private int holds;

  Broadcast(
      BroadcastClaim claim,
      EventLoop loop,
      BroadcastLog log,
      IngestFigures ingest,
      BroadcastListener listener,
      Runnable disconnectEncoder,
      IntSupplier windowMs) {
    this.claim = claim;
    this.loop = loop;
    this.log = log;
    this.ingest = ingest;
    this.listener = listener;
    this.disconnectEncoder = disconnectEncoder;
    this.windowMs = windowMs;
  }

  /** Milliseconds on the clock that all times within the node's media path are taken from. */
  public static long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  public BroadcastClaim claim() {
    return claim;
  }

  public EventLoop loop() {
    return loop;
  }

  public BroadcastLog log() {
    return log;
  }

  public IngestFigures ingest() {
    return ingest;
  }

  public Instant startedAt() {
    return startedAt;
  }

  /** Why it ended, or null while it is live. */
  public @Nullable EndReason endReason() {
    return endReason;
  }

  /** Appends a frame; it is told to nobody before {@link #offer}. */
  public void append(@Owned Frame frame, long nowMs) {
    ingest.received(frame.payload().readableBytes(), nowMs);
    log.append(frame, nowMs);
    if (log.hardEvictions() > 0) {
      ingest.warn(
          "gop_too_large",
          "The encoder sends keyframes too rarely: so much came after one of them that it could not be kept, and destinations that connected then had to wait for the next. Set its keyframe interval to 2 seconds.");
    } else if (log.scarceEvictions() > 0) {
      ingest.warn(
          "node_full",
          "This node holds as much media as it may, so not every picture since the last keyframe could be kept: destinations that connected then had to wait for the next keyframe.");
    } else if (log.lacksKeyframe(nowMs)) {
      ingest.warn(
          "no_keyframe",
          "The encoder went on for more than 10 seconds without a keyframe: destinations cannot begin without one. Set its keyframe interval to 2 seconds.");
    }
  }

  /** Offers what was appended to every cursor: at once, or at the end of the loop's window. */
  public void offer(long nowMs) {
    int window = windowMs.getAsInt();
    if (window == 0) {
      log.offer(nowMs);
    } else if (!windowOpen) {
      windowOpen = true;
      loop.schedule(this::closeWindow, window, TimeUnit.MILLISECONDS);
    }
  }

  /** How long frames are gathered before they are offered, in milliseconds; 0 is not at all. */
  public int flushWindowMs() {
    return windowMs.getAsInt();
  }

  private void closeWindow() {
    windowOpen = false;
    log.offer(nowMs());
  }

  /**
   * Ends it, from any thread; the first reason counts. The encoder is disconnected unless it said
   * goodbye itself.
   */
  public void end(EndReason reason) {
    if (loop.inEventLoop()) {
      endNow(reason);
    } else {
      loop.execute(() -> endNow(reason));
    }
  }

  /** Keeps the log readable beyond the end until {@link #release}. */
  public void hold() {
    holds++;
  }

  /** Gives a hold back; after the end the last one closes the log. */
  public void release() {
    holds--;
    closeLogWhenDone();
  }

  private void endNow(EndReason reason) {
    if (endReason != null) {
      return;
    }
    endReason = reason;
    // An encoder that said goodbye may publish again on the same connection.
    if (reason != EndReason.ENCODER) {
      disconnectEncoder.run();
    }
    listener.ended(this, reason);
    closeLogWhenDone();
  }

  private void closeLogWhenDone() {
    if (endReason != null && holds == 0) {
      log.close();
    }
  }
}
