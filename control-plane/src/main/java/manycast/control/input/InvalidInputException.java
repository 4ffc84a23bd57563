package manycast.control.input;

import java.util.List;

/**
 * The input cannot be taken; the API answers 422 with these faults, a page shows them beside their
 * fields.
 */
public final class InvalidInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<FieldFault> faults;

  public InvalidInputException(List<FieldFault> faults) {
    super(faults.toString());
    this.faults = List.copyOf(faults);
  }

  public InvalidInputException(String field, String detail) {
    this(List.of(new FieldFault(field, detail)));
  }

  /** At least one, in the order found. */
  public List<FieldFault> faults() {
    return faults;
  }

  /** What is wrong with the field, or an empty string. */
  public String of(String field) {
    return faults.stream()
        .filter(fault -> fault.field().equals(field))
        .map(FieldFault::detail)
        .findFirst()
        .orElse("");
  }
}
