package manycast.control.settings;

import java.util.List;

/**
 * The environment holds faults: one line each, naming the variable, what was given and what is
 * accepted.
 */
public final class SettingsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> faults;

  SettingsException(List<String> faults) {
    super(String.join("\n", faults));
    this.faults = List.copyOf(faults);
  }

  /** One line per fault. */
  public List<String> faults() {
    return faults;
  }
}
