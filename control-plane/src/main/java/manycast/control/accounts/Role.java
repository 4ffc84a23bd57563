package manycast.control.accounts;

import java.util.Locale;

/** What a user may do in an account. */
public enum Role {
  /** Everything in the account. */
  OWNER,
  /** Streams, destinations and keys. */
  MEMBER,
  /** Looks, changes nothing, sees no key. */
  VIEWER;

  /** The word in the database, the API and on pages. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Role of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  public boolean mayWrite() {
    return this != VIEWER;
  }
}
