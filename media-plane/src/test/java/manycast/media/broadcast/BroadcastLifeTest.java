package manycast.media.broadcast;

import static manycast.media.broadcast.BroadcastState.ENDED;
import static manycast.media.broadcast.BroadcastState.LIVE;
import static manycast.media.broadcast.BroadcastState.RESUMING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import manycast.media.broadcast.LifeEffect.Admit;
import manycast.media.broadcast.LifeEffect.Disconnect;
import manycast.media.broadcast.LifeEffect.Ended;
import manycast.media.broadcast.LifeEffect.Extend;
import manycast.media.broadcast.LifeEffect.Interrupt;
import manycast.media.broadcast.LifeEffect.Resume;
import manycast.media.broadcast.LifeEffect.SendOn;
import manycast.media.broadcast.LifeEffect.TurnAway;
import manycast.media.broadcast.LifeInput.Asked;
import manycast.media.broadcast.LifeInput.End;
import manycast.media.broadcast.LifeInput.Grace;
import manycast.media.broadcast.LifeInput.Left;
import manycast.media.broadcast.LifeInput.MediaWhileHeld;
import manycast.media.broadcast.LifeInput.Tick;
import manycast.media.broadcast.LifeInput.Withdrawn;
import org.junit.jupiter.api.Test;

class BroadcastLifeTest {
  private static final long GRACE = 45_000;
  private static final long FIRST = 0;
  private static final long SECOND = 1;
  private static final long THIRD = 2;

  /** What happens at second 1 to one that is live since second 0, or was lost then. */
  private record Case(
      BroadcastState from,
      LifeInput input,
      BroadcastState to,
      List<? extends LifeEffect> effects) {}

  private static final List<Case> TABLE =
      List.of(
          new Case(LIVE, new Asked(SECOND), LIVE, List.of()),
          new Case(LIVE, new Withdrawn(SECOND), LIVE, List.of()),
          new Case(LIVE, new MediaWhileHeld(), LIVE, List.of()),
          new Case(LIVE, new Left(FIRST, true), ENDED, List.of(new Ended(EndReason.ENCODER))),
          new Case(LIVE, new Left(FIRST, false), RESUMING, List.of(new Interrupt(46_000))),
          new Case(LIVE, new Left(SECOND, true), LIVE, List.of()),
          new Case(LIVE, new Left(SECOND, false), LIVE, List.of()),
          new Case(LIVE, new Grace(5_000), LIVE, List.of()),
          new Case(
              LIVE,
              new End(EndReason.STOPPED),
              ENDED,
              List.of(new Disconnect(FIRST), new Ended(EndReason.STOPPED))),
          new Case(LIVE, new Tick(), LIVE, List.of()),
          new Case(RESUMING, new Asked(SECOND), LIVE, List.of(new Admit(SECOND), new Resume())),
          new Case(RESUMING, new Withdrawn(SECOND), RESUMING, List.of()),
          new Case(RESUMING, new MediaWhileHeld(), RESUMING, List.of()),
          new Case(RESUMING, new Left(FIRST, true), RESUMING, List.of()),
          new Case(RESUMING, new Left(FIRST, false), RESUMING, List.of()),
          new Case(RESUMING, new Grace(60_000), RESUMING, List.of(new Extend(60_000))),
          new Case(RESUMING, new Grace(GRACE), RESUMING, List.of()),
          new Case(RESUMING, new Grace(1_000), ENDED, List.of(new Ended(EndReason.ENCODER_LOST))),
          new Case(
              RESUMING, new End(EndReason.STOPPED), ENDED, List.of(new Ended(EndReason.STOPPED))),
          new Case(RESUMING, new Tick(), RESUMING, List.of()),
          new Case(ENDED, new Asked(SECOND), ENDED, List.of(new SendOn(SECOND))),
          new Case(ENDED, new Withdrawn(SECOND), ENDED, List.of()),
          new Case(ENDED, new MediaWhileHeld(), ENDED, List.of()),
          new Case(ENDED, new Left(FIRST, true), ENDED, List.of()),
          new Case(ENDED, new Left(FIRST, false), ENDED, List.of()),
          new Case(ENDED, new Grace(0), ENDED, List.of()),
          new Case(ENDED, new End(EndReason.STOPPED), ENDED, List.of()),
          new Case(ENDED, new Tick(), ENDED, List.of()));

  private final BroadcastLife life = new BroadcastLife(FIRST, GRACE, 0);

  private static BroadcastLife in(BroadcastState state) {
    BroadcastLife life = new BroadcastLife(FIRST, GRACE, 0);
    switch (state) {
      case LIVE -> {}
      case RESUMING -> life.on(new Left(FIRST, false), 0);
      case ENDED -> life.on(new Left(FIRST, true), 0);
    }
    return life;
  }

