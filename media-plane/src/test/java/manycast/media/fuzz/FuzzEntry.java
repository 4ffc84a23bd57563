package manycast.media.fuzz;

import java.util.Locale;

/** What the fuzzer calls, by the name that it looks for; a system property names the target. */
public final class FuzzEntry {
  /** The property that names the target. */
  static final String TARGET = "manycast.fuzz.target";

  private static final Target CHOSEN =
      Target.valueOf(System.getProperty(TARGET, "").toUpperCase(Locale.ROOT));

  private FuzzEntry() {}

  /** One input; whatever is thrown is a finding. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    CHOSEN.take(bytes);
  }
}
