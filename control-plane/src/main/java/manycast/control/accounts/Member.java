package manycast.control.accounts;

import java.util.UUID;

/**
 * A user in one account, with the role held at the moment it was read.
 *
 * @param platformAdmin may see to the whole installation, not only to the account
 */
public record Member(UUID userId, UUID accountId, String email, Role role, boolean platformAdmin) {
  public Actor actor() {
    return new Actor(accountId, userId);
  }
}
