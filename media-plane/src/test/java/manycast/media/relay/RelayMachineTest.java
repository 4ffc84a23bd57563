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
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import manycast.db.failures.FailureReason;
import manycast.media.relay.RelayInput.Failed;
import manycast.media.relay.RelayInput.Verdict;
import org.junit.jupiter.api.Test;

class RelayMachineTest {
  private static final Failed PASSING = new Failed(FailureReason.REFUSED, Verdict.PASSING, "");
  private static final Failed FINAL = new Failed(FailureReason.BAD_KEY, Verdict.FINAL, "no");
  private static final Failed KEY_IN_DOUBT =
      new Failed(FailureReason.BAD_KEY, Verdict.KEY_IN_DOUBT, "in use");
  private static final Failed CLOSED_EARLY =
      new Failed(FailureReason.CLOSED_EARLY, Verdict.CLOSED_EARLY, "");

  private static final Failed MOVED = new Failed(FailureReason.RESET, Verdict.MOVED, "");

  @Test
  void whatItGaveUpStaysGivenUpBeyondTheEndOfTheBroadcast() {
    RelayMachine machine = new RelayMachine(true, false, new Random(1), 0);
    machine.on(new RelayInput.MediaReady(), 0);
    machine.on(FINAL, 0);
    assertThat(machine.hasGivenUp()).isTrue();
    machine.on(new RelayInput.Drain(false), 0);
    assertThat(machine.state()).isEqualTo(ENDED);
    assertThat(machine.hasGivenUp()).isTrue();
  }

  @Test
  void whatWasRetriedOrSwitchedOffIsNotGivenUpAtTheEnd() {
    for (RelayInput input : List.of(new RelayInput.Restart(), new RelayInput.Disable())) {
      RelayMachine machine = new RelayMachine(true, false, new Random(1), 0);
      machine.on(new RelayInput.MediaReady(), 0);
      machine.on(FINAL, 0);
      machine.on(input, 0);
      machine.on(new RelayInput.Remove(), 0);
      assertThat(machine.state()).isEqualTo(ENDED);
      assertThat(machine.hasGivenUp()).isFalse();
    }
  }

  private static final List<RelayInput> INPUTS =
      List.of(
          new RelayInput.MediaReady(),
          new RelayInput.Published(),
          PASSING,
          FINAL,
          new RelayInput.Tick(),
          new RelayInput.Restart(),
          new RelayInput.Enable(),
          new RelayInput.Disable(),
          new RelayInput.Remove(),
          new RelayInput.Drain(false),
          new RelayInput.Stop(),
          new RelayInput.Abandon(),
          new RelayInput.Fault(),
          new RelayInput.Wait(),
          new RelayInput.Drain(true),
          new RelayInput.Interrupted(),
          new RelayInput.Resumed());

  /** For each state: what becomes of it by each of the inputs above, in their order. */
  private static final Map<RelayState, List<RelayState>> TABLE =
      Map.of(
          IDLE,
              List.of(
                  CONNECTING,
                  IDLE,
                  IDLE,
                  IDLE,
                  IDLE,
                  IDLE,
                  IDLE,
                  DISABLED,
                  ENDED,
                  ENDED,
                  ENDED,
                  ENDED,
                  RETRYING,
                  IDLE,
                  IDLE,
                  IDLE,
                  IDLE),
          CONNECTING,
              List.of(
                  CONNECTING,
                  LIVE,
                  RETRYING,
                  FAILED,
                  CONNECTING,
                  CONNECTING,
                  CONNECTING,
                  DISABLED,
                  ENDED,
                  CONNECTING,
                  ENDED,
                  ENDED,
                  RETRYING,
                  IDLE,
                  CONNECTING,
                  CONNECTING,
                  CONNECTING),
          LIVE,
              List.of(
                  LIVE,
                  LIVE,
                  RETRYING,
                  FAILED,
                  LIVE,
                  CONNECTING,
                  LIVE,
                  DISABLED,
                  ENDED,
                  LIVE,
                  ENDED,
                  ENDED,
                  RETRYING,
                  IDLE,
                  LIVE,
                  LIVE,
                  LIVE),
          RETRYING,
              List.of(
                  RETRYING,
                  RETRYING,
                  RETRYING,
                  RETRYING,
                  CONNECTING,
                  CONNECTING,
                  RETRYING,
                  DISABLED,
                  ENDED,
                  ENDED,
                  ENDED,
                  ENDED,
                  RETRYING,
                  IDLE,
                  RETRYING,
                  RETRYING,
                  RETRYING),
          FAILED,
              List.of(
                  FAILED,
                  FAILED,
                  FAILED,
                  FAILED,
                  FAILED,
                  CONNECTING,
                  FAILED,
                  DISABLED,
                  ENDED,
                  ENDED,
                  ENDED,
                  ENDED,
                  FAILED,
                  FAILED,
                  ENDED,
                  FAILED,
                  FAILED),
          DISABLED,
              List.of(
                  DISABLED, DISABLED, DISABLED, DISABLED, DISABLED, DISABLED, IDLE, DISABLED, ENDED,
                  DISABLED, DISABLED, DISABLED, DISABLED, DISABLED, DISABLED, DISABLED, DISABLED),
          ENDED,
              List.of(
                  ENDED, ENDED, ENDED, ENDED, ENDED, ENDED, ENDED, ENDED, ENDED, ENDED, ENDED,
                  ENDED, ENDED, ENDED, ENDED, ENDED, ENDED));

