package manycast.media.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import manycast.media.broadcast.BroadcastClaim;
import manycast.media.broadcast.BroadcastState;
import manycast.media.broadcast.EndReason;
import manycast.media.broadcast.IngestFigures;
import manycast.media.broadcast.TrackFigures;
import manycast.media.database.PendingWrites.Write;
import manycast.media.frame.Codec;
import manycast.media.relay.RelayReport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The SQL of what a node writes, each statement under the epoch of its claim. */
final class StateStatements {

  private static final String RELAY =
      """
      insert into relay (broadcast_id, destination_id, name, platform, state, behind, permanent, last_error, last_error_code,
          next_retry_at, bytes_sent, frames_sent, frames_dropped, frames_due, skips, reconnects, updated_at)
        select id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, now() from broadcast where id = ? and epoch = ?
        on conflict (broadcast_id, destination_id) do update set name = excluded.name, platform = excluded.platform,
          state = excluded.state, behind = excluded.behind, permanent = excluded.permanent, last_error = excluded.last_error,
          last_error_code = excluded.last_error_code, next_retry_at = excluded.next_retry_at, bytes_sent = excluded.bytes_sent,
          frames_sent = excluded.frames_sent, frames_dropped = excluded.frames_dropped,
          frames_due = excluded.frames_due, skips = excluded.skips, reconnects = excluded.reconnects, updated_at = excluded.updated_at
      """;

  private static final String DESCRIPTION =
      """
      update broadcast set video_codec = ?, width = ?, height = ?, frame_rate = ?, audio_codec = ?,
          encoder = coalesce(?, encoder)
        where id = ? and epoch = ?
      """;

  private static final String LIFE =
      """
      update broadcast set state = ?, resume_until = ?, grace_reason = ?, interruptions = interruptions + ?, protocol = ?,
          remote_address = ?::inet, encoder = ?
        where id = ? and epoch = ? and state <> 'ended'
      """;

  private StateStatements() {}

  /** What the broadcast's row says of the encoder; 0, null and "" where it is not known. */
  record Description(
      @Nullable Codec video,
      int width,
      int height,
      double frameRate,
      @Nullable Codec audio,
      String encoder) {}

  static Description describe(IngestFigures figures) {
    TrackFigures video = figures.video();
    return new Description(
        figures.videoCodec(),
        video == null ? 0 : video.width(),
        video == null ? 0 : video.height(),
        video == null ? 0 : video.announcedFrameRate(),
        figures.audioCodec(),
        figures.encoder());
  }

  /** Does these writes in this order; answers those whose broadcast is not the claim's any more. */
  static List<Write> write(Connection connection, List<Write> batch) throws SQLException {
    List<Write> foreign = new ArrayList<>();
    List<Write.OfRelay> relays = new ArrayList<>();
    for (Write write : batch) {
      boolean ours =
          switch (write) {
            case Write.OfRelay relay -> relays.add(relay);
            case Write.Description(BroadcastClaim claim, Description description) ->
                description(connection, claim, description);
            case Write.Life life -> life(connection, life);
            case Write.Release(BroadcastClaim claim) -> release(connection, claim);
            case Write.End(BroadcastClaim claim, EndReason reason) ->
                end(connection, claim, reason);
          };
      if (!ours) {
        foreign.add(write);
      }
    }
    relays(connection, relays, foreign);
    return foreign;
  }

  /** The relays' rows, and the events of their changes in the same transaction. */
  private static void relays(Connection connection, List<Write.OfRelay> relays, List<Write> foreign)
      throws SQLException {
    int[] rows;
    try (PreparedStatement statement = connection.prepareStatement(RELAY)) {
      for (Write.OfRelay relay : relays) {
        bind(statement, relay.report());
        statement.addBatch();
      }
      rows = statement.executeBatch();
    }
    for (int i = 0; i < rows.length; i++) {
      RelayReport report = relays.get(i).report();
      if (rows[i] == 0) {
        foreign.add(relays.get(i));
      } else if (report.event() != null) {
        emit(connection, report.event(), report.claim(), report.destination().id(), data(report));
      }
    }
  }

