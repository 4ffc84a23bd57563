package manycast.media.relay;

import static manycast.media.relay.RelayEffect.CONNECT;
import static manycast.media.relay.RelayEffect.DROP;
import static manycast.media.relay.RelayEffect.LET_GO;
import static manycast.media.relay.RelayEffect.REPORT;
import static manycast.media.relay.RelayEffect.SAY_GOODBYE;
import static manycast.media.relay.RelayState.CONNECTING;
import static manycast.media.relay.RelayState.DISABLED;
import static manycast.media.relay.RelayState.ENDED;
import static manycast.media.relay.RelayState.FAILED;
import static manycast.media.relay.RelayState.IDLE;
import static manycast.media.relay.RelayState.LIVE;
import static manycast.media.relay.RelayState.RETRYING;

import java.util.List;
import java.util.random.RandomGenerator;
import manycast.db.failures.FailureReason;
import org.jspecify.annotations.Nullable;

/**
 * The life of one relay as a pure machine: (state, input, now) to (state, effects). It retries for
 * as long as the broadcast lasts; it gives up only on a clear no, on a key refused three times, or
 * on three closes soon after publish, and never on a destination that has been live in this
 * broadcast, be it in another process; and on five faults of its own within a minute, whatever was
 * before. While the encoder is lost a connection that the destination closes is no failure, and
 * none is made.
 */
final class RelayMachine {
  private static final int HEALTHY_MS = 30_000;
  private static final int SETTLED_MS = 5_000;
  private static final int KEY_REMEMBERED_MS = 60_000;
  private static final int SETTLED_RETRY_MS = 30_000;
  private static final int CLOSES_TO_GIVE_UP = 3;
  private static final int KEY_REFUSALS_TO_GIVE_UP = 3;

  private static final int FAULTS_TO_GIVE_UP = 5;
  private static final int FAULTS_WITHIN_MS = 60_000;

  /** A destination that asks for more than this is retried like one that closes. */
  private static final int MOVES_APART_MS = 10_000;

  private final Backoff backoff;
  private final long[] faultsMs = new long[FAULTS_TO_GIVE_UP];
  private RelayState state;
  private boolean mediaReady;
  private boolean interrupted;

  /** Its destination closed while there was no encoder: it is opened when media is back. */
  private boolean awaitsReturn;

  private boolean draining;
  private boolean moreToDrain;

  /** Was live for a while in this broadcast: no answer of its destination is a last word. */
  private boolean settled;

  private long liveSinceMs;
  private long keyHeldUntilMs;
  private long retryAtMs;
  private long movedMs = -MOVES_APART_MS;
  private int earlyCloses;
  private int keyRefusals;
  private int faults;
  private int reconnects;
  private boolean everLive;
  private boolean gaveUp;
  private @Nullable FailureReason lastReason;
  private String lastWords = "";

  /**
   * A machine at rest.
   *
   * @param liveBefore whether it was live in this broadcast before, in another process: the
   *     destination counts as settled, and may hold the key for that process's connection yet
   */
  RelayMachine(boolean enabled, boolean liveBefore, RandomGenerator random, long nowMs) {
    this.state = enabled ? IDLE : DISABLED;
    this.everLive = liveBefore;
    this.settled = liveBefore;
    this.keyHeldUntilMs = liveBefore ? nowMs + KEY_REMEMBERED_MS : Long.MIN_VALUE;
    this.backoff = new Backoff(random);
  }