  private final Random random = new Random(1);

  private RelayMachine in(RelayState state) {
    RelayMachine machine = new RelayMachine(state != DISABLED, false, random, 0);
    if (state == IDLE || state == DISABLED) {
      return machine;
    }
    machine.on(new RelayInput.MediaReady(), 0);
    switch (state) {
      case LIVE -> machine.on(new RelayInput.Published(), 0);
      case RETRYING -> machine.on(PASSING, 0);
      case FAILED -> machine.on(FINAL, 0);
      case ENDED -> machine.on(new RelayInput.Stop(), 0);
      case IDLE, DISABLED, CONNECTING -> {}
    }
    assertThat(machine.state()).isEqualTo(state);
    return machine;
  }

  @Test
  void everyStateTakesEveryInputAsTheTableSays() {
    for (RelayState state : RelayState.values()) {
      for (int i = 0; i < INPUTS.size(); i++) {
        RelayMachine machine = in(state);
        List<RelayEffect> effects = machine.on(INPUTS.get(i), 60_000);
        assertThat(machine.state())
            .as("%s by %s", state, INPUTS.get(i))
            .isEqualTo(Objects.requireNonNull(TABLE.get(state)).get(i));
        if (machine.state() != state) {
          assertThat(effects).as("%s by %s", state, INPUTS.get(i)).contains(REPORT);
        }
        if (machine.state() == CONNECTING && state != CONNECTING) {
          assertThat(effects).contains(CONNECT);
        }
        if (state == LIVE && (machine.state() == ENDED || machine.state() == DISABLED)) {
          assertThat(effects).contains(LET_GO).containsAnyOf(SAY_GOODBYE, DROP);
        }
      }
    }
  }

  @Test
  void leavesWithoutAWordWhenTheBroadcastIsSomebodyElses() {
    assertThat(in(LIVE).on(new RelayInput.Abandon(), 0)).contains(DROP).doesNotContain(SAY_GOODBYE);
    assertThat(in(LIVE).on(new RelayInput.Stop(), 0)).contains(SAY_GOODBYE).doesNotContain(DROP);
  }

  @Test
  void randomWalksKeepTheInvariants() {
    for (int walk = 0; walk < 2_000; walk++) {
      RelayMachine machine =
          new RelayMachine(random.nextBoolean(), random.nextBoolean(), random, 0);
      long nowMs = 0;
      boolean open = false;
      for (int step = 0; step < 60; step++) {
        nowMs += random.nextInt(8_000);
        RelayInput input = INPUTS.get(random.nextInt(INPUTS.size()));
        if ((input instanceof RelayInput.Published && machine.state() != CONNECTING)
            || (input instanceof Failed && !open)) {
          continue;
        }
        open &= !(input instanceof Failed);
        for (RelayEffect effect : machine.on(input, nowMs)) {
          open = effect == CONNECT || (open && effect != DROP && effect != SAY_GOODBYE);
        }
        boolean mayBeOpen = machine.state() == CONNECTING || machine.state() == LIVE;
        assertThat(open)
            .as("a connection or attempt is open just while connecting or live")
            .isEqualTo(mayBeOpen);
        assertThat(machine.retryAtMs() >= 0).isEqualTo(machine.state() == RETRYING);
      }
    }
  }