  @Test
  void everyStateTakesEveryInputAsTheTableSays() {
    TreeSet<String> placed = new TreeSet<>();
    for (Case row : TABLE) {
      BroadcastLife broadcast = in(row.from());
      assertThat(broadcast.on(row.input(), 1_000)).as("%s", row).isEqualTo(row.effects());
      assertThat(broadcast.state()).as("%s", row).isEqualTo(row.to());
      placed.add(row.from() + " " + row.input().getClass().getSimpleName());
    }
    for (BroadcastState state : BroadcastState.values()) {
      for (Class<?> kind : LifeInput.class.getPermittedSubclasses()) {
        assertThat(placed).contains(state + " " + kind.getSimpleName());
      }
    }
  }

  @Test
  void waitsForItsEncoderAsLongAsTheGraceAndNoLonger() {
    life.on(new Left(FIRST, false), 10_000);
    assertThat(life.wakeAtMs()).isEqualTo(55_000);
    assertThat(life.on(new Tick(), 54_999)).isEmpty();
    assertThat(life.on(new Tick(), 55_000)).containsExactly(new Ended(EndReason.ENCODER_LOST));
  }

  @Test
  void endsWithTheConnectionWhereThereIsNoGrace() {
    life.on(new Grace(0), 0);
    assertThat(life.on(new Left(FIRST, false), 10_000))
        .containsExactly(new Ended(EndReason.ENCODER_LOST));
  }

  @Test
  void anEncoderCanComeBackAgainAndAgain() {
    long nowMs = 0;
    for (long number = 0; number < 200; number++) {
      nowMs += 1_000;
      life.on(new Left(number, false), nowMs);
      nowMs += 40_000;
      assertThat(life.on(new Asked(number + 1), nowMs))
          .containsExactly(new Admit(number + 1), new Resume());
      assertThat(life.isPublishing(number + 1)).isTrue();
      assertThat(life.isPublishing(number)).isFalse();
    }
  }

  @Test
  void turnsASecondEncoderAwayAsSoonAsTheFirstSendsMedia() {
    assertThat(life.media(1_000)).isFalse();
    assertThat(life.on(new Asked(SECOND), 1_500)).isEmpty();
    assertThat(life.media(2_000)).isTrue();
    assertThat(life.on(new MediaWhileHeld(), 2_000)).containsExactly(new TurnAway(SECOND));
    assertThat(life.media(2_100)).isFalse();
  }

  @Test
  void anEncoderThatComesBackAtOnceIsNotTurnedAwayByItsOwnLastMedia() {
    life.media(1_000);
    life.on(new Asked(SECOND), 1_500);
    assertThat(life.media(1_600)).isTrue();
    assertThat(life.on(new MediaWhileHeld(), 1_600)).isEmpty();
    assertThat(life.wakeAtMs()).as("silence counts from there").isEqualTo(4_600);
    assertThat(life.on(new Left(FIRST, false), 1_700)).contains(new Admit(SECOND));
  }

  @Test
  void aSecondEncoderTakesOverFromOneThatHasBeenSilentForThreeSeconds() {
    life.media(1_000);
    assertThat(life.on(new Asked(SECOND), 2_000)).isEmpty();
    assertThat(life.wakeAtMs()).isEqualTo(4_000);
    assertThat(life.on(new Tick(), 3_999)).isEmpty();
    assertThat(life.on(new Tick(), 4_000))
        .containsExactly(
            new Disconnect(FIRST), new Interrupt(4_000 + GRACE), new Admit(SECOND), new Resume());
    assertThat(life.isPublishing(SECOND)).isTrue();
  }

  @Test
  void oneThatIsSilentAlreadyIsReplacedAtOnce() {
    life.media(1_000);
    assertThat(life.on(new Asked(SECOND), 4_000)).contains(new Admit(SECOND));
  }

  @Test
  void aLateGoodbyeOfAReplacedEncoderChangesNothing() {
    life.on(new Asked(SECOND), 10_000);
    assertThat(life.on(new Left(FIRST, true), 10_100)).isEmpty();
    assertThat(life.state()).isEqualTo(LIVE);
    assertThat(life.isPublishing(SECOND)).isTrue();
  }

  @Test
  void theOneThatIsHeldPublishesWhenTheOtherIsLost() {
    life.media(1_000);
    life.on(new Asked(SECOND), 1_500);
    assertThat(life.on(new Left(FIRST, false), 1_600))
        .containsExactly(new Interrupt(1_600 + GRACE), new Admit(SECOND), new Resume());
  }

  @Test
  void theOneThatIsHeldBeginsAnotherBroadcastWhenThisOneEnds() {
    life.media(1_000);
    life.on(new Asked(SECOND), 1_500);
    assertThat(life.on(new Left(FIRST, true), 1_600))
        .containsExactly(new Ended(EndReason.ENCODER), new SendOn(SECOND));
  }

  @Test
  void nobodyIsReplacedByOneThatHasGivenUp() {
    life.media(1_000);
    life.on(new Asked(SECOND), 2_000);
    life.on(new Withdrawn(SECOND), 2_500);
    assertThat(life.wakeAtMs()).isEqualTo(Long.MAX_VALUE);
    assertThat(life.on(new Tick(), 4_000)).isEmpty();
    assertThat(life.isPublishing(FIRST)).isTrue();
  }

