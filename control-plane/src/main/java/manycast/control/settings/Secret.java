package manycast.control.settings;

/** A value that no log line may show: it prints as dots. */
public record Secret(String value) {
  @Override
  public String toString() {
    return "••••";
  }
}
