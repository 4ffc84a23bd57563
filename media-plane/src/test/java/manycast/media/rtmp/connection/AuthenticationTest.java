package manycast.media.rtmp.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import manycast.media.rtmp.connection.Authentication.Next;
import manycast.media.rtmp.connection.Authentication.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers were computed apart from the product, by the formulas of FFmpeg and librtmp. */
final class AuthenticationTest {
  /** Makes 01234567 the client's own part of an answer. */
  private static final RandomGenerator RANDOM = () -> 0x0123_4567_0000_0000L;

  private static final Authentication KNOWN = Authentication.with(new Login("ann", "s3cret"));
  private static final String ADOBE_ASKS =
      "[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ] : ";
  private static final String LIMELIGHT_ASKS =
      "[ AccessManager.Reject ] : [ code=403 need auth; authmod=llnw ] : ";

  @Test
  void tellsItsNameThenAnswersAdobesChallenge() {
    Authentication named = again(KNOWN.next(ADOBE_ASKS, "live", RANDOM));
    assertThat(named.query()).isEqualTo("authmod=adobe&user=ann");

    String challenge =
        "[ AccessManager.Reject ] : [ authmod=adobe ] : "
            + "?reason=needauth&user=ann&salt=5xTAcA==&challenge=CHALL==&opaque=ACAAAA==";
    Authentication answered = again(named.next(challenge, "live", RANDOM));
    assertThat(answered.query())
        .isEqualTo(
            "authmod=adobe&user=ann&challenge=01234567&response=sanJQLqX7/aRDwPJiyUGvw=="
                + "&opaque=ACAAAA==");
    assertThat(answered.step()).isEqualTo(Step.ANSWERED);
  }

  @Test
  void answersAdobesChallengeByItselfWhereNothingIsOpaque() {
    Authentication named = again(KNOWN.next(ADOBE_ASKS, "live", RANDOM));
    String challenge =
        "[ authmod=adobe ] : ?reason=needauth&user=ann&salt=5xTAcA==&challenge=CHALL==";
    assertThat(again(named.next(challenge, "live", RANDOM)).query())
        .isEqualTo("authmod=adobe&user=ann&challenge=01234567&response=BOQtuP5QQ/p/0cx9WltQGA==");
  }

  @ParameterizedTest
  @CsvSource({
    "live, 0ea2785f26ef4d9dd0039e7b0deee5a6",
    "live/inst?x=1, aedb606f9a9877478a948cf2327bca7b"
  })
  void answersLimelightsNonce(String app, String response) {
    Authentication named = again(KNOWN.next(LIMELIGHT_ASKS, app, RANDOM));
    assertThat(named.query()).isEqualTo("authmod=llnw&user=ann");
    String challenge = "[ authmod=llnw ] : ?reason=needauth&user=ann&nonce=NONCE1";
    assertThat(again(named.next(challenge, app, RANDOM)).query())
        .isEqualTo(
            "authmod=llnw&user=ann&nonce=NONCE1&cnonce=01234567&nc=00000001&response=" + response);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[ authmod=adobe ] : ?reason=authfailed&opaque=ACAAAA==",
        "[ authmod=adobe ] : ?reason=nosuchuser&opaque=ACAAAA==",
        "?reason=authfailed",
        "[ authmod=adobe ] : ?reason=needauth&user=ann&salt=x&challenge=y",
        "[ code=403 need auth; authmod=adobe ]"
      })
  void anAnswerThatIsRefusedIsTheEnd(String description) {
    Authentication answered = new Authentication(KNOWN.login(), Step.ANSWERED, "authmod=adobe");
    assertThat(answered.next(description, "live", RANDOM))
        .isEqualTo(new Next.Over(new ClientFailure.LoginRefused()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[ authmod=adobe ] : ?reason=nosuchuser",
        "[ authmod=adobe ] : ?reason=needauth&user=ann&salt=x",
        "[ authmod=adobe ] : ?reason=needauth&challenge=x",
        "[ authmod=llnw ] : ?reason=needauth&user=ann",
        "[ code=403 need auth; authmod=adobe ]"
      })
  void aNameThatIsNotChallengedProperlyIsTheEnd(String description) {
    Authentication named = again(KNOWN.next(ADOBE_ASKS, "live", RANDOM));
    assertThat(named.next(description, "live", RANDOM))
        .isEqualTo(new Next.Over(new ClientFailure.LoginRefused()));
  }

  @Test
  void takesNoChallengeOfAnyLength() {
    Authentication named = again(KNOWN.next(ADOBE_ASKS, "live", RANDOM));
    String challenge = "[ authmod=adobe ] : ?reason=needauth&salt=s&challenge=" + "c".repeat(600);
    assertThat(named.next(challenge, "live", RANDOM)).isInstanceOf(Next.Over.class);
  }

  @Test
  void saysThatALoginIsMissingWhereThereIsNone() {
    assertThat(Authentication.with(null).next(ADOBE_ASKS, "live", RANDOM))
        .isEqualTo(new Next.Over(new ClientFailure.LoginNeeded("adobe")));
  }

  @Test
  void leavesEveryOtherRefusalAsItIs() {
    assertThat(KNOWN.next("no such application", "live", RANDOM))
        .isInstanceOf(Next.OtherMatter.class);
    assertThat(KNOWN.next("", "live", RANDOM)).isInstanceOf(Next.OtherMatter.class);
  }

  @Test
  void showsNeitherNameNorAnswer() {
    Authentication named = again(KNOWN.next(ADOBE_ASKS, "live", RANDOM));
    assertThat(named.toString() + named.login()).doesNotContain("ann").doesNotContain("s3cret");
  }

  @Test
  void appendsToAnAppWithAQueryAndToOneWithout() {
    Authentication named = again(KNOWN.next(ADOBE_ASKS, "live", RANDOM));
    assertThat(new ClientTarget("live", "rtmp://h/live", "k", "f").with(named).appAsked())
        .isEqualTo("live?authmod=adobe&user=ann");
    assertThat(new ClientTarget("live?x=1", "rtmp://h/live?x=1", "k", "f").with(named).tcUrlAsked())
        .isEqualTo("rtmp://h/live?x=1&authmod=adobe&user=ann");
  }

  private static Authentication again(Next next) {
    assertThat(next).isInstanceOf(Next.Again.class);
    return ((Next.Again) next).authentication();
  }
}
