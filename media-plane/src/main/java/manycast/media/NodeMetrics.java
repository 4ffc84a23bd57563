package manycast.media;

import java.util.Locale;
import manycast.media.broadcast.Broadcasts;
import manycast.media.broadcast.MediaMemory;
import manycast.media.hls.PreviewCounters;
import manycast.media.hls.Previews;
import manycast.media.http.ConnectionLimit;
import manycast.media.http.Metrics;
import manycast.media.ingest.IngestCounters;
import manycast.media.ingest.PublishAuthority;
import manycast.media.loops.LoopWatchdog;
import manycast.media.relay.Relays;
import manycast.media.tls.ServerTls;
import org.jspecify.annotations.Nullable;

/**
 * What a node tells of itself at {@code /metrics}. Its registry is made when somebody asks for the
 * first time: all that is told counts elsewhere. Safe from any thread.
 */
final class NodeMetrics implements AutoCloseable {
  private final LoopWatchdog watchdog;
  private final MediaMemory memory;
  private final Broadcasts broadcasts;
  private final Relays relays;
  private final Previews previews;
  private final IngestCounters counters;
  private final ConnectionLimit publicConnections;
  private final ServerTls serverTls;
  private @Nullable Metrics metrics;

  NodeMetrics(
      LoopWatchdog watchdog,
      MediaMemory memory,
      Broadcasts broadcasts,
      Relays relays,
      Previews previews,
      IngestCounters counters,
      ConnectionLimit publicConnections,
      ServerTls serverTls) {
    this.watchdog = watchdog;
    this.memory = memory;
    this.broadcasts = broadcasts;
    this.relays = relays;
    this.previews = previews;
    this.counters = counters;
    this.publicConnections = publicConnections;
    this.serverTls = serverTls;
  }

  /** All of it in Prometheus' form. */
  synchronized String scrape() {
    if (metrics == null) {
      metrics = begin();
    }
    return metrics.scrape();
  }

  @Override
  public synchronized void close() {
    if (metrics != null) {
      metrics.close();
    }
  }

  private Metrics begin() {
    Metrics begun = new Metrics();
    begun.gauge(
        "manycast_tls_certificate_expires_seconds",
        "When the certificate that encoders are shown expires, since 1970",
        serverTls,
        tls -> tls.certificate().getNotAfter().getTime() / 1e3);
    begun.gauge("manycast_media_bytes", "Media bytes held", memory, MediaMemory::held);
    begun.gauge("manycast_media_bytes_max", "Bound of media bytes", memory, MediaMemory::bound);
    begun.gauge(
        "manycast_broadcasts_live",
        "Live and resuming broadcasts",
        broadcasts,
        live -> live.live().size());
    begun.gauge(
        "manycast_loop_busy",
        "Share of a processor that the busiest loop used in the last second",
        watchdog,
        LoopWatchdog::busiest);
    begun.gauge(
        "manycast_loops_in_windows",
        "Loops whose broadcasts are flushed in windows",
        watchdog,
        LoopWatchdog::inWindows);
    begun.counter(
        "manycast_loops_blocked",
        "Times that a loop did not answer within 200 ms",
        watchdog,
        LoopWatchdog::timesBlocked);
    begun.counter("manycast_egress_bytes", "Bytes sent to destinations", relays, Relays::bytesSent);
    begun.counter(
        "manycast_publishes_accepted", "Publishes accepted", counters, IngestCounters::accepted);
    begun.counter(
        "manycast_connections_turned_away",
        "Connections closed at once",
        counters,
        IngestCounters::turnedAway);
    begun.counter(
        "manycast_ingest_messages_dropped",
        "Messages that hold nothing that is carried",
        counters,
        IngestCounters::droppedMessages);
    for (PublishAuthority.Reason reason : PublishAuthority.Reason.values()) {
      begun.counter(
          "manycast_publishes_refused",
          "Publishes refused",
          "reason",
          reason.name().toLowerCase(Locale.ROOT),
          counters,
          counted -> counted.refused(reason));
    }
    begun.gauge(
        "manycast_http_connections",
        "Connections to the public HTTP",
        publicConnections,
        ConnectionLimit::open);
    begun.counter(
        "manycast_http_connections_turned_away",
        "Connections to the public HTTP closed at once because as many as may be were in use",
        publicConnections,
        ConnectionLimit::turnedAway);
    addPreviews(begun);
    return begun;
  }

  private void addPreviews(Metrics begun) {
    begun.gauge(
        "manycast_previews_watched",
        "Broadcasts whose preview was asked for in the last half minute",
        previews,
        Previews::watched);
    begun.gauge(
        "manycast_preview_bytes", "Media bytes that previews hold", previews, Previews::held);
    begun.counter(
        "manycast_preview_bytes_sent",
        "Bytes sent to those who watch previews",
        previews.counters(),
        PreviewCounters::bytes);
    for (PreviewCounters.Kind kind : PreviewCounters.Kind.values()) {
      begun.counter(
          "manycast_preview_answers",
          "Requests of previews answered",
          "kind",
          kind.name().toLowerCase(Locale.ROOT),
          previews.counters(),
          counted -> counted.answered(kind));
    }
  }
}
