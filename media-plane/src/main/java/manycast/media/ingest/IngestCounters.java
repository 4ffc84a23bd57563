package manycast.media.ingest;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens at the node's doors. Safe from any thread. */
public final class IngestCounters {
  private final Map<PublishAuthority.Reason, LongAdder> refused = new TreeMap<>();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder turnedAway = new LongAdder();
  private final LongAdder droppedMessages = new LongAdder();

  /** Counters at zero. */
  public IngestCounters() {
    for (PublishAuthority.Reason reason : PublishAuthority.Reason.values()) {
      refused.put(reason, new LongAdder());
    }
  }

  void accept() {
    accepted.increment();
  }

  void refuse(PublishAuthority.Reason reason) {
    LongAdder counter = refused.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }

  void turnAway() {
    turnedAway.increment();
  }

  void dropMessage() {
    droppedMessages.increment();
  }

  /** Publishes that were accepted. */
  public long accepted() {
    return accepted.sum();
  }

  /** Publishes that were refused for this reason. */
  public long refused(PublishAuthority.Reason reason) {
    LongAdder counter = refused.get(reason);
    return counter == null ? 0 : counter.sum();
  }

  /** Connections that were closed at once because too many had not published yet. */
  public long turnedAway() {
    return turnedAway.sum();
  }

  /** Messages of publishers that were dropped because they hold nothing that is carried. */
  public long droppedMessages() {
    return droppedMessages.sum();
  }
}
