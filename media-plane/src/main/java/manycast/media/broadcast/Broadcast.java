package manycast.media.broadcast;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import manycast.media.frame.Frame;
import manycast.media.frame.Owned;
import org.jspecify.annotations.Nullable;

/**
 * One going-live of one stream: its log, what is known of its encoder, and its life across the
 * encoder's connections. What is not said to be safe from any thread belongs to its loop.
 */
public final class Broadcast {
  private final BroadcastClaim claim;
  private final EventLoop loop;
  private final BroadcastLog log;
  private final IngestFigures ingest;
  private final BroadcastListener listener;
  private final IntSupplier windowMs;
  private final Instant startedAt = Instant.now();
  private final long installationGraceMs;
  private final BroadcastLife life;
  private final Map<Long, Publisher> publishers = new HashMap<>();
  private final ReturnGate gate = new ReturnGate();
  private volatile BroadcastState state = BroadcastState.LIVE;
  private volatile Set<String> keys;
  private @Nullable EndReason endReason;
  private @Nullable Instant resumeUntil;
  private @Nullable Future<?> waking;
  private long wakeAtMs = Long.MAX_VALUE;
  private @Nullable Publisher current;
  private long asked;
  private boolean handingOver;
  private boolean windowOpen;
  private boolean gone;
  private int holds;

  /** A broadcast that this publisher, which has been admitted, begins with this key. */
  Broadcast(
      BroadcastClaim claim,
      EventLoop loop,
      BroadcastLog log,
      IngestFigures ingest,
      BroadcastListener listener,
      Publisher publisher,
      String key,
      long graceMs,
      IntSupplier windowMs) {
    this.claim = claim;
    this.loop = loop;
    this.log = log;
    this.ingest = ingest;
    this.listener = listener;
    this.windowMs = windowMs;
    this.keys = Set.of(key);
    this.installationGraceMs = graceMs;
    this.life = new BroadcastLife(asked, graceMs, nowMs());
    publishers.put(asked, publisher);
    current = publisher;
  }

  /** Milliseconds on the clock that all times within the node's media path are taken from. */
  public static long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  /** Safe from any thread. */
  public BroadcastClaim claim() {
    return claim;
  }

  /** Safe from any thread. */
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

  /** What it is doing; safe from any thread. */
  public BroadcastState state() {
    return state;
  }

  /** Until when it waits for its lost encoder, while it does. */
  public @Nullable Instant resumeUntil() {
    return resumeUntil;
  }

  /** Why it ended, or null while it has not. */
  public @Nullable EndReason endReason() {
    return endReason;
  }

  /** Whether whoever has this key may publish into it; safe from any thread. */
  public boolean knows(String key) {
    return keys.contains(key);
  }

  /**
   * What its stream says of it.
   *
   * @param graceSeconds how long a lost encoder is waited for; null for the installation's own
   *     grace
   * @param keysInForce by which it may be published into
   */
  public void configure(@Nullable Integer graceSeconds, Set<String> keysInForce) {
    keys = Set.copyOf(keysInForce);
    take(
        new LifeInput.Grace(
            graceSeconds == null ? installationGraceMs : TimeUnit.SECONDS.toMillis(graceSeconds)));
  }

  /** An encoder with one of its keys asks to publish; from any thread. */
  public void ask(Publisher publisher) {
    onLoop(
        () -> {
          long number = ++asked;
          publishers.put(number, publisher);
          take(new LifeInput.Asked(number));
        });
  }

  /**
   * A publisher is gone, or its publish is over; from any thread. One that does not publish, or not
   * any more, changes nothing.
   */
  public void leave(Publisher publisher, boolean saidGoodbye) {
    onLoop(
        () -> {
          Long number = numberOf(publisher);
          if (number != null) {
            boolean publishes = life.isPublishing(number);
            publishers.remove(number);
            take(
                publishes
                    ? new LifeInput.Left(number, saidGoodbye)
                    : new LifeInput.Withdrawn(number));
          }
        });
  }

  /** Whether what this publisher sends is the broadcast's. */
  public boolean isFrom(Publisher publisher) {
    return current == publisher && state == BroadcastState.LIVE;
  }

  /** Where it stands, for a publisher that was admitted just now. */
  public Standing standing() {
    long nowMs = nowMs();
    return new Standing(log.lastMsOfTrack(), nowMs - ingest.silentMs(nowMs), log.configsInForce());
  }

