package manycast.media.database;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.BroadcastClaim;
import manycast.media.broadcast.EndReason;
import manycast.media.relay.RelayReport;
import org.jspecify.annotations.Nullable;

/**
 * What is still to be written down, of each subject only the latest. What tells of a broadcast
 * itself comes first, then relays' changes with an event, then relays' figures; each in the order
 * in which it came. What is being written stays known until it is done. Safe from any thread.
 */
final class PendingWrites {
  /** How many rows one transaction takes: what is urgent waits no longer than for these. */
  private static final int BATCH = 200;

  /** How many events of one broadcast are kept while the database is away. */
  private static final int MOST_EVENTS = 100;

  private final SequencedMap<Subject, Write> ofBroadcasts = new LinkedHashMap<>();
  private final SequencedMap<Subject, Write.OfRelay> events = new LinkedHashMap<>();
  private final SequencedMap<Subject, Write.OfRelay> figures = new LinkedHashMap<>();
  private final SequencedMap<Subject, Write> releases = new LinkedHashMap<>();
  private List<Write> inFlight = List.of();
  private boolean closed;

  /** What a write is about. */
  sealed interface Subject {
    record OfRelay(UUID broadcastId, UUID destinationId) implements Subject {}

    record Description(UUID broadcastId) implements Subject {}

    record Life(UUID broadcastId) implements Subject {}

    record End(UUID broadcastId) implements Subject {}

    record Release(UUID broadcastId) implements Subject {}
  }

  /** Something to be written under the epoch of its claim. */
  sealed interface Write {
    BroadcastClaim claim();

    Subject subject();

    record OfRelay(RelayReport report) implements Write {
      @Override
      public BroadcastClaim claim() {
        return report.claim();
      }

      @Override
      public Subject subject() {
        return new Subject.OfRelay(claim().broadcastId(), report.destination().id());
      }

      OfRelay withEvent(@Nullable String event) {
        return new OfRelay(report.withEvent(event));
      }
    }

    record Description(BroadcastClaim claim, StateStatements.Description description)
        implements Write {
      @Override
      public Subject subject() {
        return new Subject.Description(claim.broadcastId());
      }
    }

    /**
     * That it is live, or waits until then for its encoder.
     *
     * @param events that are to be told, oldest first
     */
    record Life(
        BroadcastClaim claim,
        @Nullable Instant resumeUntil,
        String protocol,
        String remoteAddress,
        String encoder,
        List<String> events)
        implements Write {
      @Override
      public Subject subject() {
        return new Subject.Life(claim.broadcastId());
      }

      Life after(Life earlier) {
        List<String> all = new ArrayList<>(earlier.events);
        all.addAll(events);
        return new Life(
            claim,
            resumeUntil,
            protocol,
            remoteAddress,
            encoder,
            all.subList(Math.max(0, all.size() - MOST_EVENTS), all.size()));
      }
    }

    /** That this node has let go of it. */
    record Release(BroadcastClaim claim) implements Write {
      @Override
      public Subject subject() {
        return new Subject.Release(claim.broadcastId());
      }
    }

    record End(BroadcastClaim claim, EndReason reason) implements Write {
      @Override
      public Subject subject() {
        return new Subject.End(claim.broadcastId());
      }
    }
  }

  /**
   * Adds what is to be written. A relay's state without an event keeps the event that waits; of
   * several ends of a broadcast the first counts.
   */
  synchronized void add(Write write) {
    switch (write) {
      case Write.OfRelay relay -> addRelay(relay);
      case Write.Description description -> ofBroadcasts.put(description.subject(), description);
      case Write.Life life ->
          ofBroadcasts.merge(
              life.subject(), life, (earlier, _) -> life.after((Write.Life) earlier));
      case Write.Release release -> releases.put(release.subject(), release);
      case Write.End end -> {
        if (!isEnding(end.claim().broadcastId())) {
          ofBroadcasts.put(end.subject(), end);
        }
      }
    }
    notifyAll();
  }

