package manycast.control.events;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes events into the log, in the transaction of the change they tell of. */
@Component
public class EventWriter {
  private final JdbcClient jdbc;

  EventWriter(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The stream's own row, or its key, has changed. */
  public void streamUpdated(UUID accountId, UUID streamId) {
    emit("stream.updated", accountId, streamId, null);
  }

  /** The destination's row has changed. */
  public void destinationUpdated(UUID accountId, UUID streamId, UUID destinationId) {
    emit("destination.updated", accountId, streamId, destinationId);
  }

  private void emit(String type, UUID accountId, UUID streamId, @Nullable UUID destinationId) {
    jdbc.sql(
            "select emit_event(:type, :account, :stream, null, cast(:destination as uuid), null, null)::text")
        .param("type", type)
        .param("account", accountId)
        .param("stream", streamId)
        .param("destination", destinationId)
        .query(String.class)
        .optional();
  }
}
