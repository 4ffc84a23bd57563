package manycast.control.streams;

import java.util.UUID;
import manycast.control.input.Faults;
import manycast.control.input.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * The form that a stream is made or changed with.
 *
 * @param id null for a new one
 * @param state its state's word, empty for a new one
 * @param grace for how many seconds a lost encoder is waited for, as typed; empty for the
 *     installation's own
 * @param fault what is wrong with the name, as a sentence; null when nothing is
 * @param graceFault the same of the grace
 */
public record StreamForm(
    @Nullable UUID id,
    String name,
    String state,
    String grace,
    @Nullable String fault,
    @Nullable String graceFault) {
  private static final String GRACE = "resumeGraceSeconds";

  public static StreamForm empty() {
    return new StreamForm(null, "", "", "", null, null);
  }

  public static StreamForm of(UUID id, String name, String state, @Nullable Integer graceSeconds) {
    return new StreamForm(
        id, name, state, graceSeconds == null ? "" : graceSeconds.toString(), null, null);
  }

  StreamForm refused(String givenName, InvalidInputException why) {
    return refused(givenName, grace, why);
  }

  StreamForm refused(String givenName, String givenGrace, InvalidInputException why) {
    return new StreamForm(
        id,
        givenName,
        state,
        givenGrace,
        sentence("The name ", why.of("name")),
        sentence("The time ", why.of(GRACE)));
  }

  private static @Nullable String sentence(String subject, String fault) {
    return fault.isEmpty() ? null : subject + fault + ".";
  }

  /** Reads what was typed: null for the installation's own. */
  static @Nullable Integer graceSeconds(String typed) {
    if (typed.isEmpty()) {
      return null;
    }
    var faults = new Faults();
    Integer seconds = null;
    if (typed.matches("[0-9]{1,9}")) {
      seconds = Integer.valueOf(typed);
    } else {
      faults.add(GRACE, "must be a whole number of seconds, or empty");
    }
    faults.throwIfAny();
    return seconds;
  }
}
