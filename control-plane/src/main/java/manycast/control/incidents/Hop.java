package manycast.control.incidents;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** A part of the way from the encoder to the viewers' platforms, which can be to blame. */
public enum Hop {
  ENCODER("Your encoder"),
  UPLINK("Your encoder's connection to us"),
  NODE("Our node"),
  ROUTE("The way to the destination"),
  PLATFORM("The destination");

  private final String title;

  Hop(String title) {
    this.title = title;
  }

  /** As it stands over an incident. */
  public String title() {
    return title;
  }

  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
