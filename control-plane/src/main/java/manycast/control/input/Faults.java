package manycast.control.input;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with the fields of one input, so that all of it is told at once. */
public final class Faults {
  private final List<FieldFault> found = new ArrayList<>();

  public void add(String field, String detail) {
    found.add(new FieldFault(field, detail));
  }

  /** Adds the fault when there is one. */
  public void addIfFaulty(String field, @Nullable String detail) {
    if (detail != null) {
      add(field, detail);
    }
  }

  /** A name: 1 to 200 characters, not only spaces, no control characters. */
  public void checkName(String field, String value) {
    if (value.isBlank()) {
      add(field, "must not be empty");
    } else if (value.codePointCount(0, value.length()) > 200) {
      add(
          field,
          "has "
              + value.codePointCount(0, value.length())
              + " characters; at most 200 are accepted");
    } else if (value.chars().anyMatch(Character::isISOControl)) {
      add(field, "must not contain control characters");
    }
  }

  /** A whole number between two bounds, both included. */
  public void checkRange(String field, long value, long least, long most) {
    if (value < least || value > most) {
      add(field, "is " + value + "; " + least + " to " + most + " is accepted");
    }
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  /** Throws what was found, if anything. */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new InvalidInputException(found);
    }
  }
}