  @Test
  void retriesForEverWithGrowingPausesUpToHalfAMinute() {
    RelayMachine machine = in(CONNECTING);
    long nowMs = 0;
    long longest = 0;
    for (int attempt = 0; attempt < 200; attempt++) {
      machine.on(PASSING, nowMs);
      assertThat(machine.state()).isEqualTo(RETRYING);
      long pause = machine.retryAtMs() - nowMs;
      assertThat(pause).isBetween(1L, attempt == 0 ? 1_000L : 30_000L);
      longest = Math.max(longest, pause);
      nowMs = machine.retryAtMs();
      machine.on(new RelayInput.Tick(), nowMs);
      assertThat(machine.state()).isEqualTo(CONNECTING);
    }
    assertThat(longest).isGreaterThan(20_000);
  }

  @Test
  void connectsAnewAtOnceWhereItIsAskedToButNotAgainAndAgain() {
    RelayMachine machine = in(LIVE);
    assertThat(machine.on(MOVED, 20_000)).containsExactly(DROP, LET_GO, CONNECT, REPORT);
    assertThat(machine.state()).isEqualTo(CONNECTING);
    machine.on(new RelayInput.Published(), 20_500);

    machine.on(MOVED, 21_000);
    assertThat(machine.state()).as("asked a second later").isEqualTo(RETRYING);
    machine.on(new RelayInput.Tick(), machine.retryAtMs());
    machine.on(MOVED, 60_000);
    assertThat(machine.state()).as("asked before it was live").isEqualTo(RETRYING);
  }

  @Test
  void thirtySecondsOfHealthBringShortPausesBack() {
    RelayMachine machine = in(CONNECTING);
    for (int attempt = 0; attempt < 10; attempt++) {
      machine.on(PASSING, 0);
      machine.on(new RelayInput.Tick(), 100_000);
    }
    machine.on(new RelayInput.Published(), 100_000);
    machine.on(new RelayInput.Tick(), 131_000);
    machine.on(PASSING, 131_000);
    assertThat(machine.retryAtMs() - 131_000).isLessThanOrEqualTo(1_000);
    assertThat(machine.reconnects()).isZero();
    machine.on(new RelayInput.Tick(), 140_000);
    machine.on(new RelayInput.Published(), 140_000);
    assertThat(machine.reconnects()).isEqualTo(1);
  }

  @Test
  void givesUpOnAClearNoAndNeverOnOneThatWasLive() {
    assertThat(after(FINAL, 1).state()).isEqualTo(FAILED);
    assertThat(after(CLOSED_EARLY, 2).state()).isEqualTo(RETRYING);
    assertThat(after(CLOSED_EARLY, 3).state()).isEqualTo(FAILED);
    assertThat(after(KEY_IN_DOUBT, 2).state()).isEqualTo(RETRYING);
    assertThat(after(KEY_IN_DOUBT, 3).state()).isEqualTo(FAILED);

    RelayMachine wasLive = in(LIVE);
    wasLive.on(new RelayInput.Tick(), 6_000);
    wasLive.on(FINAL, 7_000);
    assertThat(wasLive.state()).isEqualTo(RETRYING);
    assertThat(wasLive.retryAtMs()).isEqualTo(37_000);
  }

  @Test
  void aKeyIsNotInDoubtWhileOurOwnLastConnectionMayBeRememberedThere() {
    RelayMachine machine = in(LIVE);
    machine.on(PASSING, 1_000);
    long nowMs = 1_000;
    for (int i = 0; i < 10; i++) {
      nowMs += 4_000;
      machine.on(new RelayInput.Tick(), nowMs + 30_000);
      machine.on(KEY_IN_DOUBT, nowMs);
      assertThat(machine.state()).isEqualTo(RETRYING);
    }
  }

  @Test
  void aRestartForgetsWhatWasLearntWithOtherSettings() {
    RelayMachine machine = in(FAILED);
    assertThat(machine.on(new RelayInput.Restart(), 0)).containsExactly(CONNECT, REPORT);
    assertThat(machine.lastReason()).isNull();
  }

  private RelayMachine after(Failed failure, int times) {
    RelayMachine machine = in(CONNECTING);
    for (int i = 0; i < times; i++) {
      machine.on(new RelayInput.Tick(), 1_000_000L * i);
      machine.on(failure, 1_000_000L * i);
    }
    return machine;
  }

