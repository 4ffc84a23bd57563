package manycast.launcher.settings;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * One environment variable, or a family of them.
 *
 * @param name the whole name as a pattern
 * @param accepted what it accepts, in words that follow "accepted:"
 * @param secret whether its value may never be shown
 * @param read whether something reads it already; one that nothing reads is only checked
 * @param audience the processes that get it
 */
record Variable(
    Pattern name,
    String accepted,
    Predicate<String> accepts,
    boolean secret,
    boolean read,
    Set<Audience> audience) {

  /** Who a variable concerns. The launcher reads what it needs whatever stands here. */
  enum Audience {
    CONTROL_PLANE,
    MEDIA_PLANE
  }

  static Variable of(
      String name, String accepted, Predicate<String> accepts, Audience... audience) {
    Set<Audience> processes = EnumSet.noneOf(Audience.class);
    for (Audience process : audience) {
      processes.add(process);
    }
    return new Variable(Pattern.compile(name), accepted, accepts, false, true, processes);
  }

  Variable asSecret() {
    return new Variable(name, accepted, accepts, true, read, audience);
  }

  Variable notReadYet() {
    return new Variable(name, accepted, accepts, secret, false, audience);
  }
}
