package manycast.media.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import manycast.db.failures.FailureReason;
import manycast.media.probe.ProbeEvent.Failed;
import manycast.media.probe.ProbeEvent.GivenUp;
import manycast.media.probe.ProbeEvent.Reached;
import manycast.media.probe.ProbeEvent.Said;
import manycast.media.probe.StepResult.Outcome;
import org.junit.jupiter.api.Test;

class ProbeMachineTest {
  private static final Failed REFUSED = new Failed(FailureReason.BAD_KEY, "no such key");

  private static List<String> told(ProbeMachine machine) {
    return machine.results().stream()
        .map(result -> result.step().word() + " " + result.outcome().word() + " " + result.ms())
        .toList();
  }

  @Test
  void tellsEachStepAsItEndsWithItsTime() {
    ProbeMachine machine = new ProbeMachine(true, true, 100);
    assertThat(machine.results()).isEmpty();
    machine.on(new Reached(ProbeStep.DNS), 103);
    machine.on(new Reached(ProbeStep.TCP), 113);
    assertThat(told(machine)).containsExactly("dns ok 3", "tcp ok 10");
    machine.on(new Reached(ProbeStep.TLS), 133);
    machine.on(new Reached(ProbeStep.HANDSHAKE), 134);
    machine.on(new Reached(ProbeStep.CONNECT), 136);
    machine.on(new Reached(ProbeStep.PUBLISH), 139);
    assertThat(machine.isOver()).isFalse();
    machine.on(new Reached(ProbeStep.MEDIA), 2_139);
    assertThat(told(machine)).endsWith("publish ok 3", "media ok 2000");
    assertThat(machine.isOver()).isTrue();
  }

  @Test
  void leavesOutTlsWhereTheUrlAsksForNone() {
    ProbeMachine machine = new ProbeMachine(false, true, 0);
    machine.on(new Reached(ProbeStep.TCP), 5);
    assertThat(told(machine)).containsExactly("dns ok 5", "tcp ok 0", "tls skipped 0");
  }

  @Test
  void endsWithConnectWhereAPublishIsNotAllowed() {
    ProbeMachine machine = new ProbeMachine(false, false, 0);
    machine.on(new Reached(ProbeStep.CONNECT), 5);
    assertThat(machine.isOver()).isTrue();
    assertThat(told(machine)).endsWith("connect ok 0", "publish skipped 0", "media skipped 0");
  }

  @Test
  void theStepUnderWayFailsAndTheOthersAreNotTried() {
    ProbeMachine machine = new ProbeMachine(false, true, 0);
    machine.on(new Reached(ProbeStep.CONNECT), 5);
    machine.on(REFUSED, 9);
    assertThat(told(machine)).endsWith("connect ok 0", "publish failed 4", "media skipped 0");
    StepResult failed = machine.results().get(ProbeStep.PUBLISH.ordinal());
    assertThat(failed.sentence()).isEqualTo(FailureReason.BAD_KEY.sentence());
    assertThat(failed.said()).isEqualTo("no such key");
    assertThat(machine.isOver()).isTrue();
  }

  @Test
  void whatTheServerSaysStandsAtTheStepThatItBelongsTo() {
    ProbeMachine machine = new ProbeMachine(false, true, 0);
    machine.on(new Reached(ProbeStep.HANDSHAKE), 1);
    machine.on(new Said("NetConnection.Connect.Success"), 2);
    machine.on(new Reached(ProbeStep.CONNECT), 2);
    machine.on(new Said("onBWDone"), 3);
    machine.on(new Said("NetStream.Publish.Start"), 3);
    machine.on(new Reached(ProbeStep.PUBLISH), 3);
    assertThat(machine.results().stream().map(StepResult::said))
        .containsExactly(
            "", "", "", "", "NetConnection.Connect.Success", "onBWDone NetStream.Publish.Start");
  }

  @Test
  void nothingCountsAnyMoreOnceItIsOver() {
    ProbeMachine machine = new ProbeMachine(false, true, 0);
    machine.on(new GivenUp("The stream went live."), 4);
    List<StepResult> results = machine.results();
    machine.on(new Reached(ProbeStep.MEDIA), 5);
    machine.on(REFUSED, 6);
    assertThat(machine.results()).isEqualTo(results);
    assertThat(results.getFirst().sentence()).isEqualTo("The stream went live.");
  }

  @Test
  void whateverHappensEveryStepHasOneResultAndAtMostOneHasFailed() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      ProbeMachine machine = new ProbeMachine(random.nextBoolean(), random.nextBoolean(), 0);
      for (int i = 0; i < 12; i++) {
        machine.on(
            switch (random.nextInt(6)) {
              case 0 -> REFUSED;
              case 1 -> new Said("words");
              case 2 -> new GivenUp("enough");
              default -> new Reached(ProbeStep.values()[random.nextInt(ProbeStep.values().length)]);
            },
            i);
      }
      machine.on(new GivenUp("at last"), 20);
      assertThat(machine.isOver()).as("seed " + seed).isTrue();
      assertThat(machine.results().stream().map(StepResult::step))
          .containsExactly(ProbeStep.values());
      assertThat(machine.results().stream().filter(r -> r.outcome() == Outcome.FAILED).count())
          .as("seed " + seed)
          .isLessThanOrEqualTo(1);
    }
  }
}
