package manycast.media.relay;

import io.netty.channel.Channel;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import manycast.db.failures.FailureReason;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.BroadcastState;
import manycast.media.broadcast.Cursor;
import manycast.media.broadcast.EndReason;
import manycast.media.flv.FourCc;
import manycast.media.rtmp.connection.ClientFailure;
import manycast.media.rtmp.connection.ClientTarget;
import manycast.media.rtmp.netty.RtmpClientHandler;
import manycast.media.rtmp.netty.RtmpClientListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running work of sending one broadcast to one destination: carries out what its {@link
 * RelayMachine} decides. It has no queue: what its channel does not take stays in the log. Belongs
 * to the broadcast's loop.
 */
class Relay implements RelayConnection.Owner, Occupant {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  private static final int DRAIN_MS = 5_000;

  private final Broadcast broadcast;
  private final RelayParts parts;
  private final RelayMachine machine;
  private final SharedParts shared;
  private final RelayDelay delay;
  private final RelayTally tally;
  private final RelayReporter reporter;
  private Destination destination;
  private @Nullable Cursor cursor;
  private Dialer.@Nullable Attempt attempt;
  private @Nullable RelayConnection connection;
  private @Nullable ServerUrl dialled;

  /** Where the destination asked to be connected to next; forgotten with the next attempt. */
  private @Nullable ServerUrl movedTo;

  private int connectionNumber;
  private int connectionsBeingLeft;
  private boolean waitingForPlace;
  private long drainUntilMs;

  /**
   * A relay at rest; the timer calls {@link #offered}.
   *
   * @param before what another process has sent of this broadcast to this destination
   * @param shared with the broadcast's other relays
   */
  Relay(
      Broadcast broadcast,
      Destination destination,
      RelayTotals before,
      RelayParts parts,
      SharedParts shared) {
    this.broadcast = broadcast;
    this.destination = destination;
    this.parts = parts;
    this.shared = shared;
    this.delay = new RelayDelay(destination.delayMs());
    this.machine =
        new RelayMachine(destination.enabled(), before.wasLive(), new Random(), Broadcast.nowMs());
    this.tally = new RelayTally(before, broadcast.log());
    this.reporter = new RelayReporter(broadcast, machine, tally, delay);
  }

  /**
   * Takes up work: from the place of {@code firstStart} where there is one, else from the newest
   * start point.
   */
  void start(@Nullable Cursor firstStart) {
    if (destination.enabled() && firstStart != null) {
      cursor = broadcast.log().openLike(firstStart, this, delay.ms());
    }
    if (destination.enabled()) {
      tally.due().begin(destination.tracks(), firstStart != null);
    }
    report(null);
    if (broadcast.state() == BroadcastState.RESUMING) {
      interrupted();
    }
    beginWhenDue(Broadcast.nowMs());
  }

  /** The broadcast has lost its encoder. */
  void interrupted() {
    take(new RelayInput.Interrupted());
  }

  /** The encoder is back. */
  void resumed() {
    take(new RelayInput.Resumed());
  }

  Destination destination() {
    return destination;
  }

  RelayState state() {
    return machine.state();
  }

  /** Whether its frames are due later than they come. */
  boolean isDelayed() {
    Cursor place = cursor;
    return delay.ms() > 0 || (place != null && place.delayMs() > 0);
  }

  boolean isOver() {
    return machine.state() == RelayState.ENDED
        || (machine.state() == RelayState.DISABLED && broadcast.endReason() != null);
  }

  /** Whether it is over and nothing goes out to its destination any more, a goodbye included. */
  boolean isGone() {
    return isOver() && connectionsBeingLeft <= 0;
  }

  /** Sends on, where it is behind and others had to have their turn first. */
  void sendOn(long nowMs) {
    RelayConnection current = publishing();
    if (current != null) {
      current.pumpWhatWaits(nowMs);
      wakeWhenDue(nowMs);
    }
  }

