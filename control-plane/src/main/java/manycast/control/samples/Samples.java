package manycast.control.samples;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import manycast.control.broadcasts.BroadcastState;
import manycast.control.broadcasts.RelayState;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of samples. */
@Repository
class Samples {
  private static final String COLUMNS =
      """
      s.taken_at, s.destination_id, s.node_id, s.state, s.bitrate_bps, s.frames, s.frames_missing, s.bytes_sent, s.behind, s.skips,
      s.reconnects, s.lag_ms, s.rtt_ms, s.retransmits, s.unsent_bytes, s.fitting_bitrate_bps, s.silent_ms, s.frame_rate,
      s.keyframe_interval_ms, s.jitter_ms, s.audio_ahead_ms, s.loop_busy, s.loops_blocked, s.memory_share
      """;

  /** The bounds of time let the server pass over the partitions of other days. */
  private static final String BETWEEN =
      """
      from sample s join broadcast b on b.id = s.broadcast_id
      where s.broadcast_id = :broadcast and b.account_id = :account and s.taken_at >= :from and s.taken_at <= :to
      """;

  private final JdbcClient jdbc;

  Samples(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  Measured between(UUID accountId, UUID broadcastId, Instant from, Instant to) {
    var taken = new Taken();
    bounds("select " + COLUMNS + BETWEEN + "order by s.taken_at", accountId, broadcastId, from, to)
        .query(taken::row);
    return taken.measured();
  }

  /** When samples of the ingest were odd, the newest ones first. */
  List<Instant> odd(UUID accountId, UUID broadcastId, Instant from, Instant to, Odd odd, int most) {
    return bounds(
            """
            with ingest as (
                select s.taken_at, s.state, s.silent_ms, s.frame_rate, s.jitter_ms, s.loop_busy, s.memory_share,
                  s.frames_missing - lag(s.frames_missing) over (order by s.taken_at) as missed
            """
                + BETWEEN
                + """
                    and s.destination_id is null),
              usual as (
                select percentile_disc(0.5) within group (order by frame_rate) as frame_rate,
                  percentile_disc(0.5) within group (order by jitter_ms) as jitter_ms
                from ingest where state = 'live')
            select i.taken_at from ingest i
            where i.loop_busy >= :loopBusy or i.memory_share >= :memoryShare
              or (i.state = 'live' and (i.silent_ms >= :silentMs or i.frame_rate < :frameRateShare * (select frame_rate from usual)
                or i.missed >= :framesMissed
                or i.jitter_ms > greatest(:jitterMs, :jitterTimes * (select jitter_ms from usual))))
            order by i.taken_at desc limit :most
            """,
            accountId,
            broadcastId,
            from,
            to)
        .param("silentMs", odd.silentMs())
        .param("frameRateShare", odd.frameRateShare())
        .param("framesMissed", odd.framesMissed())
        .param("jitterMs", odd.jitterMs())
        .param("jitterTimes", odd.jitterTimes())
        .param("loopBusy", odd.loopBusy())
        .param("memoryShare", odd.memoryShare())
        .param("most", most)
        .query((row, _) -> row.getTimestamp(1).toInstant())
        .list();
  }

  /**
   * Those of some spans of time, which do not overlap and leave nothing out for longer than a
   * sample then stands. Each span is one look into the index: by the offset the server has no
   * choice of comparing every sample with every span.
   */
  Measured within(
      UUID accountId,
      UUID broadcastId,
      Instant from,
      Instant to,
      List<Span> spans,
      Duration stands) {
    var taken = new Taken();
    bounds(
            "select "
                + COLUMNS
                + """
                from unnest(cast(string_to_array(:begins, ',') as timestamptz[]), cast(string_to_array(:ends, ',') as timestamptz[]))
                    as span(begins, ends)
                  cross join lateral (
                    select * from sample t
                    where t.broadcast_id = :broadcast and t.taken_at >= span.begins and t.taken_at < span.ends
                      and t.taken_at >= :from and t.taken_at <= :to
                    offset 0) s
                  join broadcast b on b.id = s.broadcast_id
                where b.account_id = :account
                order by s.taken_at
                """,
            accountId,
            broadcastId,
            from,
            to)
        .param("begins", listed(spans, Span::begins))
        .param("ends", listed(spans, Span::ends))
        .query(taken::row);
    return taken.measured(stands);
  }

  private static String listed(List<Span> spans, Function<Span, Instant> end) {
    return spans.stream().map(end).map(Instant::toString).collect(Collectors.joining(","));
  }

  /** Those of the last round of its node, within a day: rounds are ten seconds apart. */
  Measured latest(UUID broadcastId) {
    var taken = new Taken();
    jdbc.sql(
            "select "
                + COLUMNS
                + """
                from sample s where s.broadcast_id = :broadcast and s.taken_at > now() - interval '1 day'
                  and s.taken_at > (select max(l.taken_at) from sample l
                    where l.broadcast_id = :broadcast and l.taken_at > now() - interval '1 day') - interval '5 seconds'
                """)
        .param("broadcast", broadcastId)
        .query(taken::row);
    return taken.measured();
  }

  /** The samples in steps of so many seconds from the beginning. */
  List<Point> points(UUID accountId, UUID broadcastId, Instant from, Instant to, int stepSeconds) {
    return bounds(
            """
            select floor(extract(epoch from s.taken_at - :from) / :step)::integer as slot, s.destination_id,
              avg(s.bitrate_bps)::bigint as bitrate_bps, max(s.lag_ms) as lag_ms, max(s.rtt_ms) as rtt_ms,
              max(s.frames_missing) as frames_missing, avg(s.frame_rate) as frame_rate, max(s.silent_ms) as silent_ms,
              max(s.keyframe_interval_ms)::bigint as keyframe_interval_ms, max(s.jitter_ms)::float8 as jitter_ms,
              avg(s.audio_ahead_ms)::bigint as audio_ahead_ms
            """
                + BETWEEN
                + "group by 1, 2",
            accountId,
            broadcastId,
            from,
            to)
        .param("step", stepSeconds)
        .query(
            (row, _) ->
                new Point(
                    row.getInt("slot"),
                    row.getObject("destination_id", UUID.class),
                    row.getObject("bitrate_bps", Long.class),
                    row.getObject("lag_ms", Long.class),
                    row.getObject("rtt_ms", Long.class),
                    row.getObject("frames_missing", Long.class),
                    row.getObject("frame_rate", Double.class),
                    row.getObject("silent_ms", Long.class),
                    row.getObject("keyframe_interval_ms", Long.class),
                    row.getObject("jitter_ms", Double.class),
                    row.getObject("audio_ahead_ms", Long.class)))
        .list();
  }

  private JdbcClient.StatementSpec bounds(
      String sql, UUID accountId, UUID broadcastId, Instant from, Instant to) {
    return jdbc.sql(sql)
        .param("broadcast", broadcastId)
        .param("account", accountId)
        .param("from", Timestamp.from(from))
        .param("to", Timestamp.from(to));
  }

  /** Rows as they come, sorted out by what they tell of. */
  private static final class Taken {
    private final List<IngestSample> ingest = new ArrayList<>();
    private final List<DestinationSample> destinations = new ArrayList<>();

    /** Where nothing was left out. */
    Measured measured() {
      return measured(SampleService.GAP);
    }

    Measured measured(Duration stands) {
      return new Measured(ingest, destinations, stands);
    }

    void row(ResultSet row) throws SQLException {
      UUID destination = row.getObject("destination_id", UUID.class);
      if (destination == null) {
        ingest.add(ofIngest(row));
      } else {
        destinations.add(ofDestination(row, destination));
      }
    }

    private static IngestSample ofIngest(ResultSet row) throws SQLException {
      return new IngestSample(
          row.getTimestamp("taken_at").toInstant(),
          row.getString("node_id"),
          BroadcastState.of(row.getString("state")),
          row.getLong("bitrate_bps"),
          row.getLong("frames"),
          row.getLong("frames_missing"),
          row.getObject("silent_ms", Long.class),
          real(row, "frame_rate"),
          row.getObject("keyframe_interval_ms", Integer.class),
          real(row, "jitter_ms"),
          row.getObject("audio_ahead_ms", Integer.class),
          real(row, "loop_busy"),
          row.getObject("loops_blocked", Long.class),
          real(row, "memory_share"));
    }

    private static DestinationSample ofDestination(ResultSet row, UUID destination)
        throws SQLException {
      return new DestinationSample(
          row.getTimestamp("taken_at").toInstant(),
          destination,
          RelayState.of(row.getString("state")),
          row.getLong("bitrate_bps"),
          row.getLong("bytes_sent"),
          row.getLong("frames"),
          row.getLong("frames_missing"),
          row.getBoolean("behind"),
          row.getInt("skips"),
          row.getInt("reconnects"),
          row.getObject("lag_ms", Long.class),
          row.getObject("rtt_ms", Long.class),
          row.getObject("retransmits", Long.class),
          row.getObject("unsent_bytes", Long.class),
          row.getObject("fitting_bitrate_bps", Long.class));
    }

    private static @Nullable Double real(ResultSet row, String column) throws SQLException {
      Float value = row.getObject(column, Float.class);
      return value == null ? null : Double.valueOf(Math.round(value * 1000) / 1000.0);
    }
  }
}
