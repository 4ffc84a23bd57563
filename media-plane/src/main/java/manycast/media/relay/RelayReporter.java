package manycast.media.relay;

import java.time.Instant;
import manycast.db.failures.FailureReason;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.Cursor;
import manycast.media.broadcast.EndReason;
import manycast.media.broadcast.RateMeter;
import manycast.media.loops.TcpFacts;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is told of one relay: how fast it sends, whether it lags, what the user could change, and
 * all that in a report. Belongs to the broadcast's loop.
 */
final class RelayReporter {
  private static final Logger LOG = LoggerFactory.getLogger(RelayReporter.class);

  private final Broadcast broadcast;
  private final RelayMachine machine;
  private final RelayTally tally;
  private final RelayDelay delay;
  private final RateMeter rate = new RateMeter();
  private final BitrateAdvice advice = new BitrateAdvice();
  private final LagWatch lagWatch = new LagWatch();

  RelayReporter(Broadcast broadcast, RelayMachine machine, RelayTally tally, RelayDelay delay) {
    this.broadcast = broadcast;
    this.machine = machine;
    this.tally = tally;
    this.delay = delay;
  }

  /** It begins to send from this place. */
  void begin(Cursor place, long nowMs) {
    lagWatch.begin(nowMs);
    advice.begin(tally.skips(place));
  }

  /** Four times a second while it sends. */
  void noteSent(RelayConnection current, long nowMs) {
    rate.note(tally.bytes(current), nowMs);
  }

  /** Four times a second, after what waited was sent; answers what has to be told, or null. */
  @Nullable String notePace(RelayConnection current, @Nullable Cursor place, long nowMs) {
    int skips = tally.skips(place);
    advice.note(skips, tally.bytes(current), broadcast.ingest().bitrateBps(nowMs), nowMs);
    if (!lagWatch.note(current.lagMs(nowMs), skips, nowMs)) {
      return null;
    }
    return lagWatch.isBehind() ? "destination.behind" : "destination.caught_up";
  }

  /** The event that the machine's state is since it was {@code before}, or null for none. */
  @Nullable String eventOf(RelayState before) {
    RelayState now = machine.state();
    if (before == now || isHandedOver()) {
      return null;
    }
    return switch (now) {
      case CONNECTING, LIVE, RETRYING, FAILED, ENDED -> "destination." + now.word();
      case DISABLED -> before == RelayState.IDLE ? null : "destination.ended";
      case IDLE -> null;
    };
  }

  /** Notes and logs an event that is about to be reported. */
  void eventHappened(Destination destination, String event) {
    boolean live = machine.state() == RelayState.LIVE;
    if (!live) {
      lagWatch.end();
    }
    FailureReason reason = machine.lastReason();
    LOG.info(
        "destination {} of broadcast {}: {}{}",
        destination.id(),
        broadcast.claim().broadcastId(),
        event.substring("destination.".length()),
        reason == null || live ? "" : " (" + reason.code() + ")");
  }

  /** All there is to say now. */
  RelayReport report(
      Destination destination,
      @Nullable RelayConnection current,
      @Nullable Cursor place,
      @Nullable String event) {
    long nowMs = Broadcast.nowMs();
    RelayConnection publishing = current != null && current.isPublishing() ? current : null;
    FailureReason reason = machine.lastReason();
    TcpFacts way = publishing == null ? null : TcpFacts.of(publishing.channel());
    long frames = tally.frames(current);
    int delayMs = delay.inForceMs(place);
    if (machine.state() == RelayState.DISABLED || machine.state() == RelayState.ENDED) {
      tally.due().stop(delayMs, nowMs);
    }
    return new RelayReport(
        broadcast.claim(),
        destination,
        isHandedOver() && machine.state() == RelayState.ENDED ? RelayState.IDLE : machine.state(),
        lagWatch.isBehind(),
        machine.hasGivenUp() && !isHandedOver(),
        publishing == null ? 0 : rate.perSecond(tally.bytes(current), nowMs) * 8,
        tally.bytes(current),
        frames,
        tally.dropped(place),
        Math.max(frames, tally.due().total(publishing, delayMs, nowMs)),
        tally.skips(place),
        tally.reconnects(machine.reconnects()),
        publishing == null ? null : publishing.lagMs(nowMs),
        way == null ? null : (Long) way.rttMs(),
        way == null ? null : (Long) way.retransmits(),
        publishing == null
            ? null
            : (Long) (publishing.pendingBytes() + (way == null ? 0 : way.unsentBytes())),
        publishing == null ? null : advice.fittingBps(),
        delayMs,
        reason == null
            ? advice(destination, publishing != null)
            : reason.sentence(machine.lastWords()),
        reason == null ? null : reason.code(),
        machine.retryAtMs() < 0
            ? null
            : Instant.now().plusMillis(Math.max(0, machine.retryAtMs() - nowMs)),
        event);
  }

  /** Whoever goes on with the broadcast goes on with this destination too: it has not ended. */
  private boolean isHandedOver() {
    return broadcast.endReason() == EndReason.HANDED_OVER;
  }

  /** What the user could change, where nothing is wrong. */
  private @Nullable String advice(Destination destination, boolean publishing) {
    if (delay.refusal() != null || !publishing) {
      return delay.refusal();
    }
    String missing = destination.tracks().missingOf(broadcast.ingest());
    return missing == null ? advice.sentence() : missing;
  }
}
