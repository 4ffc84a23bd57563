package manycast.control.nodes;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Repository;

/** Media nodes in the database. */
@Repository
class Nodes {
  private final EntityManager entities;

  Nodes(EntityManager entities) {
    this.entities = entities;
  }

  /** At most that many, by id, those that come after the given id and were heard since then. */
  List<Node> page(@Nullable String after, Instant heardSince, int limit) {
    return entities
        .createQuery(
            "select n from Node n where n.id > :after and n.heartbeatAt > :since order by n.id",
            Node.class)
        .setParameter("after", after == null ? "" : after)
        .setParameter("since", heardSince)
        .setMaxResults(limit)
        .getResultList();
  }

  /** How many broadcasts each carries. */
  Map<String, Long> liveBroadcasts(Collection<String> nodeIds) {
    return entities
        .createQuery(
            "select b.nodeId, count(b) from Broadcast b where b.nodeId in :nodes and b.state <> 'ended' group by b.nodeId",
            Object[].class)
        .setParameter("nodes", nodeIds)
        .getResultList()
        .stream()
        .collect(Collectors.toMap(row -> (String) row[0], row -> (Long) row[1]));
  }

  /** Those that are not gone. */
  List<Node> present() {
    return entities
        .createQuery("select n from Node n where n.state <> 'gone'", Node.class)
        .getResultList();
  }

  /** By the database's clock, like the heartbeats. */
  Instant now() {
    return entities.createQuery("select instant", Instant.class).getSingleResult();
  }
}
