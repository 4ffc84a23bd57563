package manycast.control.live;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import manycast.control.broadcasts.Broadcast;
import manycast.control.events.EventHub;
import manycast.control.events.EventHub.Watch;
import manycast.control.nodes.NodeAnswer;
import manycast.control.nodes.NodePoller;
import manycast.control.preview.PreviewAddress;
import manycast.control.preview.PreviewAddresses;
import manycast.control.samples.Measured;
import manycast.control.samples.SampleService;
import manycast.db.events.Event;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** What streams look like this second, for pages and the API. */
@Service
public class LiveFigures {
  /** An answer older than this is not trusted any more. */
  static final Duration TRUSTED = Duration.ofSeconds(2);

  /** How long a first question waits for its node: the whole answer is due within 200 ms. */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  /**
   * Is told that a stream's figures or rows have changed; called on the threads of others, so it
   * must not block and must not ask the database.
   */
  public interface Listener {
    void changed();
  }

  /** What the database says of a stream at one moment: figures are laid over it again and again. */
  public static final class Snapshot {
    /** A node that hangs writes no samples either. */
    private static final Duration LOOKED_UP = Duration.ofSeconds(5);

    private final StreamRows rows;
    private @Nullable Measured latest;
    private long latestNanos;

    private Snapshot(StreamRows rows) {
      this.rows = rows;
    }

    private synchronized Measured latest(SampleService samples, LiveRows of) {
      Measured known = latest;
      if (known == null || System.nanoTime() - latestNanos > LOOKED_UP.toNanos()) {
        known = samples.latest(of.broadcast().id());
        latest = known;
        latestNanos = System.nanoTime();
      }
      return known;
    }
  }

  private record Watched(UUID streamId, Listener listener) {}

  private final StreamRows.Reader reader;
  private final NodePoller poller;
  private final PreviewAddresses previews;
  private final SettingsAdvice advice;
  private final SampleService samples;
  private final EventHub hub;
  private final List<Watched> watched = new CopyOnWriteArrayList<>();

  LiveFigures(
      StreamRows.Reader reader,
      NodePoller poller,
      PreviewAddresses previews,
      SampleService samples,
      SettingsAdvice advice,
      EventHub hub) {
    this.reader = reader;
    this.poller = poller;
    this.previews = previews;
    this.samples = samples;
    this.advice = advice;
    this.hub = hub;
    poller.onAnswer(this::answered);
  }

  /**
   * The stream's broadcast as it is known now, without waiting for its node; empty when nothing is
   * live. Throws {@code NotFoundException} when the stream is not the account's.
   */
  public Optional<LiveView> of(UUID accountId, UUID streamId) {
    return of(snapshot(accountId, streamId));
  }

  /**
   * What the database says of the stream now. Throws {@code NotFoundException} when the stream is
   * not the account's.
   */
  public Snapshot snapshot(UUID accountId, UUID streamId) {
    return new Snapshot(reader.read(accountId, streamId));
  }

  /**
   * As {@link #of(UUID, UUID)} with rows that were read before: for who is told when they change.
   * Asks the database only while the node hangs.
   */
  public Optional<LiveView> of(Snapshot snapshot) {
    poller.noteInterest();
    LiveRows rows = snapshot.rows.live();
    return rows == null
        ? Optional.empty()
        : Optional.of(orSampled(rows, view(rows), () -> snapshot.latest(samples, rows)));
  }

  /** What should be changed before the next broadcast; nothing while one runs. */
  public List<LiveView.Warning> beforehand(Snapshot snapshot) {
    StreamRows rows = snapshot.rows;
    return rows.live() == null
        ? advice.beforehand(rows.destinations(), rows.lastSent())
        : List.of();
  }

  /**
   * As {@link #of}; where nobody has asked for a while, or the broadcast is younger than what its
   * node said last, the node gets a moment to answer.
   */
  public Optional<LiveView> ask(UUID accountId, UUID streamId) {
    Optional<LiveRows> rows = Optional.ofNullable(reader.read(accountId, streamId).live());
    Optional<LiveView> known = rows.map(this::view);
    if (known.isPresent() && known.get().stale()) {
      poller.askNow(known.get().nodeId(), PATIENCE);
      return rows.map(
          asked -> orSampled(asked, view(asked), () -> samples.latest(asked.broadcast().id())));
    }
    poller.noteInterest();
    return known;
  }

