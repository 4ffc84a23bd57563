package manycast.control.broadcasts;

import java.time.Instant;
import manycast.db.failures.FailureReason;
import org.jspecify.annotations.Nullable;

/**
 * What there is to say of a destination that is not well, or could be better, for people.
 *
 * @param code the word of the failure; null where it is advice on a destination that runs
 * @param sentence what happened, and what can be done
 * @param said the destination's own words, where it gave any
 * @param needsYou whether nothing is tried again before its owner changes something or asks for it
 * @param nextAttempt when it is tried again by itself
 */
public record Verdict(
    @Nullable String code,
    String sentence,
    @Nullable String said,
    boolean needsYou,
    @Nullable Instant nextAttempt) {

  /**
   * Of a destination as it is told; null where there is nothing to say, as of an error that is
   * over.
   *
   * @param error the sentence with the destination's words, as the API has it
   */
  public static @Nullable Verdict of(
      RelayState state,
      @Nullable String error,
      @Nullable String code,
      @Nullable Instant nextAttempt) {
    boolean trouble = state == RelayState.RETRYING || state == RelayState.FAILED;
    boolean advised = state == RelayState.LIVE && error != null && code == null;
    if (!trouble && !advised) {
      return null;
    }
    FailureReason reason = FailureReason.of(code);
    String told =
        error != null ? error : (reason == null ? FailureReason.RESET : reason).sentence();
    return new Verdict(
        code,
        FailureReason.withoutWords(told),
        FailureReason.words(told),
        state == RelayState.FAILED,
        state == RelayState.RETRYING ? nextAttempt : null);
  }
}
