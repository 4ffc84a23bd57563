package manycast.control.streams;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import manycast.control.accounts.Actor;
import manycast.control.accounts.AuditLog;
import manycast.control.broadcasts.Broadcast;
import manycast.control.broadcasts.BroadcastService;
import manycast.control.broadcasts.BroadcastState;
import manycast.control.destinations.DestinationService;
import manycast.control.destinations.DestinationView;
import manycast.control.events.EventWriter;
import manycast.control.input.Faults;
import manycast.control.input.NotFoundException;
import manycast.control.settings.Settings;
import manycast.db.keys.MediaKeys;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Streams, for pages and the API. Every method is scoped by account and answers somebody else's id
 * with {@link NotFoundException}; bad values are refused with {@code InvalidInputException}. Every
 * change emits its event in its own transaction.
 */
@Service
public class StreamService {
  private final Streams streams;
  private final DestinationService destinations;
  private final BroadcastService broadcasts;
  private final EventWriter events;
  private final AuditLog audit;
  private final MediaKeys keys;
  private final String rtmpUrl;
  private final String rtmpsUrl;

  StreamService(
      Streams streams,
      DestinationService destinations,
      BroadcastService broadcasts,
      EventWriter events,
      AuditLog audit,
      MediaKeys keys,
      Settings settings) {
    this.streams = streams;
    this.destinations = destinations;
    this.broadcasts = broadcasts;
    this.events = events;
    this.audit = audit;
    this.keys = keys;
    this.rtmpUrl = "rtmp://" + settings.publicHost() + ":" + settings.rtmpPort() + "/live";
    this.rtmpsUrl = "rtmps://" + settings.publicHost() + ":" + settings.rtmpsPort() + "/live";
  }

  /** Makes a stream with a fresh key. */
  @Transactional
  public StreamView create(Actor actor, NewStream wanted) {
    var faults = new Faults();
    faults.checkName("name", wanted.name());
    faults.throwIfAny();
    Instant now = Instant.now();
    var stream = new Stream(actor.accountId(), wanted.name(), now);
    streams.add(stream, StreamKey.random(stream.id(), keys, now));
    changed(actor, stream, "stream.created");
    return view(stream);
  }

  @Transactional(readOnly = true)
  public StreamView get(UUID accountId, UUID id) {
    return view(find(accountId, id));
  }

  /** At most {@code limit} streams that come after the given one, oldest first. */
  @Transactional(readOnly = true)
  public List<StreamView> list(UUID accountId, @Nullable UUID after, int limit) {
    return views(streams.page(accountId, after, limit));
  }

  /** At most {@code limit} streams that are live or resuming, oldest first. */
  @Transactional(readOnly = true)
  public List<StreamView> onAir(UUID accountId, int limit) {
    return views(streams.onAir(accountId, limit));
  }

  /** As {@link #list}, of those that are neither live nor resuming. */
  @Transactional(readOnly = true)
  public List<StreamView> offAir(UUID accountId, @Nullable UUID after, int limit) {
    return views(streams.offAir(accountId, after, limit));
  }

  /** Names of the account's streams among these, deleted ones too. */
  @Transactional(readOnly = true)
  public Map<UUID, String> names(UUID accountId, Collection<UUID> ids) {
    return ids.isEmpty() ? Map.of() : streams.names(accountId, ids);
  }

  @Transactional
  public StreamView change(Actor actor, UUID id, StreamChanges changes) {
    var faults = new Faults();
    if (changes.name() != null) {
      faults.checkName("name", changes.name());
    }
    if (changes.resumeGraceSeconds() != null) {
      faults.checkRange("resumeGraceSeconds", changes.resumeGraceSeconds(), 0, 600);
    }
    faults.throwIfAny();
    Stream stream = findLocked(actor.accountId(), id);
    if (changes.name() != null) {
      stream.rename(changes.name());
    }
    if (changes.enabled() != null) {
      stream.enable(changes.enabled());
    }
    if (changes.setResumeGrace()) {
      stream.setResumeGrace(changes.resumeGraceSeconds());
    }
    if (!stream.enabled()) {
      broadcasts.endWithoutNode(stream.id(), "disabled");
    }
    changed(actor, stream, "stream.changed");
    return view(stream);
  }

