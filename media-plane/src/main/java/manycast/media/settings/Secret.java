package manycast.media.settings;

/** A setting that prints as dots. */
public record Secret(String value) {
  @Override
  public String toString() {
    return "••••••";
  }
}
