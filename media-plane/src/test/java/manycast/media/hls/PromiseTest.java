package manycast.media.hls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromiseTest {
  private static final Targets FAST = new Targets(2, 500);
  private static final Targets SLOW = new Targets(3, 2_625);

  /** So long does a playlist by {@link #FAST} last. */
  private static final int LISTED_MS = 16_000;

  private final Promise promise = new Promise(false);

  @Test
  void holdsWhileAPlayerCanHaveAPlaylist() {
    assertThat(promise.now()).isNull();
    assertThat(promise.forRun(FAST, 0)).isEqualTo(FAST);
    promise.asked(1_000);
    promise.given(2_000);
    assertThat(promise.forRun(SLOW, 2_000 + LISTED_MS)).isEqualTo(FAST);
    assertThat(promise.now()).isEqualTo(FAST);
    assertThat(promise.forRun(SLOW, 2_001 + LISTED_MS)).isEqualTo(SLOW);
    assertThat(promise.now()).isEqualTo(SLOW);
  }

  @Test
  void isMadeAnewForEachRunWhileNobodyWasGivenAPlaylist() {
    promise.forRun(FAST, 0);
    promise.asked(100);
    assertThat(promise.forRun(SLOW, 200)).isEqualTo(SLOW);
  }

  @Test
  void whoAsksInTimeKeepsItAndWhoComesBackLaterDoesNot() {
    promise.forRun(FAST, 0);
    promise.given(0);
    promise.asked(LISTED_MS);
    assertThat(promise.forRun(SLOW, LISTED_MS + 500)).isEqualTo(FAST);
    promise.asked(2 * LISTED_MS + 1);
    assertThat(promise.forRun(SLOW, 2 * LISTED_MS + 500)).isEqualTo(SLOW);
  }

  @Test
  void whoComesBackToWhatWentOnIsGivenWhatHoldsThere() {
    promise.forRun(FAST, 0);
    promise.given(0);
    promise.asked(5 * LISTED_MS);
    promise.given(5 * LISTED_MS);
    assertThat(promise.forRun(SLOW, 6 * LISTED_MS)).isEqualTo(FAST);
  }

  @Test
  void segmentsOfAStoreKeepTheLengthThatItsPlaylistSays() {
    Promise stored = new Promise(true);
    stored.forRun(FAST, 0);
    assertThat(stored.forRun(new Targets(10, 600), 0)).isEqualTo(new Targets(2, 600));
    assertThat(stored.forRun(SLOW, 0)).isEqualTo(new Targets(2, 2_000));
  }
}
