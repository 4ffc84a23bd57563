package manycast.control.accounts;

import java.util.UUID;

/**
 * Who does something, in which account: every change names both, every lookup is scoped by the
 * account.
 */
public record Actor(UUID accountId, UUID userId) {}
