package manycast.media.relay;

import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.Cursor;
import manycast.media.broadcast.EndReason;
import org.jspecify.annotations.Nullable;

/**
 * The relays of one broadcast, brought in line with the stream's configuration. Belongs to the
 * broadcast's loop.
 */
class BroadcastRelays {
  private static final int TICK_MS = 250;
  private static final int RECORD_EVERY_TICKS = 40;

  private final Broadcast broadcast;
  private final RelayParts parts;
  private final Consumer<BroadcastRelays> whenOver;
  private final Map<UUID, Relay> relays = new LinkedHashMap<>();
  private final ScheduledFuture<?> ticking;
  private final SharedParts shared;
  private @Nullable Cursor firstStart;
  private long newestLoad;
  private int ticks;
  private int turns;

  BroadcastRelays(Broadcast broadcast, RelayParts parts, Consumer<BroadcastRelays> whenOver) {
    this.broadcast = broadcast;
    this.parts = parts;
    this.whenOver = whenOver;
    // Keeps the first keyframe until it is known which destinations want it.
    this.firstStart = broadcast.log().openAtFirstStart(_ -> {});
    broadcast.hold();
    this.shared =
        new SharedParts(
            new DueTimer(broadcast.loop(), broadcast::flushWindowMs, this::offerWhatIsDue),
            new InStep(broadcast.log(), parts.format(), parts.writes()),
            new CatchUp(broadcast.loop(), this::bytesPerSecond, this::sendOn));
    this.ticking =
        broadcast.loop().scheduleAtFixedRate(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
  }

  /**
   * Applies a configuration.
   *
   * @param load its number: one that was asked for before the last one applied comes too late
   */
  void apply(long load, StreamConfig config) {
    if (load <= newestLoad || broadcast.endReason() != null) {
      return;
    }
    newestLoad = load;
    if (config.deleted()) {
      broadcast.end(EndReason.DELETED);
    } else if (!config.enabled()) {
      broadcast.end(EndReason.DISABLED);
    } else if (Objects.equals(config.stopBroadcastId(), broadcast.claim().broadcastId())) {
      broadcast.end(EndReason.STOPPED);
    } else {
      broadcast.configure(config.resumeGraceSeconds(), config.keys());
      if (broadcast.endReason() == null) {
        reconcile(config);
      }
    }
  }

  /** The broadcast has lost its encoder. */
  void interrupted() {
    for (Relay relay : List.copyOf(relays.values())) {
      relay.guard(relay::interrupted);
    }
  }

  /** The encoder is back. */
  void resumed() {
    for (Relay relay : List.copyOf(relays.values())) {
      relay.guard(relay::resumed);
    }
  }

  /** The broadcast has ended. */
  void ended() {
    forgetFirstStart();
    for (Relay relay : List.copyOf(relays.values())) {
      relay.guard(relay::end);
    }
    finishWhenAllAreOver();
  }

  /** After the end: no destination gets more than its goodbye any more. From any thread. */
  void sayGoodbye() {
    broadcast
        .loop()
        .execute(
            () -> {
              for (Relay relay : List.copyOf(relays.values())) {
                relay.guard(relay::stop);
              }
            });
  }

  /** Every destination as it is now. */
  List<RelayReport> snapshot() {
    List<RelayReport> reports = new ArrayList<>(relays.size());
    for (Relay relay : relays.values()) {
      relay.guard(() -> reports.add(relay.snapshot()));
    }
    return reports;
  }

  private void reconcile(StreamConfig config) {
    List<Destination> wanted = config.destinations();
    Set<UUID> ids = wanted.stream().map(Destination::id).collect(Collectors.toSet());
    for (Relay relay : List.copyOf(relays.values())) {
      if (!ids.contains(relay.destination().id())) {
        relay.guard(relay::remove);
        relays.remove(relay.destination().id());
      }
    }
    for (Destination destination : wanted) {
      Relay relay = relays.get(destination.id());
      if (relay == null) {
        RelayTotals before = config.sent().getOrDefault(destination.id(), RelayTotals.NONE);
        Relay added = relayTo(broadcast, destination, before, parts, shared);
        relays.put(destination.id(), added);
        added.guard(() -> added.start(firstStart));
      } else {
        relay.guard(() -> relay.update(destination));
      }
    }
    forgetFirstStart();
  }

  private void forgetFirstStart() {
    Cursor place = firstStart;
    firstStart = null;
    if (place != null) {
      place.close();
    }
  }

  private void tick() {
    long nowMs = Broadcast.nowMs();
    boolean record = ++ticks % RECORD_EVERY_TICKS == 0;
    for (Relay relay : List.copyOf(relays.values())) {
      relay.guard(() -> relay.tick(nowMs));
      // One that has failed goes on missing what comes.
      if (record && (relay.state() == RelayState.LIVE || relay.state() == RelayState.FAILED)) {
        relay.guard(() -> parts.journal().record(relay.snapshot()));
      }
    }
    finishWhenAllAreOver();
  }

  private void finishWhenAllAreOver() {
    if (broadcast.endReason() == null || ticking.isCancelled()) {
      return;
    }
    if (relays.values().stream().allMatch(Relay::isGone)) {
      ticking.cancel(false);
      shared.timer().stop();
      shared.inStep().close();
      shared.catchUp().stop();
      broadcast.release();
      whenOver.accept(this);
    }
  }

  Relay relayTo(
      Broadcast of, Destination to, RelayTotals before, RelayParts with, SharedParts among) {
    return new Relay(of, to, before, with, among);
  }

  private long bytesPerSecond() {
    return relays.size() * broadcast.ingest().bitrateBps(Broadcast.nowMs()) / 8;
  }

  private void sendOn() {
    long nowMs = Broadcast.nowMs();
    List<Relay> inTurn = new ArrayList<>(relays.values());
    // Round-robin: the room of a moment may not reach to the last.
    Collections.rotate(inTurn, ++turns);
    for (Relay relay : inTurn) {
      relay.guard(() -> relay.sendOn(nowMs));
    }
  }

  private void offerWhatIsDue() {
    long nowMs = Broadcast.nowMs();
    for (Relay relay : relays.values()) {
      // The others have their frames as they come, or at the end of a window.
      if (relay.isDelayed()) {
        relay.offered(nowMs);
      }
    }
  }
}