  /**
   * What flows in a broadcast, in bits per second.
   *
   * @param outBps to all its destinations together
   */
  public record Rates(@Nullable Long inBps, @Nullable Long outBps) {
    private static final Rates UNKNOWN = new Rates(null, null);
  }

  /**
   * What the broadcast's node said last, unless that is too old; asks nobody and waits for none.
   */
  public Rates rates(Broadcast broadcast) {
    poller.noteInterest();
    return broadcast.released()
        ? Rates.UNKNOWN
        : poller
            .lastOf(broadcast.nodeId())
            .filter(known -> known.age().compareTo(TRUSTED) <= 0)
            .flatMap(
                known ->
                    known.answer().broadcasts().stream()
                        .filter(one -> one.broadcastId().equals(broadcast.id()))
                        .findFirst())
            .map(LiveFigures::rates)
            .orElse(Rates.UNKNOWN);
  }

  private static Rates rates(NodeAnswer.Broadcast said) {
    List<NodeAnswer.Destination> destinations =
        said.destinations() == null ? List.of() : said.destinations();
    long out = 0;
    for (NodeAnswer.Destination one : destinations) {
      out += one.state().equals("live") && one.bitrateBps() != null ? one.bitrateBps() : 0;
    }
    return new Rates(said.ingest() == null ? null : said.ingest().bitrateBps(), out);
  }

  /** Where the broadcast's picture is watched; empty while no node carries it, or offers none. */
  public Optional<PreviewAddress> preview(Broadcast broadcast) {
    return broadcast.released()
        ? Optional.empty()
        : previews.of(broadcast.id(), broadcast.nodeId());
  }

  /**
   * Watches a stream: its node is asked once a second while anybody does, and the listener is told
   * after each answer that tells of the stream, and after each event of it. The caller has made
   * sure whose the stream is.
   */
  public Watch watch(UUID accountId, UUID streamId, Listener listener) {
    var entry = new Watched(streamId, listener);
    watched.add(entry);
    poller.watch();
    Watch events =
        hub.watch(
            accountId,
            new EventHub.Watcher() {
              @Override
              public void happened(List<Event> happened) {
                if (happened.stream().anyMatch(event -> streamId.equals(event.streamId()))) {
                  listener.changed();
                }
              }

              @Override
              public void missed() {
                listener.changed();
              }
            });
    var open = new AtomicBoolean(true);
    return () -> {
      if (open.compareAndSet(true, false)) {
        events.close();
        watched.remove(entry);
        poller.unwatch();
      }
    };
  }

  private void answered(NodeAnswer answer) {
    Set<UUID> told =
        answer.broadcasts().stream()
            .map(NodeAnswer.Broadcast::streamId)
            .collect(Collectors.toSet());
    for (Watched entry : watched) {
      if (told.contains(entry.streamId())) {
        entry.listener().changed();
      }
    }
  }

  /** What is too old to be trusted gives way to what the node wrote down since. */
  private static LiveView orSampled(LiveRows rows, LiveView known, Supplier<Measured> latest) {
    if (!known.stale() || rows.broadcast().released()) {
      return known;
    }
    return LastSample.over(rows.alone(known.preview()), latest.get())
        .filter(
            sampled -> known.ingest().bitrateBps() == null || sampled.asOf().isAfter(known.asOf()))
        .orElse(known);
  }

  private LiveView view(LiveRows rows) {
    // What a node said of a broadcast that it does not carry any more is no figure of it.
    Broadcast broadcast = rows.broadcast();
    if (broadcast.released()) {
      return rows.alone(null);
    }
    LiveView.Preview preview =
        preview(broadcast)
            .map(address -> new LiveView.Preview(address.hlsUrl(), address.stillUrl()))
            .orElse(null);
    return poller
        .lastOf(broadcast.nodeId())
        .flatMap(
            known -> rows.with(known.answer(), known.age().compareTo(TRUSTED) > 0, preview, advice))
        .orElseGet(() -> rows.alone(preview));
  }
}
