package manycast.control.broadcasts;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Repository;

/** Broadcasts and relays in the database. */
@Repository
class Broadcasts {
  private static final UUID LAST = new UUID(-1, -1);

  private final EntityManager entities;

  Broadcasts(EntityManager entities) {
    this.entities = entities;
  }

  /** What has not ended, by its stream. */
  Map<UUID, Broadcast> current(Collection<UUID> streamIds) {
    return entities
        .createQuery(
            "select b from Broadcast b where b.streamId in :streams and b.state <> 'ended'",
            Broadcast.class)
        .setParameter("streams", streamIds)
        .getResultList()
        .stream()
        .collect(Collectors.toMap(Broadcast::streamId, Function.identity()));
  }

  /**
   * Relays of broadcasts that have not ended, or only since then, those of the newest broadcast
   * last.
   */
  List<Relay> atWorkSince(Collection<UUID> streamIds, Instant since) {
    return entities
        .createQuery(
            "select r from Relay r join Broadcast b on b.id = r.broadcastId where b.streamId in :streams"
                + " and (b.state <> 'ended' or b.endedAt > :since and r.state in ('connecting', 'live', 'retrying'))"
                + " order by b.id",
            Relay.class)
        .setParameter("streams", streamIds)
        .setParameter("since", since)
        .getResultList();
  }

  /** When the newest broadcast but this one began that was sent to each of them. */
  Map<UUID, Instant> lastSent(Collection<UUID> destinationIds, @Nullable UUID present) {
    return entities
        .createQuery(
            "select r.destinationId, max(b.startedAt) from Relay r join Broadcast b on b.id = r.broadcastId"
                + " where r.destinationId in :destinations and r.framesSent > 0 and b.id <> :present"
                + " group by r.destinationId",
            Object[].class)
        .setParameter("destinations", destinationIds)
        .setParameter("present", present == null ? LAST : present)
        .getResultList()
        .stream()
        .collect(Collectors.toMap(row -> (UUID) row[0], row -> (Instant) row[1]));
  }

  void endReleased(UUID streamId, String reason) {
    entities
        .createNativeQuery("select end_released(:stream, :reason)", Boolean.class)
        .setParameter("stream", streamId)
        .setParameter("reason", reason)
        .getSingleResult();
  }

  Optional<Broadcast> find(UUID accountId, UUID id) {
    return entities
        .createQuery(
            "select b from Broadcast b where b.id = :id and b.accountId = :account",
            Broadcast.class)
        .setParameter("id", id)
        .setParameter("account", accountId)
        .getResultList()
        .stream()
        .findFirst();
  }

  /** At most that many of the stream, newest first, those that come after the given id. */
  List<Broadcast> page(UUID accountId, UUID streamId, @Nullable UUID after, int limit) {
    return entities
        .createQuery(
            "select b from Broadcast b where b.accountId = :account and b.streamId = :stream and b.id < :after"
                + " order by b.id desc",
            Broadcast.class)
        .setParameter("account", accountId)
        .setParameter("stream", streamId)
        .setParameter("after", after == null ? LAST : after)
        .setMaxResults(limit)
        .getResultList();
  }

  /** As {@link #page}, of all the account's streams, deleted ones too. */
  List<Broadcast> pageOfAll(UUID accountId, @Nullable UUID after, int limit) {
    return entities
        .createQuery(
            "select b from Broadcast b where b.accountId = :account and b.id < :after order by b.id desc",
            Broadcast.class)
        .setParameter("account", accountId)
        .setParameter("after", after == null ? LAST : after)
        .setMaxResults(limit)
        .getResultList();
  }

  List<Relay> relays(Collection<UUID> broadcastIds) {
    return entities
        .createQuery(
            "select r from Relay r where r.broadcastId in :broadcasts order by r.destinationId",
            Relay.class)
        .setParameter("broadcasts", broadcastIds)
        .getResultList();
  }

  boolean streamExists(UUID accountId, UUID streamId) {
    return !entities
        .createQuery(
            "select 1 from Stream s where s.id = :id and s.accountId = :account and s.deletedAt is null",
            Integer.class)
        .setParameter("id", streamId)
        .setParameter("account", accountId)
        .getResultList()
        .isEmpty();
  }
}
