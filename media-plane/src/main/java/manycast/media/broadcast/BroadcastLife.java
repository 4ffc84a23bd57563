package manycast.media.broadcast;

import static manycast.media.broadcast.BroadcastState.ENDED;
import static manycast.media.broadcast.BroadcastState.LIVE;
import static manycast.media.broadcast.BroadcastState.RESUMING;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The life of one broadcast as a pure machine: live, resuming while its lost encoder is waited for,
 * ended. It also decides about those who ask to publish meanwhile: the encoder that comes back, and
 * one that comes while another publishes. That one is held until the publisher has been silent for
 * three seconds, and takes its place; a message of media meanwhile turns it away, once what was
 * under way when it asked has arrived. After two such takeovers in half a minute two encoders
 * fight, and the later has to see fifteen seconds of silence.
 */
final class BroadcastLife {
  static final int SILENT_MS = 3_000;

  /**
   * An encoder that comes back at once may find its own last media still under way: what arrives so
   * soon after it asked turns nobody away.
   */
  static final int UNDER_WAY_MS = 500;

  /** OBS waits 30 s for an answer. */
  static final int HELD_MS = UNDER_WAY_MS + SILENT_MS;

  static final int HELD_IN_STRIFE_MS = 15_000;
  static final int STRIFE_WITHIN_MS = 30_000;
  static final int MOST_HELD = 8;

  private static final int TAKEOVERS_OF_STRIFE = 2;

  private final long[] takeovers = new long[TAKEOVERS_OF_STRIFE];
  private final List<Held> held = new ArrayList<>();
  private BroadcastState state = LIVE;
  private long publisher;
  private long lastMediaMs;
  private long graceMs;
  private long lostAtMs;

  /** One that asked while another one publishes. */
  private record Held(long publisher, long askedMs, long notBeforeMs, long untilMs) {}

  /** A broadcast that begins with this publisher. */
  BroadcastLife(long publisher, long graceMs, long nowMs) {
    this.publisher = publisher;
    this.graceMs = graceMs;
    this.lastMediaMs = nowMs;
    Arrays.fill(takeovers, Long.MIN_VALUE);
  }

  BroadcastState state() {
    return state;
  }

  /** Whether this one publishes now. */
  boolean isPublishing(long candidate) {
    return state == LIVE && publisher == candidate;
  }

  /** Media came from the publisher; answers whether others wait, who have to hear of it. */
  boolean media(long nowMs) {
    lastMediaMs = nowMs;
    return !held.isEmpty();
  }

  /** When time alone changes something next, or {@link Long#MAX_VALUE}. */
  long wakeAtMs() {
    return switch (state) {
      case RESUMING -> lostAtMs + graceMs;
      case LIVE -> held.stream().mapToLong(this::changesAtMs).min().orElse(Long.MAX_VALUE);
      case ENDED -> Long.MAX_VALUE;
    };
  }

  /** Takes an input and answers what is to be done, in this order. */
  List<LifeEffect> on(LifeInput input, long nowMs) {
    return switch (state) {
      case LIVE ->
          switch (input) {
            case LifeInput.Asked(long who) -> hold(who, nowMs);
            case LifeInput.Withdrawn(long who) -> forget(who);
            case LifeInput.MediaWhileHeld _ -> turnAway(nowMs);
            case LifeInput.Left(long who, boolean goodbye) when who == publisher ->
                goodbye ? end(EndReason.ENCODER) : lose(nowMs);
            case LifeInput.Left _ -> List.of();
            case LifeInput.Grace(long ms) -> changeGrace(ms);
            case LifeInput.End(EndReason reason) -> endAndDisconnect(reason);
            case LifeInput.Tick _ -> lookAtThoseHeld(nowMs);
          };
      case RESUMING ->
          switch (input) {
            case LifeInput.Asked(long who) -> resume(who, nowMs);
            case LifeInput.Grace(long ms) -> extend(ms, nowMs);
            case LifeInput.End(EndReason reason) -> end(reason);
            case LifeInput.Tick _ -> nowMs < wakeAtMs() ? List.of() : end(EndReason.ENCODER_LOST);
            case LifeInput.Withdrawn _, LifeInput.MediaWhileHeld _, LifeInput.Left _ -> List.of();
          };
      case ENDED ->
          switch (input) {
            case LifeInput.Asked(long who) -> List.of(new LifeEffect.SendOn(who));
            case LifeInput.Withdrawn _, LifeInput.MediaWhileHeld _, LifeInput.Left _ -> List.of();
            case LifeInput.Grace _, LifeInput.End _, LifeInput.Tick _ -> List.of();
          };
    };
  }

