package manycast.db.identity;

import java.security.PublicKey;

/**
 * One process's public key.
 *
 * @param id the process's id, the hash of {@code key}
 * @param kind {@code control-plane} or {@code media-plane}
 * @param key Ed25519
 */
public record RegisteredKey(String id, String kind, PublicKey key) {}