  /** Takes a newer configuration. */
  void update(Destination newer) {
    Destination older = destination;
    destination = newer;
    if (!newer.enabled()) {
      take(new RelayInput.Disable());
      return;
    }
    long nowMs = Broadcast.nowMs();
    changeDelay(nowMs);
    tally.due().choose(newer.tracks(), publishing(), delay.inForceMs(cursor), nowMs);
    if (!older.enabled()) {
      tally.due().begin(newer.tracks(), false);
      waitForDelay();
      take(new RelayInput.Enable());
    } else if (newer.revision() != older.revision()
        || (!newer.tracks().equals(older.tracks()) && machine.state() == RelayState.FAILED)) {
      movedTo = null;
      waitForDelay();
      take(new RelayInput.Restart());
    } else if (!newer.equals(older)) {
      RelayConnection current = connection;
      if (current != null && !failedForItsCodec()) {
        current.choose(newer.tracks());
      }
      report(null);
    }
  }

  /** The destination was deleted. */
  void remove() {
    take(new RelayInput.Remove());
  }

  /** The broadcast has ended. */
  void end() {
    switch (farewell()) {
      case DRAIN -> {
        Cursor place = cursor;
        int late = delay.inForceMs(place);
        long nowMs = Broadcast.nowMs();
        drainUntilMs = nowMs + late + DRAIN_MS;
        take(
            new RelayInput.Drain(
                late > 0 && place != null && place.hasPosition() && !place.isAtHead()));
        endDrainWhenDone(nowMs);
      }
      case DRAIN_SILENTLY -> {
        long nowMs = Broadcast.nowMs();
        drainUntilMs = nowMs + DRAIN_MS;
        take(new RelayInput.Drain(false));
        endDrainWhenDone(nowMs);
      }
      case AT_ONCE, SILENT -> stop();
    }
  }

  /** After the end: leaves now, whatever there is left to send. */
  void stop() {
    take(
        switch (farewell()) {
          case DRAIN, AT_ONCE -> new RelayInput.Stop();
          case DRAIN_SILENTLY, SILENT -> new RelayInput.Abandon();
        });
  }

  private EndReason.Farewell farewell() {
    return Objects.requireNonNull(broadcast.endReason()).farewell();
  }

  /** The next broadcast waits for this place, from any thread: five seconds more, no longer. */
  @Override
  public void makeWay() {
    broadcast
        .loop()
        .execute(() -> drainUntilMs = Math.min(drainUntilMs, Broadcast.nowMs() + DRAIN_MS));
  }

  /** Something in this relay's own code went wrong: it alone begins anew. */
  @Override
  public void failInside(RuntimeException fault) {
    LOG.error(
        "relay to {} of broadcast {} failed",
        destination.id(),
        broadcast.claim().broadcastId(),
        fault);
    try {
      take(new RelayInput.Fault());
    } catch (RuntimeException again) {
      LOG.error("relay to {}: nor could its end be carried out", destination.id(), again);
    }
    letGoOfWhatIsLeft();
  }

  /** An effect that failed may not have let go of what the state that was reached does not have. */
  private void letGoOfWhatIsLeft() {
    try {
      if (broadcast.endReason() != null && !machine.isDraining()) {
        stop();
      }
      RelayState state = machine.state();
      if (state != RelayState.CONNECTING && state != RelayState.LIVE) {
        closeConnection(RtmpClientHandler::drop);
      }
      if (state == RelayState.FAILED || isOver()) {
        letGo();
      }
    } catch (RuntimeException again) {
      LOG.error("relay to {}: something of it is left", destination.id(), again);
    }
  }

  /** Four times a second. */
  void tick(long nowMs) {
    if (destination.enabled() && broadcast.endReason() == null) {
      changeDelay(nowMs);
    }
    take(new RelayInput.Tick());
    beginWhenDue(nowMs);
    if (waitingForPlace) {
      connect();
    }
    RelayConnection current = connection;
    if (current != null && broadcast.endReason() == null && failedForItsCodec()) {
      return;
    }
    if (current != null) {
      current.noteProgress(nowMs);
      current.count();
      if (current.isPublishing()) {
        tickWhilePublishing(current, nowMs);
      }
    }
    endDrainWhenDone(nowMs);
    wakeWhenDue(nowMs);
  }