  /** Appends a frame; it is told to nobody before {@link #offer}. */
  public void append(@Owned Frame frame, long nowMs) {
    ingest.received(frame, nowMs);
    if (life.media(nowMs)) {
      take(new LifeInput.MediaWhileHeld());
    }
    if (handingOver && (frame.keyframe() || (frame.isMedia() && !log.hasPictures()))) {
      frame.release();
      end(EndReason.HANDED_OVER);
    } else if (gate.lets(frame, nowMs)) {
      log.append(frame, nowMs);
      warn(nowMs);
    } else {
      frame.release();
    }
  }

  /** Part of a frame came from this publisher: it is not silent. */
  public void hear(Publisher publisher, long nowMs) {
    if (isFrom(publisher)) {
      ingest.heard(nowMs);
      if (life.media(nowMs)) {
        take(new LifeInput.MediaWhileHeld());
      }
    }
  }

  private void warn(long nowMs) {
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
    onLoop(() -> take(new LifeInput.End(reason)));
  }

  /**
   * Lets go of it, from any thread, so that the next node that its encoder comes to goes on with
   * it: at the next keyframe, so that none of a group is lost, or when so much time has passed. Its
   * encoder is asked first to connect anew.
   */
  public void handOver(long withinMs) {
    onLoop(
        () -> {
          if (state == BroadcastState.RESUMING || withinMs <= 0) {
            end(EndReason.HANDED_OVER);
          } else {
            handingOver = true;
            if (current != null) {
              current.askToMove();
            }
            loop.schedule(() -> end(EndReason.HANDED_OVER), withinMs, TimeUnit.MILLISECONDS);
          }
        });
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

  private void take(LifeInput input) {
    long nowMs = nowMs();
    List<LifeEffect> effects = life.on(input, nowMs);
    state = life.state();
    for (LifeEffect effect : effects) {
      carryOut(effect, nowMs);
    }
    wakeWhenDue(nowMs);
    if (handingOver && state == BroadcastState.RESUMING) {
      end(EndReason.HANDED_OVER);
    }
  }

  private void carryOut(LifeEffect effect, long nowMs) {
    switch (effect) {
      case LifeEffect.Admit(long number) -> {
        Publisher admitted = publisher(number);
        current = admitted;
        admitted.admitted(this);
      }
      case LifeEffect.TurnAway(long number) -> remove(number).turnedAway();
      case LifeEffect.SendOn(long number) -> remove(number).sentOn();
      case LifeEffect.Disconnect(long number) -> remove(number).disconnect();
      case LifeEffect.Interrupt(long untilMs) -> {
        resumeUntil = Instant.now().plusMillis(untilMs - nowMs);
        log.interrupt(nowMs);
        listener.interrupted(this);
      }
      case LifeEffect.Extend(long untilMs) -> {
        resumeUntil = Instant.now().plusMillis(untilMs - nowMs);
        listener.extended(this);
      }
      case LifeEffect.Resume _ -> {
        resumeUntil = null;
        log.interrupt(nowMs);
        if (log.hasPictures()) {
          gate.close(nowMs);
        }
        listener.resumed(this);
      }
      case LifeEffect.Ended(EndReason reason) -> {
        endReason = reason;
        resumeUntil = null;
        listener.ended(this, reason);
        closeLogWhenDone();
      }
    }
  }

  private void wakeWhenDue(long nowMs) {
    long next = life.wakeAtMs();
    if (next == wakeAtMs) {
      return;
    }
    Future<?> before = waking;
    if (before != null) {
      before.cancel(false);
    }
    wakeAtMs = next;
    waking =
        next == Long.MAX_VALUE
            ? null
            : loop.schedule(this::wake, Math.max(0, next - nowMs), TimeUnit.MILLISECONDS);
  }

  private void wake() {
    wakeAtMs = Long.MAX_VALUE;
    take(new LifeInput.Tick());
  }

  private @Nullable Long numberOf(Publisher publisher) {
    for (Map.Entry<Long, Publisher> entry : publishers.entrySet()) {
      if (entry.getValue() == publisher) {
        return entry.getKey();
      }
    }
    return null;
  }

  private Publisher publisher(long number) {
    return Objects.requireNonNull(publishers.get(number));
  }

  private Publisher remove(long number) {
    return Objects.requireNonNull(publishers.remove(number));
  }

  private void onLoop(Runnable work) {
    if (loop.inEventLoop()) {
      work.run();
    } else {
      loop.execute(work);
    }
  }

  private void closeLogWhenDone() {
    if (endReason != null && holds == 0 && !gone) {
      gone = true;
      log.close();
      listener.gone(this);
    }
  }
}
