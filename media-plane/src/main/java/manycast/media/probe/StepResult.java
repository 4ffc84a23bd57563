package manycast.media.probe;

import java.util.Locale;

/**
 * What came of one step.
 *
 * @param ms how long it took; 0 where it was not tried
 * @param sentence what that means, in plain words
 * @param said the server's own words, without anything secret; may be empty
 */
public record StepResult(ProbeStep step, Outcome outcome, long ms, String sentence, String said) {
  /** How a step ended. */
  public enum Outcome {
    OK,
    FAILED,
    SKIPPED;

    /** The word in answers. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