  private void tickWhilePublishing(RelayConnection current, long nowMs) {
    reporter.noteSent(current, nowMs);
    current.pumpWhatWaits(nowMs);
    if (connection != current) {
      // It broke while it was written to.
      return;
    }
    String event = reporter.notePace(current, cursor, nowMs);
    if (event != null) {
      report(event);
    }
    if (current.isStalled(nowMs)) {
      take(new RelayInput.Failed(FailureReason.STALLED, RelayInput.Verdict.PASSING, ""));
    }
  }

  @Override
  public void offered(long nowMs) {
    // Not by guard: this runs for every frame and destination, and must allocate nothing.
    try {
      RelayConnection current = connection;
      if (current != null && current.isPublishing()) {
        current.pump(nowMs);
      } else {
        beginWhenDue(nowMs);
      }
      wakeWhenDue(nowMs);
    } catch (RuntimeException e) {
      failInside(e);
    }
  }

  @Override
  public void jumped() {
    RelayConnection current = publishing();
    if (current != null) {
      tally.due().jumped(current);
    }
  }

  /** What goes wrong in one relay stays there. */
  void guard(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      failInside(e);
    }
  }

  /** Everything about it as it is now, for a page. */
  RelayReport snapshot() {
    return reporter.report(destination, connection, cursor, null);
  }

  /** Carries out every effect, also when one before it failed: what is to be let go of must go. */
  private void take(RelayInput input) {
    RelayState before = machine.state();
    RuntimeException fault = null;
    for (RelayEffect effect : machine.on(input, Broadcast.nowMs())) {
      try {
        carryOut(effect, before);
      } catch (RuntimeException e) {
        fault = e;
      }
    }
    if (fault != null) {
      throw fault;
    }
  }

  void carryOut(RelayEffect effect, RelayState before) {
    switch (effect) {
      case CONNECT -> connect();
      case DROP -> closeConnection(RtmpClientHandler::drop);
      case SAY_GOODBYE -> closeConnection(RtmpClientHandler::stop);
      case LET_GO -> letGo();
      case REPORT -> report(reporter.eventOf(before));
    }
  }

  private void beginWhenDue(long nowMs) {
    if (machine.state() == RelayState.IDLE && isMediaDue(nowMs)) {
      take(new RelayInput.MediaReady());
    }
  }

  /** A delayed relay holds its place in the log until the frame there is due. */
  private boolean isMediaDue(long nowMs) {
    if (delay.ms() == 0) {
      return broadcast.log().hasStart();
    }
    if (cursor == null) {
      cursor = broadcast.log().openAtNewestStart(this, delay.ms(), nowMs);
    }
    return cursor.dueAtMs() <= nowMs;
  }

  private void wakeWhenDue(long nowMs) {
    Cursor place = cursor;
    if (place != null
        && place.delayMs() > 0
        && (isPublishing() || machine.state() == RelayState.IDLE)
        && place.dueAtMs() > nowMs) {
      shared.timer().wakeAt(place.dueAtMs());
    }
  }

  /** A longer delay begins anew when its time has come; a shorter one jumps, or begins earlier. */
  private void changeDelay(long nowMs) {
    int before = delay.ms();
    boolean longer =
        delay.change(destination.delayMs(), broadcast.log(), broadcast.ingest().bitrateBps(nowMs));
    if (longer && machine.state() != RelayState.IDLE) {
      take(new RelayInput.Wait());
    } else if (delay.ms() != before && cursor != null) {
      leaveStep();
      cursor.changeDelay(delay.ms());
    }
  }

  /** Without a place in the log nothing that comes now is due before the delay has passed. */
  private void waitForDelay() {
    if (delay.ms() > 0 && cursor == null) {
      take(new RelayInput.Wait());
    }
  }

  private void connect() {
    closeConnection(RtmpClientHandler::drop);
    if (failedForItsCodec()) {
      return;
    }
    waitingForPlace = !parts.occupancy().enter(destination.id(), this);
    if (waitingForPlace) {
      return;
    }
    String key = destination.key();
    if (key == null) {
      take(
          new RelayInput.Failed(
              FailureReason.INTERNAL,
              RelayInput.Verdict.FINAL,
              "the stored stream key cannot be opened"));
      return;
    }
    ServerUrl url;
    try {
      url = movedTo == null ? ServerUrl.parse(destination.url()) : movedTo;
    } catch (IllegalArgumentException e) {
      take(
          new RelayInput.Failed(
              FailureReason.REJECTED, RelayInput.Verdict.FINAL, String.valueOf(e.getMessage())));
      return;
    }
    movedTo = null;
    dialled = url;
    dial(url, url.target(key).naming(enhancedCodecs()));
  }

  private void dial(ServerUrl url, ClientTarget target) {
    attempt = parts.dialer().dial(broadcast.loop(), url, new Dialing(target));
  }

  private List<FourCc> enhancedCodecs() {
    return Stream.of(broadcast.ingest().videoCodec(), broadcast.ingest().audioCodec())
        .flatMap(Stream::ofNullable)
        .filter(RtmpWireFormat::isEnhanced)
        .map(FourCc::of)
        .flatMap(Stream::ofNullable)
        .toList();
  }

  /** What the platform does not take never goes there, not even a connection. */
  private boolean failedForItsCodec() {
    String refusal =
        PlatformCodecs.of(destination.platform())
            .refusal(
                broadcast.ingest().codecOf(destination.tracks().videoTrack()),
                broadcast.ingest().codecOf(destination.tracks().audioTrack()));
    if (refusal != null) {
      take(
          new RelayInput.Failed(
              FailureReason.INCOMPATIBLE_CODEC, RelayInput.Verdict.FINAL, refusal));
    }
    return refusal != null;
  }

  private void begin(Channel channel, ClientTarget target) {
    RtmpClientHandler handler = new RtmpClientHandler(target, new Connected(++connectionNumber));
    connection =
        new RelayConnection(
            broadcast, handler, shared.inStep(), shared.catchUp(), this, parts.egress());
    channel.pipeline().addLast(handler);
    if (!channel.isActive()) {
      forgetConnection();
      take(new RelayInput.Failed(FailureReason.RESET, RelayInput.Verdict.PASSING, ""));
    }
  }

  private void published(RelayConnection current) {
    Cursor place = cursor;
    long nowMs = Broadcast.nowMs();
    if (place == null || !place.hasPosition()) {
      closeCursor();
      place = broadcast.log().openAtNewestStart(this, delay.ms(), nowMs);
      cursor = place;
    }
    current.publish(
        place,
        parts.format(),
        PlatformCodecs.of(destination.platform()),
        destination.tracks(),
        nowMs);
    tally.due().connected(place, nowMs);
    reporter.begin(place, nowMs);
    take(new RelayInput.Published());
    current.pump(nowMs);
  }

  private boolean isPublishing() {
    return publishing() != null;
  }

  private @Nullable RelayConnection publishing() {
    RelayConnection current = connection;
    return current != null && current.isPublishing() ? current : null;
  }

  private void endDrainWhenDone(long nowMs) {
    if (!machine.isDraining() || isOver()) {
      return;
    }
    Cursor place = cursor;
    RelayConnection current = connection;
    boolean drained =
        current != null
            && current.isPublishing()
            && place != null
            && (place.isAtHead() || !place.hasPosition())
            && current.pendingBytes() == 0;
    if (drained || nowMs >= drainUntilMs) {
      stop();
    }
  }

  private void closeConnection(Consumer<RtmpClientHandler> how) {
    Dialer.Attempt dialing = attempt;
    attempt = null;
    waitingForPlace = false;
    if (dialing != null) {
      dialing.cancel();
    }
    RelayConnection current = connection;
    if (current != null) {
      current.noteProgress(Broadcast.nowMs());
      forgetConnection();
      connectionsBeingLeft++;
      try {
        how.accept(current.handler());
      } catch (RuntimeException e) {
        current.handler().channel().close();
        leftOne();
        throw e;
      }
    }
  }

  private void forgetConnection() {
    RelayConnection over = connection;
    connection = null;
    if (over != null) {
      over.leaveStep();
      over.count();
      tally.add(over);
    }
  }

  /**
   * A delayed relay that goes on keeps a place: what it has not sent is not in the log for long.
   */
  private void letGo() {
    Cursor place = cursor;
    closeCursor();
    RelayState state = machine.state();
    if (place != null
        && delay.ms() > 0
        && (state == RelayState.IDLE
            || state == RelayState.CONNECTING
            || state == RelayState.RETRYING)) {
      cursor = broadcast.log().openBehind(place, this, delay.ms());
    }
    leavePlace();
  }

  private void leaveStep() {
    if (connection != null) {
      connection.leaveStep();
    }
  }

  private void closeCursor() {
    leaveStep();
    Cursor place = cursor;
    cursor = null;
    if (place != null) {
      place.close();
      tally.add(place);
    }
  }

  private void leftOne() {
    connectionsBeingLeft--;
    leavePlace();
  }

  /** The next broadcast may go there once nothing of this one is left. */
  private void leavePlace() {
    if (connectionsBeingLeft == 0
        && connection == null
        && attempt == null
        && machine.state() != RelayState.CONNECTING) {
      parts.occupancy().leave(destination.id(), this);
    }
  }

  private void report(@Nullable String event) {
    if (event != null) {
      reporter.eventHappened(destination, event);
    }
    parts.journal().record(reporter.report(destination, connection, cursor, event));
  }

  /** How the attempt that this was made for ends; a later attempt hears nothing of it. */
  private final class Dialing implements Dialer.Outcome {
    private final ClientTarget target;

    Dialing(ClientTarget target) {
      this.target = target;
    }

    @Override
    public void connected(Channel channel) {
      attempt = null;
      guard(() -> begin(channel, target));
    }

    @Override
    public void failed(FailureReason reason, String detail) {
      attempt = null;
      LOG.debug("destination {}: {} ({})", destination.id(), reason, detail);
      RelayInput.Verdict verdict =
          reason.isPermanent() ? RelayInput.Verdict.FINAL : RelayInput.Verdict.PASSING;
      guard(() -> take(new RelayInput.Failed(reason, verdict, "")));
    }
  }

  /** What the connection that this was made for tells; nothing once the relay has let go of it. */
  private final class Connected implements RtmpClientListener {
    private final int number;

    Connected(int number) {
      this.number = number;
    }

    private boolean isCurrent() {
      return connection != null && number == connectionNumber;
    }

    @Override
    public void onPublishing(RtmpClientHandler handler) {
      RelayConnection current = connection;
      if (current != null && number == connectionNumber) {
        guard(() -> published(current));
      }
    }

    @Override
    public void onWritable() {
      if (isCurrent()) {
        offered(Broadcast.nowMs());
      }
    }

    @Override
    public void onOwnWords() {
      if (isCurrent()) {
        leaveStep();
      }
    }

    @Override
    public void onAcknowledged(long bytes) {}

    @Override
    public void onFailure(ClientFailure failure) {
      if (isCurrent()) {
        forgetConnection();
        if (failure instanceof ClientFailure.LoginAsked(ClientTarget next) && dialled != null) {
          ServerUrl there = dialled;
          guard(() -> dial(there, next));
          return;
        }
        if (failure instanceof ClientFailure.ReconnectRequested asked && dialled != null) {
          movedTo = dialled.moved(asked.tcUrl());
        }
        guard(() -> take(Verdicts.of(failure)));
      } else {
        leftOne();
      }
    }

    @Override
    public void onStopped() {
      leftOne();
    }
  }
}
