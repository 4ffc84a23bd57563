package manycast.media.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.IngestFigures;
import manycast.media.broadcast.TrackFigures;
import manycast.media.relay.RelayReport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * A row of the table {@code sample}, which says what each field means; it is of the ingest where
 * there is no destination.
 */
record SampleRow(
    UUID broadcastId,
    long epoch,
    @Nullable UUID destinationId,
    String state,
    long bitrateBps,
    long frames,
    long framesMissing,
    @Nullable Long bytesSent,
    @Nullable Boolean behind,
    @Nullable Integer skips,
    @Nullable Integer reconnects,
    @Nullable Long lagMs,
    @Nullable Long rttMs,
    @Nullable Long retransmits,
    @Nullable Long unsentBytes,
    @Nullable Long fittingBitrateBps,
    @Nullable Long silentMs,
    @Nullable Double frameRate,
    @Nullable Long keyframeIntervalMs,
    @Nullable Double jitterMs,
    @Nullable Long audioAheadMs,
    @Nullable Double loopBusy,
    @Nullable Long loopsBlocked,
    @Nullable Double memoryShare) {

  private static final JsonMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  /** However many rows there are, it is one statement, one way to the server and one commit. */
  private static final String INSERT =
      """
      insert into sample (taken_at, broadcast_id, destination_id, node_id, state, bitrate_bps, frames, frames_missing, bytes_sent,
          behind, skips, reconnects, lag_ms, rtt_ms, retransmits, unsent_bytes, fitting_bitrate_bps, silent_ms, frame_rate,
          keyframe_interval_ms, jitter_ms, audio_ahead_ms, loop_busy, loops_blocked, memory_share)
        select now(), b.id, s.destination_id, b.node_id, s.state, s.bitrate_bps, s.frames, s.frames_missing, s.bytes_sent,
          s.behind, s.skips, s.reconnects, s.lag_ms, s.rtt_ms, s.retransmits, s.unsent_bytes, s.fitting_bitrate_bps, s.silent_ms,
          s.frame_rate, s.keyframe_interval_ms, s.jitter_ms, s.audio_ahead_ms, s.loop_busy, s.loops_blocked, s.memory_share
        from jsonb_to_recordset(?::jsonb) as s(broadcast_id uuid, epoch bigint, destination_id uuid, state text,
            bitrate_bps bigint, frames bigint, frames_missing bigint, bytes_sent bigint, behind boolean, skips integer,
            reconnects integer, lag_ms bigint, rtt_ms bigint, retransmits bigint, unsent_bytes bigint,
            fitting_bitrate_bps bigint, silent_ms bigint, frame_rate real, keyframe_interval_ms integer, jitter_ms real,
            audio_ahead_ms integer, loop_busy real, loops_blocked bigint, memory_share real)
          join broadcast b on b.id = s.broadcast_id and b.epoch = s.epoch
        on conflict do nothing
      """;

  /** To be made on the broadcast's loop. */
  static SampleRow ofIngest(Broadcast broadcast, SampleWriter.Node node) {
    IngestFigures figures = broadcast.ingest();
    long nowMs = Broadcast.nowMs();
    TrackFigures video = figures.video();
    TrackFigures audio = figures.audio();
    TrackFigures main = video == null ? audio : video;
    return new SampleRow(
        broadcast.claim().broadcastId(),
        broadcast.claim().epoch(),
        null,
        broadcast.state().word(),
        figures.bitrateBps(nowMs),
        main == null ? 0 : main.frames(),
        main == null ? 0 : main.missingFrames(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        figures.silentMs(nowMs),
        video == null ? null : positive(video.measuredFrameRate()),
        video == null || video.lastKeyframeIntervalMs() == 0
            ? null
            : (Long) video.lastKeyframeIntervalMs(),
        main == null ? null : (Double) main.jitterMs(),
        video == null || audio == null ? null : (Long) figures.audioAheadMs(),
        node.busy(broadcast.loop()),
        node.timesBlocked(),
        node.memoryShare());
  }

  static SampleRow ofDestination(RelayReport report) {
    return new SampleRow(
        report.claim().broadcastId(),
        report.claim().epoch(),
        report.destination().id(),
        report.state().word(),
        report.bitrateBps(),
        report.framesSent(),
        report.framesDropped(),
        report.bytesSent(),
        report.behind(),
        report.skips(),
        report.reconnects(),
        report.lagMs(),
        report.rttMs(),
        report.retransmits(),
        report.unsentBytes(),
        report.fittingBitrateBps(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** Writes those whose broadcasts are still their claims'. */
  static void insert(Connection connection, List<SampleRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      statement.setString(1, JSON.writeValueAsString(rows));
      statement.executeUpdate();
    }
  }

  private static @Nullable Double positive(double number) {
    return number > 0 ? number : null;
  }
}
