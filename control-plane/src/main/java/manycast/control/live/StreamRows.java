package manycast.control.live;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import manycast.control.broadcasts.Broadcast;
import manycast.control.broadcasts.BroadcastService;
import manycast.control.destinations.DestinationView;
import manycast.control.streams.StreamService;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What the database says of a stream at one moment.
 *
 * @param live of its broadcast; null when nothing is live
 * @param lastSent when the last broadcast began that was sent to a destination, the present one
 *     aside, of those whose key is good for one broadcast only
 */
record StreamRows(
    @Nullable LiveRows live, List<DestinationView> destinations, Map<UUID, Instant> lastSent) {

  /** Reads everything in one transaction, which is over before anybody waits. */
  @Component
  static class Reader {
    private final StreamService streams;
    private final BroadcastService broadcasts;
    private final SettingsAdvice advice;
    private final TransactionTemplate reading;

    Reader(
        StreamService streams,
        BroadcastService broadcasts,
        SettingsAdvice advice,
        PlatformTransactionManager transactions) {
      this.streams = streams;
      this.broadcasts = broadcasts;
      this.advice = advice;
      this.reading = new TransactionTemplate(transactions);
      this.reading.setReadOnly(true);
    }

    /** Throws {@code NotFoundException} when the stream is not the account's. */
    StreamRows read(UUID accountId, UUID streamId) {
      return Objects.requireNonNull(reading.execute(_ -> inTransaction(accountId, streamId)));
    }

    private StreamRows inTransaction(UUID accountId, UUID streamId) {
      List<DestinationView> destinations = streams.get(accountId, streamId).destinations();
      Broadcast current = broadcasts.current(streamId).orElse(null);
      Map<UUID, Instant> lastSent =
          broadcasts.lastSent(
              advice.withPassingKeys(destinations), current == null ? null : current.id());
      LiveRows live =
          current == null
              ? null
              : new LiveRows(
                  current, destinations, broadcasts.relaysAtWork(List.of(streamId)), lastSent);
      return new StreamRows(live, destinations, lastSent);
    }
  }
}
