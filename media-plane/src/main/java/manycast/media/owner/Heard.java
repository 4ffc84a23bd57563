package manycast.media.owner;

import java.util.Locale;

/** What a claim says of the owner: {@code p_heard} of {@code claim_broadcast}. */
public enum Heard {
  /** It was not asked yet, or has to be asked again. */
  NOTHING,
  /** Its encoder sends, or was not silent for long enough: the refusal stands. */
  PUBLISHING,
  /** It has let go. */
  RELEASED,
  /** Nobody, or somebody else, is at its address. */
  GONE,
  /** It does not answer; its heartbeats have the last word. */
  UNREACHABLE;

  /** The word in the database. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