  @Test
  void afterTwoTakeoversInHalfAMinuteTheLaterEncoderHasToSeeFifteenSecondsOfSilence() {
    assertThat(life.on(new Asked(1), 10_000)).contains(new Admit(1));
    assertThat(life.on(new Asked(2), 20_000)).contains(new Admit(2));

    assertThat(life.on(new Asked(3), 25_000)).isEmpty();
    assertThat(life.on(new Tick(), 39_999)).isEmpty();
    assertThat(life.on(new Tick(), 40_000)).contains(new Disconnect(2), new Admit(3));
  }

  @Test
  void mediaTurnsAFightingEncoderAwayToo() {
    life.on(new Asked(1), 10_000);
    life.on(new Asked(2), 20_000);
    life.on(new Asked(3), 25_000);
    assertThat(life.media(26_000)).isTrue();
    assertThat(life.on(new MediaWhileHeld(), 26_000)).containsExactly(new TurnAway(3));
  }

  @Test
  void twoTakeoversThatLieFarApartAreNoFight() {
    life.on(new Asked(1), 10_000);
    life.on(new Asked(2), 20_000);
    assertThat(life.on(new Asked(3), 40_001)).contains(new Admit(3));
  }

  @Test
  void oneOfSeveralThatAreHeldTakesOverAndTheOthersAreTurnedAway() {
    life.media(1_000);
    life.on(new Asked(SECOND), 2_000);
    life.on(new Asked(THIRD), 2_100);
    assertThat(life.on(new Tick(), 4_000)).contains(new Admit(SECOND));
    assertThat(life.media(4_050)).isTrue();
    assertThat(life.on(new MediaWhileHeld(), 4_050)).containsExactly(new TurnAway(THIRD));
    assertThat(life.isPublishing(SECOND)).isTrue();
  }

  @Test
  void nobodyIsHeldForLongerThanThreeAndAHalfSeconds() {
    life.media(1_000);
    life.on(new Asked(SECOND), 2_000);
    life.on(new Asked(THIRD), 2_100);
    life.on(new Tick(), 4_000);
    assertThat(life.wakeAtMs()).isEqualTo(2_100 + BroadcastLife.HELD_MS);
    assertThat(life.on(new Tick(), life.wakeAtMs())).containsExactly(new TurnAway(THIRD));
  }

  @Test
  void holdsABoundedNumber() {
    life.media(1_000);
    for (long number = 1; number <= BroadcastLife.MOST_HELD; number++) {
      assertThat(life.on(new Asked(number), 1_100)).isEmpty();
    }
    assertThat(life.on(new Asked(99), 1_100)).containsExactly(new TurnAway(99));
  }

  @Test
  void randomWalksKeepTheInvariants() {
    Random random = new Random(7);
    for (int walk = 0; walk < 2_000; walk++) {
      BroadcastLife broadcast = new BroadcastLife(0, 1 + random.nextInt(20_000), 0);
      TreeSet<Long> waiting = new TreeSet<>();
      long publisher = 0;
      long asked = 0;
      long nowMs = 0;
      for (int step = 0; step < 80; step++) {
        nowMs += random.nextInt(3_000);
        List<LifeInput> possible = new ArrayList<>(List.of(new Tick(), new Grace(5_000)));
        possible.add(new Asked(asked + 1));
        possible.add(new Left(random.nextLong(asked + 1), random.nextInt(10) == 0));
        if (!waiting.isEmpty()) {
          possible.add(new Withdrawn(waiting.first()));
        }
        if (broadcast.state() == LIVE && broadcast.media(nowMs)) {
          possible.add(new MediaWhileHeld());
        }
        LifeInput input = possible.get(random.nextInt(possible.size()));
        if (input instanceof Asked) {
          waiting.add(++asked);
        } else if (input instanceof Withdrawn(long who)) {
          waiting.remove(who);
        }
        for (LifeEffect effect : broadcast.on(input, nowMs)) {
          switch (effect) {
            case Admit(long who) -> {
              assertThat(waiting.remove(who)).as("only who asked is admitted").isTrue();
              publisher = who;
            }
            case TurnAway(long who) -> assertThat(waiting.remove(who)).isTrue();
            case SendOn(long who) -> assertThat(waiting.remove(who)).isTrue();
            case Disconnect(long who) -> assertThat(who).isEqualTo(publisher);
            case Interrupt(long untilMs) -> assertThat(untilMs).isGreaterThan(nowMs);
            case Extend(long untilMs) -> assertThat(untilMs).isGreaterThan(nowMs);
            case Resume _, Ended _ -> {}
          }
        }
        assertThat(broadcast.isPublishing(publisher)).isEqualTo(broadcast.state() == LIVE);
        if (broadcast.state() != LIVE) {
          assertThat(waiting).as("nobody waits where nobody publishes").isEmpty();
        } else {
          assertThat(broadcast.wakeAtMs() == Long.MAX_VALUE).isEqualTo(waiting.isEmpty());
        }
      }
    }
  }
}
