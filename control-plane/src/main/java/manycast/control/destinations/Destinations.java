package manycast.control.destinations;

import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import manycast.control.destinations.DestinationService.NamedStream;
import manycast.control.destinations.DestinationService.Place;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Repository;

/**
 * Destinations in the database; every lookup of one is scoped by account, deleted ones are never
 * found.
 */
@Repository
class Destinations {
  private static final UUID FIRST = new UUID(0, 0);

  private final EntityManager entities;

  Destinations(EntityManager entities) {
    this.entities = entities;
  }

  void add(Destination destination) {
    entities.persist(destination);
  }

  Optional<Destination> find(UUID accountId, UUID id) {
    return entities
        .createQuery(
            "select d from Destination d join Stream s on s.id = d.streamId where d.id = :id"
                + " and s.accountId = :account and d.deletedAt is null and s.deletedAt is null",
            Destination.class)
        .setParameter("id", id)
        .setParameter("account", accountId)
        .getResultList()
        .stream()
        .findFirst();
  }

  /**
   * As {@link #find}, and nobody else changes it until the transaction ends: each change builds on
   * the one before, or two would give one revision to two contents.
   */
  Optional<Destination> findLocked(UUID accountId, UUID id) {
    return entities
        .createNativeQuery(
            "select d.* from destination d join stream s on s.id = d.stream_id where d.id = :id"
                + " and s.account_id = :account and d.deleted_at is null and s.deleted_at is null"
                + " for no key update of d",
            Destination.class)
        .setParameter("id", id)
        .setParameter("account", accountId)
        .getResultList()
        .stream()
        .findFirst();
  }

  /** Oldest first; the caller has made sure whose the streams are. */
  List<Destination> ofStreams(Collection<UUID> streamIds) {
    return entities
        .createQuery(
            "select d from Destination d where d.streamId in :streams and d.deletedAt is null order by d.id",
            Destination.class)
        .setParameter("streams", streamIds)
        .getResultList();
  }

  /**
   * The account's destinations among these, deleted ones and those of deleted streams too: the
   * history still tells of them.
   */
  List<Destination> ever(UUID accountId, Collection<UUID> ids) {
    return entities
        .createQuery(
            "select d from Destination d join Stream s on s.id = d.streamId where s.accountId = :account and d.id in :ids",
            Destination.class)
        .setParameter("account", accountId)
        .setParameter("ids", ids)
        .getResultList();
  }

  /** A destination with what of its stream is shown beside it. */
  record OfStream(Destination destination, String streamName, boolean streamEnabled) {}

  /**
   * At most that many of the account, by stream and then oldest first, those that come after the
   * given place: the order of the indexes.
   */
  List<OfStream> page(UUID accountId, @Nullable String platform, @Nullable Place after, int limit) {
    return entities
        .createQuery(
            "select d, s.name, s.enabled from Stream s join Destination d on d.streamId = s.id"
                + " where s.accountId = :account and s.deletedAt is null and d.deletedAt is null"
                + " and s.id >= :stream and (s.id > :stream or d.id > :destination)"
                + " and (:platform = '' or d.platform = :platform)"
                + " order by s.id, d.id",
            Object[].class)
        .setParameter("account", accountId)
        .setParameter("stream", after == null ? FIRST : after.streamId())
        .setParameter("destination", after == null ? FIRST : after.destinationId())
        .setParameter("platform", platform == null ? "" : platform)
        .setMaxResults(limit)
        .getResultList()
        .stream()
        .map(row -> new OfStream((Destination) row[0], (String) row[1], (boolean) row[2]))
        .toList();
  }

  /** The stream by its id; empty when it is not the account's. */
  Optional<NamedStream> stream(UUID accountId, UUID streamId) {
    return entities
        .createQuery(
            "select s.id, s.name from Stream s where s.id = :id and s.accountId = :account and s.deletedAt is null",
            NamedStream.class)
        .setParameter("id", streamId)
        .setParameter("account", accountId)
        .getResultList()
        .stream()
        .findFirst();
  }

  /** How many the stream has; the caller has made sure whose it is. */
  long count(UUID streamId) {
    return entities
        .createQuery(
            "select count(d) from Destination d where d.streamId = :stream and d.deletedAt is null",
            Long.class)
        .setParameter("stream", streamId)
        .getSingleResult();
  }

  /** Locks the stream's row, so that its destinations are counted and added by one at a time. */
  boolean lockStream(UUID accountId, UUID streamId) {
    return !entities
        .createNativeQuery(
            "select 1 from stream where id = :id and account_id = :account and deleted_at is null for update",
            Integer.class)
        .setParameter("id", streamId)
        .setParameter("account", accountId)
        .getResultList()
        .isEmpty();
  }
}