  @Test
  void fiveFaultsWithinAMinuteAreEnoughUntilSomebodyRestartsIt() {
    RelayMachine machine = in(LIVE);
    machine.on(new RelayInput.Tick(), 10_000);
    for (int fault = 1; fault <= 5; fault++) {
      assertThat(machine.on(new RelayInput.Fault(), 10_000L * fault))
          .containsExactly(DROP, LET_GO, REPORT);
      assertThat(machine.state()).isEqualTo(fault < 5 ? RETRYING : FAILED);
      assertThat(machine.lastReason()).isEqualTo(FailureReason.INTERNAL);
    }
    machine.on(new RelayInput.Restart(), 60_000);
    assertThat(machine.state()).isEqualTo(CONNECTING);
    machine.on(new RelayInput.Fault(), 60_001);
    assertThat(machine.state()).isEqualTo(RETRYING);
  }

  @Test
  void faultsThatAreRareAreRetriedForEver() {
    RelayMachine machine = in(LIVE);
    for (int fault = 0; fault < 50; fault++) {
      machine.on(new RelayInput.Fault(), 16_000L * fault);
      assertThat(machine.state()).isEqualTo(RETRYING);
    }
  }

  @Test
  void aDelayedDestinationConnectsAfterTheEndForWhatIsDueLater() {
    RelayMachine machine = new RelayMachine(true, false, random, 0);
    assertThat(machine.on(new RelayInput.Drain(true), 0)).isEmpty();
    assertThat(machine.isDraining()).isTrue();
    assertThat(machine.on(new RelayInput.MediaReady(), 0)).contains(CONNECT);
    machine.on(PASSING, 0);
    assertThat(machine.state()).as("it is still worth trying").isEqualTo(RETRYING);
    machine.on(new RelayInput.Stop(), 0);
    assertThat(machine.state()).isEqualTo(ENDED);
  }

  @Test
  void whatIsClosedWhileTheEncoderIsLostIsNoFailureAndIsOpenedWhenMediaIsBack() {
    RelayMachine machine = in(LIVE);
    machine.on(new RelayInput.Interrupted(), 1_000);
    assertThat(machine.on(CLOSED_EARLY, 2_000)).containsExactly(DROP, LET_GO, REPORT);
    assertThat(machine.state()).isEqualTo(IDLE);
    assertThat(machine.lastReason()).isNull();
    assertThat(machine.on(new RelayInput.Tick(), 40_000)).isEmpty();
    assertThat(machine.on(new RelayInput.MediaReady(), 41_000)).as("of what came before").isEmpty();

    machine.on(new RelayInput.Resumed(), 42_000);
    assertThat(machine.on(new RelayInput.Tick(), 42_100)).as("no keyframe yet").isEmpty();
    assertThat(machine.on(new RelayInput.MediaReady(), 42_200)).containsExactly(CONNECT, REPORT);
  }

  @Test
  void aConnectionThatOutlivesTheEncodersAbsenceGoesOn() {
    RelayMachine machine = in(LIVE);
    assertThat(machine.on(new RelayInput.Interrupted(), 1_000)).isEmpty();
    assertThat(machine.on(new RelayInput.Resumed(), 41_000)).isEmpty();
    machine.on(PASSING, 42_000);
    assertThat(machine.state()).as("a failure again").isEqualTo(RETRYING);
    machine.on(new RelayInput.Tick(), 43_000);
    assertThat(machine.state()).isEqualTo(CONNECTING);
  }

  @Test
  void noAttemptIsMadeWhileTheEncoderIsLost() {
    RelayMachine retrying = in(RETRYING);
    retrying.on(new RelayInput.Interrupted(), 0);
    assertThat(retrying.on(new RelayInput.Tick(), 60_000)).containsExactly(REPORT);
    assertThat(retrying.state()).isEqualTo(IDLE);
    assertThat(retrying.lastReason()).isEqualTo(FailureReason.REFUSED);

    RelayMachine restarted = in(LIVE);
    restarted.on(new RelayInput.Interrupted(), 0);
    assertThat(restarted.on(new RelayInput.Restart(), 0))
        .containsExactly(SAY_GOODBYE, LET_GO, REPORT);
    assertThat(restarted.state()).isEqualTo(IDLE);

    RelayMachine enabled = in(DISABLED);
    enabled.on(new RelayInput.MediaReady(), 0);
    enabled.on(new RelayInput.Interrupted(), 0);
    enabled.on(new RelayInput.Enable(), 0);
    assertThat(enabled.state()).isEqualTo(IDLE);

    for (RelayMachine machine : List.of(retrying, restarted, enabled)) {
      machine.on(new RelayInput.Resumed(), 61_000);
      machine.on(new RelayInput.MediaReady(), 61_000);
      assertThat(machine.state()).isEqualTo(CONNECTING);
    }
  }