  /** Takes an input and answers what is to be done, in this order. */
  List<RelayEffect> on(RelayInput input, long nowMs) {
    switch (input) {
      case RelayInput.MediaReady _ -> mediaReady = !awaitsReturn;
      case RelayInput.Wait _ -> mediaReady = false;
      case RelayInput.Interrupted _ -> interrupted = true;
      case RelayInput.Resumed _ -> {
        interrupted = false;
        awaitsReturn = false;
      }
      default -> {}
    }
    return switch (state) {
      case IDLE ->
          switch (input) {
            case RelayInput.MediaReady _,
                RelayInput.Enable _,
                RelayInput.Restart _,
                RelayInput.Tick _ ->
                mediaReady ? move(CONNECTING, CONNECT, REPORT) : List.of();
            case RelayInput.Disable _ -> move(DISABLED, LET_GO, REPORT);
            case RelayInput.Drain drain -> drainWithoutConnection(drain);
            case RelayInput.Remove _, RelayInput.Stop _, RelayInput.Abandon _ ->
                move(ENDED, LET_GO, REPORT);
            case RelayInput.Fault _ -> fault(nowMs);
            case RelayInput.Published _, RelayInput.Failed _, RelayInput.Wait _ -> List.of();
            case RelayInput.Interrupted _, RelayInput.Resumed _ -> List.of();
          };
      case CONNECTING ->
          switch (input) {
            case RelayInput.Published _ -> published(nowMs);
            case RelayInput.Failed failed -> failed(failed, nowMs);
            case RelayInput.Fault _ -> fault(nowMs);
            case RelayInput.Wait _ -> move(IDLE, DROP, LET_GO, REPORT);
            case RelayInput.Restart _ ->
                mayConnect() ? restart(DROP, CONNECT, REPORT) : restart(DROP, LET_GO, REPORT);
            case RelayInput.Disable _ -> move(DISABLED, DROP, LET_GO, REPORT);
            case RelayInput.Remove _, RelayInput.Stop _, RelayInput.Abandon _ ->
                move(ENDED, DROP, LET_GO, REPORT);
            case RelayInput.Drain drain -> drain(drain);
            case RelayInput.MediaReady _, RelayInput.Enable _, RelayInput.Tick _ -> List.of();
            case RelayInput.Interrupted _, RelayInput.Resumed _ -> List.of();
          };
      case LIVE ->
          switch (input) {
            case RelayInput.Tick _ -> tickWhileLive(nowMs);
            case RelayInput.Failed failed ->
                interrupted ? awaitReturn(nowMs) : failed(failed, nowMs);
            case RelayInput.Fault _ -> fault(nowMs);
            case RelayInput.Wait _ -> {
              keyHeldUntilMs = nowMs + KEY_REMEMBERED_MS;
              yield move(IDLE, DROP, LET_GO, REPORT);
            }
            case RelayInput.Restart _ -> {
              keyHeldUntilMs = nowMs + KEY_REMEMBERED_MS;
              yield mayConnect()
                  ? restart(SAY_GOODBYE, LET_GO, CONNECT, REPORT)
                  : restart(SAY_GOODBYE, LET_GO, REPORT);
            }
            case RelayInput.Disable _ -> move(DISABLED, SAY_GOODBYE, LET_GO, REPORT);
            case RelayInput.Remove _, RelayInput.Stop _ -> move(ENDED, SAY_GOODBYE, LET_GO, REPORT);
            case RelayInput.Abandon _ -> move(ENDED, DROP, LET_GO, REPORT);
            case RelayInput.Drain drain -> drain(drain);
            case RelayInput.MediaReady _, RelayInput.Enable _, RelayInput.Published _ -> List.of();
            case RelayInput.Interrupted _, RelayInput.Resumed _ -> List.of();
          };
      case RETRYING ->
          switch (input) {
            case RelayInput.Tick _ -> nowMs < retryAtMs ? List.of() : retry();
            case RelayInput.Restart _ -> mayConnect() ? restart(CONNECT, REPORT) : restart(REPORT);
            case RelayInput.Fault _ -> fault(nowMs);
            case RelayInput.Wait _ -> move(IDLE, LET_GO, REPORT);
            case RelayInput.Disable _ -> move(DISABLED, LET_GO, REPORT);
            case RelayInput.Drain drain -> drainWithoutConnection(drain);
            case RelayInput.Remove _, RelayInput.Stop _, RelayInput.Abandon _ ->
                move(ENDED, LET_GO, REPORT);
            case RelayInput.MediaReady _,
                RelayInput.Enable _,
                RelayInput.Published _,
                RelayInput.Failed _,
                RelayInput.Interrupted _,
                RelayInput.Resumed _ ->
                List.of();
          };
      case FAILED ->
          switch (input) {
            case RelayInput.Restart _ -> mayConnect() ? restart(CONNECT, REPORT) : restart(REPORT);
            case RelayInput.Disable _ -> move(DISABLED, LET_GO, REPORT);
            case RelayInput.Remove _, RelayInput.Drain _, RelayInput.Stop _, RelayInput.Abandon _ ->
                move(ENDED, LET_GO, REPORT);
            case RelayInput.MediaReady _,
                RelayInput.Enable _,
                RelayInput.Tick _,
                RelayInput.Published _,
                RelayInput.Failed _,
                RelayInput.Fault _,
                RelayInput.Wait _,
                RelayInput.Interrupted _,
                RelayInput.Resumed _ ->
                List.of();
          };
      case DISABLED ->
          switch (input) {
            case RelayInput.Enable _ -> {
              forget();
              yield mayConnect() ? move(CONNECTING, CONNECT, REPORT) : rest(REPORT);
            }
            case RelayInput.Remove _ -> move(ENDED, REPORT);
            case RelayInput.MediaReady _,
                RelayInput.Disable _,
                RelayInput.Restart _,
                RelayInput.Tick _,
                RelayInput.Published _,
                RelayInput.Failed _,
                RelayInput.Fault _,
                RelayInput.Wait _,
                RelayInput.Interrupted _,
                RelayInput.Resumed _,
                RelayInput.Drain _,
                RelayInput.Stop _,
                RelayInput.Abandon _ ->
                List.of();
          };
      case ENDED -> List.of();
    };
  }

