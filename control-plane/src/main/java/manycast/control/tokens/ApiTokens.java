package manycast.control.tokens;

import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Repository;

/** API tokens in the database. */
@Repository
class ApiTokens {
  private static final UUID FIRST = new UUID(0, 0);

  private final EntityManager entities;

  ApiTokens(EntityManager entities) {
    this.entities = entities;
  }

  void add(ApiToken token) {
    entities.persist(token);
  }

  /** Whoever's it is, valid or not. */
  Optional<ApiToken> findByHash(byte[] hash) {
    return entities
        .createQuery("select t from ApiToken t where t.tokenHash = :hash", ApiToken.class)
        .setParameter("hash", hash)
        .getResultList()
        .stream()
        .findFirst();
  }

  Optional<ApiToken> find(UUID id) {
    return Optional.ofNullable(entities.find(ApiToken.class, id));
  }

  /** One that is not revoked. */
  Optional<ApiToken> find(UUID accountId, UUID id) {
    return entities
        .createQuery(
            "select t from ApiToken t where t.id = :id and t.accountId = :account and t.revokedAt is null",
            ApiToken.class)
        .setParameter("id", id)
        .setParameter("account", accountId)
        .getResultList()
        .stream()
        .findFirst();
  }

  /** At most that many that are not revoked, oldest first, those that come after the given id. */
  List<ApiToken> page(UUID accountId, @Nullable UUID after, int limit) {
    return entities
        .createQuery(
            "select t from ApiToken t where t.accountId = :account and t.revokedAt is null and t.id > :after order by t.id",
            ApiToken.class)
        .setParameter("account", accountId)
        .setParameter("after", after == null ? FIRST : after)
        .setMaxResults(limit)
        .getResultList();
  }
}
