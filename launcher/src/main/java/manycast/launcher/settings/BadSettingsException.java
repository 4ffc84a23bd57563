package manycast.launcher.settings;

import java.util.List;

/**
 * The environment holds values that cannot be used; each fault is one line that names its variable.
 */
public final class BadSettingsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<String> faults;

  BadSettingsException(List<String> faults) {
    super(String.join("\n", faults));
    this.faults = List.copyOf(faults);
  }

  /** All faults, not the first only. */
  public List<String> faults() {
    return faults;
  }
}
