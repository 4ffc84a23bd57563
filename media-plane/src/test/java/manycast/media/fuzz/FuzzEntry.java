package manycast.media.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/** What the fuzzer calls, by the name that it looks for; a system property names the target. */
public final class FuzzEntry {
  /** The property that names the target. */
  static final String TARGET = "manycast.fuzz.target";

  private static final Target CHOSEN =
      Target.valueOf(System.getProperty(TARGET, "").toUpperCase(Locale.ROOT));

  static {
    // Each connection tells its end, and there are thousands a second.
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.setLevel(Level.ERROR);
    }
  }

  private FuzzEntry() {}

  /** One input; whatever is thrown is a finding. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    CHOSEN.take(bytes);
  }
}
