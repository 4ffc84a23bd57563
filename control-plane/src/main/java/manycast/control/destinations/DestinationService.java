package manycast.control.destinations;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import manycast.control.accounts.Actor;
import manycast.control.accounts.AuditLog;
import manycast.control.broadcasts.BroadcastService;
import manycast.control.broadcasts.Relay;
import manycast.control.events.EventWriter;
import manycast.control.input.Faults;
import manycast.control.input.InvalidInputException;
import manycast.control.input.NotFoundException;
import manycast.control.platforms.Platforms;
import manycast.db.keys.CannotOpenException;
import manycast.db.keys.MediaKeys;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Destinations, for pages and the API. Every method is scoped by account and answers somebody
 * else's id with {@link NotFoundException}; bad values are refused with {@link
 * InvalidInputException}. Every change emits its event in its own transaction, which is how a live
 * broadcast learns of it.
 */
@Service
public class DestinationService {
  /** More than one core of a node can feed at common bitrates; bounds what a broadcast opens. */
  static final int MOST_OF_A_STREAM = 5_000;

  /** Where in the list of an account's destinations one stands. */
  public record Place(UUID streamId, UUID destinationId) {}

  /** The stream that a destination belongs to. */
  public record NamedStream(UUID id, String name) {
    /** The address of its page. */
    public String page() {
      return "/streams/" + id;
    }
  }

  private final Destinations destinations;
  private final BroadcastService broadcasts;
  private final Platforms platforms;
  private final EventWriter events;
  private final AuditLog audit;
  private final MediaKeys keys;

  DestinationService(
      Destinations destinations,
      BroadcastService broadcasts,
      Platforms platforms,
      EventWriter events,
      AuditLog audit,
      MediaKeys keys) {
    this.destinations = destinations;
    this.broadcasts = broadcasts;
    this.platforms = platforms;
    this.events = events;
    this.audit = audit;
    this.keys = keys;
  }

  @Transactional
  public DestinationView create(Actor actor, UUID streamId, NewDestination wanted) {
    if (!destinations.lockStream(actor.accountId(), streamId)) {
      throw new NotFoundException("stream");
    }
    check(wanted.asChanges(), null, null);
    if (destinations.count(streamId) >= MOST_OF_A_STREAM) {
      throw new InvalidInputException(
          "name", "a stream has at most " + MOST_OF_A_STREAM + " destinations");
    }
    var destination = new Destination(streamId, wanted, keys, Instant.now());
    destinations.add(destination);
    changed(actor, destination, "destination.created");
    return view(destination);
  }

  @Transactional(readOnly = true)
  public DestinationView get(UUID accountId, UUID id) {
    return view(find(accountId, id));
  }

  /** A stream that a destination may be added to. */
  @Transactional(readOnly = true)
  public NamedStream stream(UUID accountId, UUID streamId) {
    return destinations.stream(accountId, streamId)
        .orElseThrow(() -> new NotFoundException("stream"));
  }

  /**
   * At most {@code limit} destinations of the account that come after the given one, by stream and
   * then oldest first.
   *
   * @param platform its word, for those of that platform alone; null for all
   */
  @Transactional(readOnly = true)
  public List<ListedDestination> list(
      UUID accountId, @Nullable String platform, @Nullable Place after, int limit) {
    List<Destinations.OfStream> page = destinations.page(accountId, platform, after, limit);
    if (page.isEmpty()) {
      return List.of();
    }
    Map<UUID, Relay> relays =
        broadcasts.relaysAtWork(
            page.stream().map(one -> one.destination().streamId()).distinct().toList());
    return page.stream()
        .map(
            one ->
                ListedDestination.of(
                    one.destination(),
                    one.streamName(),
                    one.streamEnabled(),
                    relays.get(one.destination().id())))
        .toList();
  }

  /** Names of the account's destinations among these, deleted ones too. */
  @Transactional(readOnly = true)
  public Map<UUID, String> names(UUID accountId, Collection<UUID> ids) {
    return ids.isEmpty()
        ? Map.of()
        : destinations.ever(accountId, ids).stream()
            .collect(Collectors.toMap(Destination::id, Destination::name));
  }

  /**
   * The stream that the destination belongs, or belonged, to; empty when it is not the account's.
   */
  @Transactional(readOnly = true)
  public Optional<UUID> streamEver(UUID accountId, UUID id) {
    return destinations.ever(accountId, List.of(id)).stream()
        .findFirst()
        .map(Destination::streamId);
  }

  /** The stream that the destination belongs to. */
  @Transactional(readOnly = true)
  public NamedStream streamOf(UUID accountId, UUID id) {
    return stream(accountId, find(accountId, id).streamId());
  }

  @Transactional
  public DestinationView change(Actor actor, UUID id, DestinationChanges changes) {
    Destination destination = findLocked(actor.accountId(), id);
    check(changes, destination.url(), keyOf(destination));
    destination.change(changes, keys, Instant.now());
    changed(actor, destination, "destination.changed");
    return view(destination);
  }

  @Transactional
  public void delete(Actor actor, UUID id) {
    Destination destination = findLocked(actor.accountId(), id);
    destination.delete(Instant.now());
    changed(actor, destination, "destination.deleted");
  }

  /** Has a live broadcast connect to it anew at once. */
  @Transactional
  public void retry(Actor actor, UUID id) {
    Destination destination = findLocked(actor.accountId(), id);
    destination.retry();
    changed(actor, destination, "destination.retried");
  }

  /**
   * The destinations of each stream, oldest first; the caller has made sure whose the streams are.
   */
  @Transactional(readOnly = true)
  public Map<UUID, List<DestinationView>> ofStreams(Collection<UUID> streamIds) {
    Map<UUID, Relay> relays = broadcasts.relaysAtWork(streamIds);
    return destinations.ofStreams(streamIds).stream()
        .collect(
            Collectors.groupingBy(
                Destination::streamId,
                Collectors.mapping(
                    destination -> DestinationView.of(destination, relays.get(destination.id())),
                    Collectors.toList())));
  }

  /** Null where it was sealed with a master key that is no longer ours. */
  private @Nullable String keyOf(Destination destination) {
    try {
      return destination.key(keys);
    } catch (CannotOpenException e) {
      return null;
    }
  }

  private void check(
      DestinationChanges changes, @Nullable String presentUrl, @Nullable String presentKey) {
    var faults = new Faults();
    changes.check(faults, platforms, presentUrl, presentKey);
    faults.throwIfAny();
  }

  private void changed(Actor actor, Destination destination, String action) {
    audit.record(
        actor,
        action,
        Map.of(
            "destinationId",
            destination.id(),
            "name",
            destination.name(),
            "keyFingerprint",
            destination.keyFingerprint()));
    events.destinationUpdated(actor.accountId(), destination.streamId(), destination.id());
  }

  private Destination find(UUID accountId, UUID id) {
    return destinations.find(accountId, id).orElseThrow(() -> new NotFoundException("destination"));
  }

  private Destination findLocked(UUID accountId, UUID id) {
    return destinations
        .findLocked(accountId, id)
        .orElseThrow(() -> new NotFoundException("destination"));
  }

  private DestinationView view(Destination destination) {
    return DestinationView.of(
        destination,
        broadcasts.relaysAtWork(List.of(destination.streamId())).get(destination.id()));
  }
}
