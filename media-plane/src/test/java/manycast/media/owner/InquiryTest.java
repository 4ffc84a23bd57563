package manycast.media.owner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import manycast.media.owner.Inquiry.Step;
import org.junit.jupiter.api.Test;

/** Each answer of an owner, and what a node does about it. Times are in milliseconds. */
class InquiryTest {
  private static final Owner OWNER = owner(7, false);

  private final Inquiry inquiry = new Inquiry(0);

  private static Owner owner(long epoch, boolean resuming) {
    return new Owner("other", "http://127.0.0.1:1", new UUID(0, 1), epoch, resuming);
  }

  private static OwnerAnswer silentFor(long ms) {
    return new OwnerAnswer.Publisher(7, ms);
  }

  @Test
  void asksAnOwnerWhoseEncoderIsSilentToLetGo() {
    assertThat(inquiry.on(OWNER, silentFor(3_000), 1)).isEqualTo(new Step.Release());
  }

  @Test
  void asksAnOwnerThatWaitsForItsEncoderToLetGoAtOnce() {
    assertThat(inquiry.on(owner(7, true), silentFor(10), 1)).isEqualTo(new Step.Release());
  }

  @Test
  void waitsWhileTheSilenceGrows() {
    assertThat(inquiry.on(OWNER, silentFor(100), 10)).isEqualTo(new Step.Wait(500));
    assertThat(inquiry.on(OWNER, silentFor(2_700), 2_610)).isEqualTo(new Step.Wait(300));
    assertThat(inquiry.on(OWNER, silentFor(3_000), 2_910)).isEqualTo(new Step.Release());
  }

  @Test
  void isTurnedAwayByMediaThatComesWhileItWaits() {
    assertThat(inquiry.on(OWNER, silentFor(40), 10)).isEqualTo(new Step.Wait(500));
    assertThat(inquiry.on(OWNER, silentFor(20), 560)).isEqualTo(new Step.Claim(Heard.PUBLISHING));
  }

  @Test
  void isNotTurnedAwayByWhatWasOnItsWayWhenItAsked() {
    assertThat(inquiry.on(OWNER, silentFor(0), 400)).isEqualTo(new Step.Wait(500));
    assertThat(inquiry.on(OWNER, silentFor(600), 1_000)).isEqualTo(new Step.Wait(500));
    assertThat(inquiry.on(OWNER, silentFor(3_000), 3_400)).isEqualTo(new Step.Release());
  }

  @Test
  void takesOneRefusedConnectionForANodeThatHasJustBegun() {
    assertThat(inquiry.on(OWNER, new OwnerAnswer.Gone(), 1)).isEqualTo(new Step.Wait(500));
    assertThat(inquiry.on(OWNER, new OwnerAnswer.Gone(), 501))
        .isEqualTo(new Step.Claim(Heard.GONE));
  }

  @Test
  void concludesNothingFromTwoRefusalsWithAnAnswerOrAnotherOwnerBetween() {
    inquiry.on(OWNER, new OwnerAnswer.Gone(), 1);
    inquiry.on(OWNER, silentFor(500), 500);
    assertThat(inquiry.on(OWNER, new OwnerAnswer.Gone(), 1_000)).isEqualTo(new Step.Wait(500));
    assertThat(inquiry.on(owner(8, false), new OwnerAnswer.Gone(), 1_500))
        .isEqualTo(new Step.Wait(500));
  }

  @Test
  void leavesItToTheHeartbeatsWhetherAnOwnerThatDoesNotAnswerIsLost() {
    assertThat(inquiry.on(OWNER, new OwnerAnswer.Unreachable(), 1_000))
        .isEqualTo(new Step.Claim(Heard.UNREACHABLE));
    assertThat(inquiry.pauseAfter(Heard.UNREACHABLE)).isPositive();
    assertThat(inquiry.on(OWNER, new OwnerAnswer.Unreachable(), 3_500))
        .isEqualTo(new Step.Claim(Heard.PUBLISHING));
  }

  @Test
  void looksAgainWhereTheOwnerKnowsOfNothingOrOfAnotherEpoch() {
    assertThat(inquiry.on(OWNER, new OwnerAnswer.NoWord(), 1)).isEqualTo(new Step.Wait(500));
    assertThat(inquiry.on(OWNER, new OwnerAnswer.Publisher(8, 9_000), 501))
        .isEqualTo(new Step.Wait(500));
    assertThat(inquiry.refusedToRelease(1_000)).isEqualTo(new Step.Wait(500));
  }

  @Test
  void waitsNoLongerThanThreeAndAHalfSeconds() {
    assertThat(inquiry.on(OWNER, new OwnerAnswer.NoWord(), 3_400)).isEqualTo(new Step.Wait(100));
    assertThat(inquiry.on(OWNER, new OwnerAnswer.NoWord(), 3_500))
        .isEqualTo(new Step.Claim(Heard.PUBLISHING));
    assertThat(inquiry.refusedToRelease(3_500)).isEqualTo(new Step.Claim(Heard.PUBLISHING));
  }
}
