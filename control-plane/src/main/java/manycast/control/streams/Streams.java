package manycast.control.streams;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Repository;

/**
 * Streams and their keys in the database; every lookup is scoped by account, deleted ones are never
 * found.
 */
@Repository
class Streams {
  private static final UUID FIRST = new UUID(0, 0);
  private static final String ON_AIR =
      " exists (select 1 from Broadcast b where b.streamId = s.id and b.state <> 'ended') ";

  private final EntityManager entities;

  Streams(EntityManager entities) {
    this.entities = entities;
  }

  void add(Stream stream, StreamKey key) {
    entities.persist(stream);
    entities.flush();
    entities.persist(key);
  }

  Optional<Stream> find(UUID accountId, UUID id) {
    return one(accountId, id, LockModeType.NONE);
  }

  /** As {@link #find}, and nobody else changes or claims it until the transaction ends. */
  Optional<Stream> findLocked(UUID accountId, UUID id) {
    return one(accountId, id, LockModeType.PESSIMISTIC_WRITE);
  }

  private Optional<Stream> one(UUID accountId, UUID id, LockModeType lock) {
    return entities
        .createQuery(
            "select s from Stream s where s.id = :id and s.accountId = :account and s.deletedAt is null",
            Stream.class)
        .setParameter("id", id)
        .setParameter("account", accountId)
        .setLockMode(lock)
        .getResultList()
        .stream()
        .findFirst();
  }

  /** At most that many, oldest first, those that come after the given id. */
  List<Stream> page(UUID accountId, @Nullable UUID after, int limit) {
    return entities
        .createQuery(
            "select s from Stream s where s.accountId = :account and s.deletedAt is null and s.id > :after order by s.id",
            Stream.class)
        .setParameter("account", accountId)
        .setParameter("after", after == null ? FIRST : after)
        .setMaxResults(limit)
        .getResultList();
  }

  /** At most that many with a broadcast that has not ended, oldest first. */
  List<Stream> onAir(UUID accountId, int limit) {
    return entities
        .createQuery(
            "select s from Stream s where s.accountId = :account and s.deletedAt is null and"
                + ON_AIR
                + "order by s.id",
            Stream.class)
        .setParameter("account", accountId)
        .setMaxResults(limit)
        .getResultList();
  }

  /** As {@link #page}, of those without such a broadcast. */
  List<Stream> offAir(UUID accountId, @Nullable UUID after, int limit) {
    return entities
        .createQuery(
            "select s from Stream s where s.accountId = :account and s.deletedAt is null and s.id > :after and not"
                + ON_AIR
                + "order by s.id",
            Stream.class)
        .setParameter("account", accountId)
        .setParameter("after", after == null ? FIRST : after)
        .setMaxResults(limit)
        .getResultList();
  }

  /**
   * Names of the account's streams among these, deleted ones too: the history still tells of them.
   */
  Map<UUID, String> names(UUID accountId, Collection<UUID> ids) {
    return entities
        .createQuery(
            "select s from Stream s where s.accountId = :account and s.id in :ids", Stream.class)
        .setParameter("account", accountId)
        .setParameter("ids", ids)
        .getResultList()
        .stream()
        .collect(Collectors.toMap(Stream::id, Stream::name));
  }

  /** The key that each stream is published with at present, by the stream's id. */
  Map<UUID, StreamKey> currentKeys(Collection<UUID> streamIds) {
    return entities
        .createQuery(
            "select k from StreamKey k where k.streamId in :streams and k.retiredAt is null",
            StreamKey.class)
        .setParameter("streams", streamIds)
        .getResultList()
        .stream()
        .collect(Collectors.toMap(StreamKey::streamId, Function.identity()));
  }

  void replaceKey(StreamKey present, StreamKey next) {
    entities.flush(); // The present one retires first: a stream has one current key.
    entities.persist(next);
  }
}
