package manycast.db.identity;

import org.jspecify.annotations.Nullable;

/** Where a token's verifier finds the keys of other processes. */
public interface PublicKeys {
  /**
   * The key of the process with this id, or null when there is none. May block on the database.
   *
   * @throws KeysUnavailableException when it cannot be known now
   */
  @Nullable RegisteredKey find(String id);
}