  RelayState state() {
    return state;
  }

  /** What went wrong last, until it is live again for good. */
  @Nullable FailureReason lastReason() {
    return lastReason;
  }

  /** The destination's own words about it; may be empty. */
  String lastWords() {
    return lastWords;
  }

  /** When the next attempt is due, or -1. */
  long retryAtMs() {
    return state == RETRYING ? retryAtMs : -1;
  }

  /** Whether it failed for good, which its end in the same broadcast does not change. */
  boolean hasGivenUp() {
    return gaveUp && (state == FAILED || state == ENDED);
  }

  /** How often it came to be live again in this broadcast. */
  int reconnects() {
    return reconnects;
  }

  /** Whether only the rest of the log is still to be sent. */
  boolean isDraining() {
    return draining;
  }

  private List<RelayEffect> published(long nowMs) {
    if (everLive) {
      reconnects++;
    }
    everLive = true;
    liveSinceMs = nowMs;
    return move(LIVE, REPORT);
  }

  private List<RelayEffect> tickWhileLive(long nowMs) {
    long liveMs = nowMs - liveSinceMs;
    if (liveMs >= SETTLED_MS && !settled) {
      settled = true;
      earlyCloses = 0;
      keyRefusals = 0;
    }
    if (liveMs >= HEALTHY_MS) {
      backoff.reset();
    }
    if (liveMs >= SETTLED_MS && lastReason != null) {
      lastReason = null;
      lastWords = "";
      return List.of(REPORT);
    }
    return List.of();
  }