  @Test
  void anAttemptThatRunsWhenTheEncoderIsLostIsSeenThrough() {
    RelayMachine machine = in(CONNECTING);
    machine.on(new RelayInput.Interrupted(), 0);
    machine.on(new RelayInput.Published(), 100);
    assertThat(machine.state()).isEqualTo(LIVE);
    assertThat(after(KEY_IN_DOUBT, 3).state()).isEqualTo(FAILED);
  }

  @Test
  void aDelayedRelayConnectsForWhatIsDueWhileTheEncoderIsLost() {
    RelayMachine machine = in(IDLE);
    machine.on(new RelayInput.Interrupted(), 0);
    assertThat(machine.on(new RelayInput.MediaReady(), 1_000)).containsExactly(CONNECT, REPORT);
  }

  @Test
  void countsTheFirstConnectionAsAnotherOneWhereAProcessBeforeHadOne() {
    RelayMachine machine = takenOver();
    machine.on(new RelayInput.Published(), 0);
    assertThat(machine.reconnects()).isEqualTo(1);
  }

  @Test
  void neverGivesUpOnOneThatWasLiveInAProcessBefore() {
    for (Failed answer : List.of(FINAL, CLOSED_EARLY, KEY_IN_DOUBT)) {
      RelayMachine machine = takenOver();
      long nowMs = 0;
      for (int attempt = 0; attempt < 10; attempt++) {
        machine.on(answer, nowMs);
        assertThat(machine.state()).as("%s", answer).isEqualTo(RETRYING);
        nowMs = machine.retryAtMs();
        machine.on(new RelayInput.Tick(), nowMs);
      }
      assertThat(nowMs).as("also when its key is remembered no more").isGreaterThan(60_000);
    }
    RelayMachine machine = takenOver();
    machine.on(FINAL, 1_000);
    assertThat(machine.retryAtMs()).isEqualTo(31_000);
  }

  @Test
  void aKeyIsNotInDoubtWhileTheConnectionOfAProcessBeforeMayBeRememberedThere() {
    RelayMachine machine = takenOver();
    machine.on(new RelayInput.Restart(), 1_000);
    long nowMs = 1_000;
    for (int attempt = 0; attempt < 5; attempt++) {
      machine.on(KEY_IN_DOUBT, nowMs);
      assertThat(machine.state()).isEqualTo(RETRYING);
      nowMs = machine.retryAtMs();
      machine.on(new RelayInput.Tick(), nowMs);
    }
    assertThat(nowMs).isLessThan(60_000);
    for (int refusal = 0; refusal < 3; refusal++) {
      machine.on(KEY_IN_DOUBT, 60_000);
      machine.on(new RelayInput.Tick(), 1_000_000);
    }
    assertThat(machine.state()).as("with other settings, a minute later").isEqualTo(FAILED);
  }

  /** Connects to a destination that was live in this broadcast in another process. */
  private RelayMachine takenOver() {
    RelayMachine machine = new RelayMachine(true, true, random, 0);
    machine.on(new RelayInput.MediaReady(), 0);
    return machine;
  }

  @Test
  void aRelayThatWaitsForItsDelayConnectsWhenItsFirstFrameIsDue() {
    RelayMachine machine = in(LIVE);
    assertThat(machine.on(new RelayInput.Wait(), 0)).containsExactly(DROP, LET_GO, REPORT);
    assertThat(machine.on(new RelayInput.Tick(), 0)).isEmpty();
    assertThat(machine.on(new RelayInput.MediaReady(), 0)).containsExactly(CONNECT, REPORT);
    machine = in(FAILED);
    machine.on(new RelayInput.Wait(), 0);
    machine.on(new RelayInput.Restart(), 0);
    assertThat(machine.state()).isEqualTo(IDLE);
  }
}