  private void addRelay(Write.OfRelay relay) {
    Subject subject = relay.subject();
    Write.OfRelay waiting = events.get(subject);
    if (relay.report().event() != null) {
      figures.remove(subject);
      events.remove(subject);
      events.put(subject, relay);
    } else if (waiting != null) {
      events.put(subject, relay.withEvent(waiting.report().event()));
    } else {
      figures.put(subject, relay);
    }
  }

  /**
   * Whether the end of this broadcast, or that it was let go of, waits to be written or is being
   * written.
   */
  synchronized boolean isEnding(UUID broadcastId) {
    Subject end = new Subject.End(broadcastId);
    Subject release = new Subject.Release(broadcastId);
    return ofBroadcasts.containsKey(end)
        || releases.containsKey(release)
        || inFlight.stream()
            .anyMatch(write -> write.subject().equals(end) || write.subject().equals(release));
  }

  /** Waits until no end waits to be written or is being written, or the time is over. */
  synchronized void awaitNoEnds(long timeoutMs) {
    awaitUntil(
        () ->
            Stream.of(ofBroadcasts.values(), releases.values(), inFlight)
                .flatMap(Collection::stream)
                .noneMatch(write -> write instanceof Write.End || write instanceof Write.Release),
        timeoutMs);
  }

  /**
   * Waits for what is to be written next in one transaction; {@link #done} follows. Empty once it
   * is closed.
   */
  synchronized List<Write> take() throws InterruptedException {
    while (!closed && isEmpty()) {
      wait();
    }
    if (closed) {
      return List.of();
    }
    if (!ofBroadcasts.isEmpty()) {
      inFlight = firstOf(ofBroadcasts, 1);
    } else if (!events.isEmpty() || !figures.isEmpty()) {
      inFlight = firstOf(events.isEmpty() ? figures : events, BATCH);
    } else {
      // What was sent is counted before somebody else counts on.
      inFlight = firstOf(releases, 1);
    }
    return inFlight;
  }

  /**
   * Ends an attempt. What is to be tried again goes back to the front; where something newer of the
   * same subject has come meanwhile, only its event does, unless the newer has one of its own.
   */
  synchronized void done(List<Write> again) {
    inFlight = List.of();
    for (Write write : again.reversed()) {
      Subject subject = write.subject();
      switch (write) {
        case Write.OfRelay relay when events.containsKey(subject) -> {}
        case Write.OfRelay relay when relay.report().event() == null -> {
          if (!figures.containsKey(subject)) {
            figures.putFirst(subject, relay);
          }
        }
        case Write.OfRelay relay -> {
          Write.OfRelay newer = figures.remove(subject);
          events.putFirst(subject, newer == null ? relay : newer.withEvent(relay.report().event()));
        }
        case Write.Life life ->
            ofBroadcasts.putFirst(
                subject,
                ofBroadcasts.get(subject) instanceof Write.Life newer ? newer.after(life) : life);
        case Write.Release _ -> releases.putFirst(subject, write);
        case Write.Description _, Write.End _ -> {
          if (!ofBroadcasts.containsKey(subject)) {
            ofBroadcasts.putFirst(subject, write);
          }
        }
      }
    }
    notifyAll();
  }

  /** Waits until everything is written, or the time is over; answers whether it is. */
  synchronized boolean awaitEmpty(long timeoutMs) {
    return awaitUntil(() -> isEmpty() && inFlight.isEmpty(), timeoutMs);
  }

  private synchronized boolean awaitUntil(BooleanSupplier condition, long timeoutMs) {
    long until = Broadcast.nowMs() + timeoutMs;
    while (!condition.getAsBoolean()) {
      long left = until - Broadcast.nowMs();
      if (left <= 0) {
        return false;
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  /** Nothing is taken any more. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  private boolean isEmpty() {
    return ofBroadcasts.isEmpty() && events.isEmpty() && figures.isEmpty() && releases.isEmpty();
  }

  private static List<Write> firstOf(SequencedMap<Subject, ? extends Write> waiting, int most) {
    List<Write> first = new ArrayList<>();
    Iterator<? extends Write> writes = waiting.values().iterator();
    while (writes.hasNext() && first.size() < most) {
      first.add(writes.next());
      writes.remove();
    }
    return List.copyOf(first);
  }
}