  private List<RelayEffect> failed(RelayInput.Failed failed, long nowMs) {
    boolean wasLive = state == LIVE;
    lastReason = failed.reason();
    lastWords = failed.words();
    if (draining && !moreToDrain) {
      return move(ENDED, DROP, LET_GO, REPORT);
    }
    if (isHopeless(failed.verdict(), nowMs)) {
      return move(FAILED, DROP, LET_GO, REPORT);
    }
    if (wasLive) {
      keyHeldUntilMs = nowMs + KEY_REMEMBERED_MS;
    }
    if (wasLive
        && failed.verdict() == RelayInput.Verdict.MOVED
        && mayConnect()
        && nowMs - movedMs >= MOVES_APART_MS) {
      movedMs = nowMs;
      return move(CONNECTING, DROP, LET_GO, CONNECT, REPORT);
    }
    boolean refused =
        failed.verdict() == RelayInput.Verdict.FINAL
            || failed.verdict() == RelayInput.Verdict.CLOSED_EARLY;
    retryAtMs = nowMs + (settled && refused ? SETTLED_RETRY_MS : backoff.nextMs());
    return wasLive ? move(RETRYING, DROP, LET_GO, REPORT) : move(RETRYING, DROP, REPORT);
  }

  private List<RelayEffect> retry() {
    return mayConnect() ? move(CONNECTING, CONNECT, REPORT) : rest(REPORT);
  }

  /** What goes wrong here every time is no use trying again. */
  private List<RelayEffect> fault(long nowMs) {
    lastReason = FailureReason.INTERNAL;
    lastWords = "";
    System.arraycopy(faultsMs, 1, faultsMs, 0, faultsMs.length - 1);
    faultsMs[faultsMs.length - 1] = nowMs;
    faults++;
    if (faults >= faultsMs.length && nowMs - faultsMs[0] < FAULTS_WITHIN_MS) {
      return move(FAILED, DROP, LET_GO, REPORT);
    }
    if (draining && !moreToDrain) {
      return move(ENDED, DROP, LET_GO, REPORT);
    }
    if (state == LIVE) {
      keyHeldUntilMs = nowMs + KEY_REMEMBERED_MS;
    }
    if (state != RETRYING) {
      retryAtMs = nowMs + backoff.nextMs();
    }
    return move(RETRYING, DROP, LET_GO, REPORT);
  }

  /** Never for a destination that was live in this broadcast. */
  private boolean isHopeless(RelayInput.Verdict verdict, long nowMs) {
    if (settled) {
      return false;
    }
    return switch (verdict) {
      case PASSING, MOVED -> false;
      case FINAL -> true;
      case KEY_IN_DOUBT -> nowMs >= keyHeldUntilMs && ++keyRefusals >= KEY_REFUSALS_TO_GIVE_UP;
      case CLOSED_EARLY -> ++earlyCloses >= CLOSES_TO_GIVE_UP;
    };
  }

  /** What a destination closes while there is nothing to send it is no failure. */
  private List<RelayEffect> awaitReturn(long nowMs) {
    keyHeldUntilMs = nowMs + KEY_REMEMBERED_MS;
    return draining && !moreToDrain
        ? move(ENDED, DROP, LET_GO, REPORT)
        : rest(DROP, LET_GO, REPORT);
  }

  private boolean mayConnect() {
    return mediaReady && !interrupted;
  }

  private List<RelayEffect> rest(RelayEffect... effects) {
    awaitsReturn = interrupted;
    mediaReady &= !interrupted;
    return move(IDLE, effects);
  }

  /** Begins anew; the effects are those of the state that {@link #mayConnect} leads to. */
  private List<RelayEffect> restart(RelayEffect... effects) {
    forget();
    return mayConnect() ? move(CONNECTING, effects) : rest(effects);
  }

  /** What was learnt with other settings does not count any more. */
  private void forget() {
    backoff.reset();
    settled = false;
    earlyCloses = 0;
    keyRefusals = 0;
    faults = 0;
    lastReason = null;
    lastWords = "";
  }

  private List<RelayEffect> drain(RelayInput.Drain drain) {
    draining = true;
    moreToDrain = drain.more();
    return List.of();
  }

  private List<RelayEffect> drainWithoutConnection(RelayInput.Drain drain) {
    return drain.more() ? drain(drain) : move(ENDED, LET_GO, REPORT);
  }

  private List<RelayEffect> move(RelayState to, RelayEffect... effects) {
    gaveUp = to == FAILED || (gaveUp && to == ENDED);
    state = to;
    return List.of(effects);
  }
}
