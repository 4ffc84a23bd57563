package manycast.control.web;

import java.util.Optional;
import java.util.UUID;

/** Knows the bearers of API tokens. */
public interface Bearers {
  /**
   * Whom the token speaks for now; empty when it is unknown, revoked or expired, or its maker is
   * gone.
   */
  Optional<Caller> find(String token);

  /** The same by the token's id, for a call that goes on for long and asks again. */
  Optional<Caller> stillValid(UUID tokenId);
}