  private List<LifeEffect> hold(long who, long nowMs) {
    if (held.size() == MOST_HELD) {
      return List.of(new LifeEffect.TurnAway(who));
    }
    boolean strife = takeovers[0] > nowMs - STRIFE_WITHIN_MS;
    held.add(
        strife
            ? new Held(who, nowMs, nowMs + HELD_IN_STRIFE_MS, nowMs + HELD_IN_STRIFE_MS + SILENT_MS)
            : new Held(who, nowMs, nowMs, nowMs + HELD_MS));
    return lookAtThoseHeld(nowMs);
  }

  private List<LifeEffect> lookAtThoseHeld(long nowMs) {
    for (Held waiting : held) {
      if (nowMs >= takesOverAtMs(waiting)) {
        return takeOver(waiting, nowMs);
      }
    }
    List<LifeEffect> effects = new ArrayList<>();
    for (Held waiting : List.copyOf(held)) {
      if (nowMs >= waiting.untilMs()) {
        held.remove(waiting);
        effects.add(new LifeEffect.TurnAway(waiting.publisher()));
      }
    }
    return effects;
  }

  private List<LifeEffect> takeOver(Held waiting, long nowMs) {
    held.remove(waiting);
    System.arraycopy(takeovers, 1, takeovers, 0, takeovers.length - 1);
    takeovers[takeovers.length - 1] = nowMs;
    LifeEffect disconnect = new LifeEffect.Disconnect(publisher);
    lostAtMs = nowMs;
    List<LifeEffect> effects =
        new ArrayList<>(List.of(disconnect, new LifeEffect.Interrupt(nowMs + graceMs)));
    effects.addAll(resume(waiting.publisher(), nowMs));
    return effects;
  }

  /** One that is held already is what was waited for. */
  private List<LifeEffect> lose(long nowMs) {
    if (graceMs == 0) {
      return end(EndReason.ENCODER_LOST);
    }
    state = RESUMING;
    lostAtMs = nowMs;
    List<LifeEffect> effects = new ArrayList<>(List.of(new LifeEffect.Interrupt(nowMs + graceMs)));
    if (!held.isEmpty()) {
      effects.addAll(resume(held.removeFirst().publisher(), nowMs));
    }
    return effects;
  }

  private List<LifeEffect> resume(long who, long nowMs) {
    state = LIVE;
    publisher = who;
    lastMediaMs = nowMs;
    return List.of(new LifeEffect.Admit(who), new LifeEffect.Resume());
  }

  private List<LifeEffect> changeGrace(long ms) {
    graceMs = ms;
    return List.of();
  }

  private List<LifeEffect> extend(long ms, long nowMs) {
    if (ms == graceMs) {
      return List.of();
    }
    graceMs = ms;
    return nowMs < wakeAtMs()
        ? List.of(new LifeEffect.Extend(wakeAtMs()))
        : end(EndReason.ENCODER_LOST);
  }

  private List<LifeEffect> endAndDisconnect(EndReason reason) {
    List<LifeEffect> effects = new ArrayList<>(List.of(new LifeEffect.Disconnect(publisher)));
    effects.addAll(end(reason));
    return effects;
  }

  private List<LifeEffect> end(EndReason reason) {
    state = ENDED;
    List<LifeEffect> effects = new ArrayList<>(List.of(new LifeEffect.Ended(reason)));
    for (Held waiting : held) {
      effects.add(new LifeEffect.SendOn(waiting.publisher()));
    }
    held.clear();
    return effects;
  }

  private List<LifeEffect> turnAway(long nowMs) {
    List<LifeEffect> effects = new ArrayList<>();
    for (Held waiting : List.copyOf(held)) {
      if (nowMs - waiting.askedMs() >= UNDER_WAY_MS) {
        held.remove(waiting);
        effects.add(new LifeEffect.TurnAway(waiting.publisher()));
      }
    }
    return effects;
  }

  private List<LifeEffect> forget(long who) {
    held.removeIf(waiting -> waiting.publisher() == who);
    return List.of();
  }

  private long takesOverAtMs(Held waiting) {
    return Math.max(waiting.notBeforeMs(), lastMediaMs + SILENT_MS);
  }

  private long changesAtMs(Held waiting) {
    return Math.min(takesOverAtMs(waiting), waiting.untilMs());
  }
}