  /** Deletes the stream; a live broadcast of it is ended by its node. */
  @Transactional
  public void delete(Actor actor, UUID id) {
    Stream stream = findLocked(actor.accountId(), id);
    stream.delete(Instant.now());
    broadcasts.endWithoutNode(stream.id(), "deleted");
    changed(actor, stream, "stream.deleted");
  }

  /** Gives the stream a fresh key; the old one stops working at once for new connections. */
  @Transactional
  public StreamView rotateKey(Actor actor, UUID id) {
    Stream stream = findLocked(actor.accountId(), id);
    Instant now = Instant.now();
    StreamKey present = key(stream);
    present.retire(now);
    streams.replaceKey(present, StreamKey.random(stream.id(), keys, now));
    changed(actor, stream, "stream.key_rotated");
    return view(stream);
  }

  /**
   * Ends the broadcast that is live or resuming at this moment, if one is. The address of an
   * encoder that was connected is refused until {@link #allow} or for 30 minutes.
   */
  @Transactional
  public void stop(Actor actor, UUID id) {
    Stream stream = findLocked(actor.accountId(), id);
    broadcasts
        .current(stream.id())
        .ifPresent(
            broadcast -> {
              stream.stop(broadcast.id());
              if (broadcast.state() == BroadcastState.LIVE) {
                stream.refuse(broadcast.remoteAddress(), Instant.now());
              }
              broadcasts.endWithoutNode(stream.id(), "stopped");
              changed(actor, stream, "stream.stopped");
            });
  }

  /** Lets the stopped encoder publish again. */
  @Transactional
  public void allow(Actor actor, UUID id) {
    Stream stream = findLocked(actor.accountId(), id);
    stream.allow();
    changed(actor, stream, "stream.allowed");
  }

  /** Until when the stopped encoder is refused; empty when nobody is. */
  @Transactional(readOnly = true)
  public Optional<Instant> refusedUntil(UUID accountId, UUID id) {
    return Optional.ofNullable(find(accountId, id).refusedUntil(Instant.now()));
  }

  private void changed(Actor actor, Stream stream, String action) {
    audit.record(actor, action, Map.of("streamId", stream.id(), "name", stream.name()));
    events.streamUpdated(stream.accountId(), stream.id());
  }

  private Stream find(UUID accountId, UUID id) {
    return streams.find(accountId, id).orElseThrow(() -> new NotFoundException("stream"));
  }

  private Stream findLocked(UUID accountId, UUID id) {
    return streams.findLocked(accountId, id).orElseThrow(() -> new NotFoundException("stream"));
  }

  private StreamKey key(Stream stream) {
    StreamKey key = streams.currentKeys(List.of(stream.id())).get(stream.id());
    if (key == null) {
      throw new IllegalStateException("stream " + stream.id() + " has no current key");
    }
    return key;
  }

  private StreamView view(Stream stream) {
    return views(List.of(stream)).getFirst();
  }

  private List<StreamView> views(List<Stream> page) {
    if (page.isEmpty()) {
      return List.of();
    }
    List<UUID> ids = page.stream().map(Stream::id).toList();
    Map<UUID, StreamKey> currentKeys = streams.currentKeys(ids);
    Map<UUID, Broadcast> current = broadcasts.current(ids);
    Map<UUID, List<DestinationView>> places = destinations.ofStreams(ids);
    return page.stream()
        .map(
            stream -> {
              StreamKey key = currentKeys.get(stream.id());
              if (key == null) {
                throw new IllegalStateException("stream " + stream.id() + " has no current key");
              }
              return new StreamView(
                  stream.id(),
                  stream.name(),
                  stream.enabled(),
                  StreamState.of(stream, current.get(stream.id())),
                  stream.resumeGraceSeconds(),
                  new StreamView.Ingest(rtmpUrl, rtmpsUrl, key.open(keys), key.fingerprint()),
                  places.getOrDefault(stream.id(), List.of()));
            })
        .toList();
  }
}
