package manycast.control.broadcasts;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import manycast.control.input.NotFoundException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Broadcasts and relays, for the other features, pages and the API. */
@Service
public class BroadcastService {
  /**
   * After a clean end a destination drains for its delay, at most 60 s, and 5 s more; what claims
   * to drain for longer belongs to a dead node.
   */
  private static final Duration LONGEST_DRAIN = Duration.ofSeconds(60 + 15);

  private final Broadcasts broadcasts;

  BroadcastService(Broadcasts broadcasts) {
    this.broadcasts = broadcasts;
  }

  /** What has not ended, by its stream; the caller has made sure whose the streams are. */
  @Transactional(readOnly = true)
  public Map<UUID, Broadcast> current(Collection<UUID> streamIds) {
    return broadcasts.current(streamIds);
  }

  /** The stream's broadcast that has not ended. */
  @Transactional(readOnly = true)
  public Optional<Broadcast> current(UUID streamId) {
    return Optional.ofNullable(broadcasts.current(List.of(streamId)).get(streamId));
  }

  /**
   * The relay that each destination has at work now, by destination: of the present broadcast, or
   * one that still drains the last.
   */
  @Transactional(readOnly = true)
  public Map<UUID, Relay> relaysAtWork(Collection<UUID> streamIds) {
    var newest = new HashMap<UUID, Relay>();
    for (Relay relay : broadcasts.atWorkSince(streamIds, Instant.now().minus(LONGEST_DRAIN))) {
      newest.put(relay.destinationId(), relay);
    }
    return newest;
  }

  /**
   * When the newest broadcast began that was sent to each of these destinations, without those that
   * nothing was ever sent to; the caller has made sure whose they are.
   *
   * @param present a broadcast that does not count; null where none runs
   */
  @Transactional(readOnly = true)
  public Map<UUID, Instant> lastSent(Collection<UUID> destinationIds, @Nullable UUID present) {
    return destinationIds.isEmpty() ? Map.of() : broadcasts.lastSent(destinationIds, present);
  }

  /**
   * Ends the stream's broadcast where its node has let go of it or is lost, so that nobody else
   * would; a node that has it ends it itself.
   */
  @Transactional
  public void endWithoutNode(UUID streamId, String reason) {
    broadcasts.endReleased(streamId, reason);
  }

  @Transactional(readOnly = true)
  public BroadcastView get(UUID accountId, UUID id) {
    Broadcast broadcast =
        broadcasts.find(accountId, id).orElseThrow(() -> new NotFoundException("broadcast"));
    return BroadcastView.of(broadcast, broadcasts.relays(List.of(id)));
  }

  /** With what is only known of it in the history. */
  @Transactional(readOnly = true)
  public KeptBroadcast kept(UUID accountId, UUID id) {
    Broadcast broadcast =
        broadcasts.find(accountId, id).orElseThrow(() -> new NotFoundException("broadcast"));
    return KeptBroadcast.of(broadcast, broadcasts.relays(List.of(id)));
  }

  /**
   * At most {@code limit} broadcasts that come after the given one, newest first.
   *
   * @param streamId whose; null for those of all streams the account has and had
   */
  @Transactional(readOnly = true)
  public List<KeptBroadcast> history(
      UUID accountId, @Nullable UUID streamId, @Nullable UUID after, int limit) {
    List<Broadcast> page =
        streamId == null
            ? broadcasts.pageOfAll(accountId, after, limit)
            : broadcasts.page(accountId, streamId, after, limit);
    Map<UUID, List<Relay>> relays = relaysOf(page);
    return page.stream()
        .map(one -> KeptBroadcast.of(one, relays.getOrDefault(one.id(), List.of())))
        .toList();
  }

  /** At most {@code limit} broadcasts of the stream that come after the given one, newest first. */
  @Transactional(readOnly = true)
  public List<BroadcastView> list(UUID accountId, UUID streamId, @Nullable UUID after, int limit) {
    if (!broadcasts.streamExists(accountId, streamId)) {
      throw new NotFoundException("stream");
    }
    List<Broadcast> page = broadcasts.page(accountId, streamId, after, limit);
    Map<UUID, List<Relay>> relays = relaysOf(page);
    return page.stream()
        .map(
            broadcast ->
                BroadcastView.of(broadcast, relays.getOrDefault(broadcast.id(), List.of())))
        .toList();
  }

  private Map<UUID, List<Relay>> relaysOf(List<Broadcast> page) {
    return page.isEmpty()
        ? Map.of()
        : broadcasts.relays(page.stream().map(Broadcast::id).toList()).stream()
            .collect(Collectors.groupingBy(Relay::broadcastId));
  }
}