  private static void bind(PreparedStatement statement, RelayReport report) throws SQLException {
    statement.setObject(1, report.destination().id());
    statement.setString(2, report.destination().name());
    statement.setString(3, report.destination().platform());
    statement.setString(4, report.state().word());
    statement.setBoolean(5, report.behind());
    statement.setBoolean(6, report.permanent());
    statement.setString(7, report.lastError());
    statement.setString(8, report.lastErrorCode());
    statement.setObject(
        9,
        report.nextRetryAt() == null ? null : report.nextRetryAt().atOffset(ZoneOffset.UTC),
        Types.TIMESTAMP_WITH_TIMEZONE);
    statement.setLong(10, report.bytesSent());
    statement.setLong(11, report.framesSent());
    statement.setLong(12, report.framesDropped());
    statement.setLong(13, report.framesDue());
    statement.setInt(14, report.skips());
    statement.setInt(15, report.reconnects());
    statement.setObject(16, report.claim().broadcastId());
    statement.setLong(17, report.claim().epoch());
  }

  private static boolean description(
      Connection connection, BroadcastClaim claim, Description description) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(DESCRIPTION)) {
      statement.setString(1, description.video() == null ? null : description.video().label());
      setUnlessZero(statement, 2, description.width());
      setUnlessZero(statement, 3, description.height());
      statement.setObject(
          4, description.frameRate() == 0 ? null : (float) description.frameRate(), Types.REAL);
      statement.setString(5, description.audio() == null ? null : description.audio().label());
      statement.setString(6, description.encoder().isEmpty() ? null : description.encoder());
      statement.setObject(7, claim.broadcastId());
      statement.setLong(8, claim.epoch());
      return statement.executeUpdate() > 0;
    }
  }

  private static boolean life(Connection connection, Write.Life life) throws SQLException {
    Instant until = life.resumeUntil();
    boolean waits = until != null;
    int interruptions = Collections.frequency(life.events(), "broadcast.interrupted");
    try (PreparedStatement statement = connection.prepareStatement(LIFE)) {
      statement.setString(1, (waits ? BroadcastState.RESUMING : BroadcastState.LIVE).word());
      statement.setObject(
          2, until == null ? null : until.atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE);
      statement.setString(3, waits ? EndReason.ENCODER_LOST.word() : null);
      statement.setInt(4, interruptions);
      statement.setString(5, life.protocol());
      statement.setString(6, withoutScope(life.remoteAddress()));
      statement.setString(7, life.encoder().isEmpty() ? null : life.encoder());
      statement.setObject(8, life.claim().broadcastId());
      statement.setLong(9, life.claim().epoch());
      if (statement.executeUpdate() == 0) {
        return false;
      }
    }
    for (String event : life.events()) {
      Map<String, @Nullable Object> data = new LinkedHashMap<>();
      if (event.equals("broadcast.interrupted") && until != null) {
        data.put("resumeUntil", until.toString());
      }
      emit(connection, event, life.claim(), null, data);
    }
    return true;
  }

  /** An address as the database takes it: of which interface it is it need not know. */
  static String withoutScope(String address) {
    int percent = address.indexOf('%');
    return percent < 0 ? address : address.substring(0, percent);
  }

  /** Letting go of what has ended already, or is somebody else's, is no fault. */
  private static boolean release(Connection connection, BroadcastClaim claim) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select release_broadcast(?, ?, ?)")) {
      statement.setObject(1, claim.broadcastId());
      statement.setLong(2, claim.epoch());
      statement.setString(3, EndReason.ENCODER_LOST.word());
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  /** Ending what has ended already, or is somebody else's, is no fault. */
  private static boolean end(Connection connection, BroadcastClaim claim, EndReason reason)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select end_broadcast(?, ?, ?)")) {
      statement.setObject(1, claim.broadcastId());
      statement.setLong(2, claim.epoch());
      statement.setString(3, reason.word());
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  private static void emit(
      Connection connection,
      String type,
      BroadcastClaim claim,
      @Nullable UUID destinationId,
      Map<String, @Nullable Object> data)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select emit_event(?, ?, ?, ?, ?, null, ?::jsonb)")) {
      statement.setString(1, type);
      statement.setObject(2, claim.accountId());
      statement.setObject(3, claim.streamId());
      statement.setObject(4, claim.broadcastId());
      statement.setObject(5, destinationId);
      statement.setString(6, JsonMapper.shared().writeValueAsString(data));
      statement.execute();
    }
  }

  private static Map<String, @Nullable Object> data(RelayReport report) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("name", report.destination().name());
    data.put("platform", report.destination().platform());
    data.put("state", report.state().word());
    data.put("behind", report.behind());
    data.put("lastError", report.lastError());
    data.put("lastErrorCode", report.lastErrorCode());
    data.put("permanent", report.permanent());
    data.put("nextRetryAt", report.nextRetryAt() == null ? null : report.nextRetryAt().toString());
    return data;
  }

  private static void setUnlessZero(PreparedStatement statement, int index, int value)
      throws SQLException {
    statement.setObject(index, value == 0 ? null : value, Types.INTEGER);
  }
}
