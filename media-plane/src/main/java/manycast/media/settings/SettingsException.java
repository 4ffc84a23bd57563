package manycast.media.settings;

import java.util.List;

/** The environment is not acceptable. */
public final class SettingsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> faults;

  SettingsException(List<String> faults) {
    super(String.join("; ", faults));
    this.faults = List.copyOf(faults);
  }

  /** One line for each fault: the variable, what was given, what is accepted. */
  public List<String> faults() {
    return faults;
  }
}
