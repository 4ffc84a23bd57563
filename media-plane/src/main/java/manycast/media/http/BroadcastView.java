package manycast.media.http;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.IngestFigures;
import manycast.media.broadcast.TrackFigures;
import manycast.media.relay.RelayReport;
import org.jspecify.annotations.Nullable;

/** A live broadcast as other processes see it; what is not known is null. */
record BroadcastView(
    UUID broadcastId,
    UUID streamId,
    UUID accountId,
    long epoch,
    String state,
    Instant startedAt,
    String flush,
    Ingest ingest,
    List<Destination> destinations) {

  /** The encoder. */
  record Ingest(
      String protocol,
      String remoteAddress,
      @Nullable String encoder,
      @Nullable String videoCodec,
      @Nullable Integer width,
      @Nullable Integer height,
      @Nullable Double frameRate,
      @Nullable Long keyframeIntervalMs,
      @Nullable String audioCodec,
      long bitrateBps,
      long uptimeMs,
      long silentMs,
      @Nullable Long audioAheadMs,
      @Nullable Long audioDriftMs,
      long leadMs,
      double pace,
      long timestampCorrections,
      long droppedMessages,
      List<TrackView> tracks,
      List<IngestFigures.Warning> warnings) {}

  /** One relay. */
  record Destination(
      UUID id,
      String name,
      String state,
      boolean behind,
      long bitrateBps,
      long bytesSent,
      long framesSent,
      long framesDropped,
      int skips,
      int reconnects,
      @Nullable Long lagMs,
      @Nullable Long rttMs,
      @Nullable Long retransmits,
      @Nullable Long unsentBytes,
      @Nullable Long fittingBitrateBps,
      int delayMs,
      @Nullable String lastError,
      @Nullable String lastErrorCode,
      boolean permanent,
      @Nullable Instant nextRetryAt) {}

  /** To be made on the broadcast's loop. */
  static BroadcastView of(Broadcast broadcast, List<RelayReport> relays) {
    return new BroadcastView(
        broadcast.claim().broadcastId(),
        broadcast.claim().streamId(),
        broadcast.claim().accountId(),
        broadcast.claim().epoch(),
        broadcast.state().word(),
        broadcast.startedAt(),
        broadcast.flushWindowMs() == 0 ? "immediate" : broadcast.flushWindowMs() + "ms",
        ingest(broadcast),
        relays.stream().map(BroadcastView::destination).toList());
  }

  private static Ingest ingest(Broadcast broadcast) {
    IngestFigures figures = broadcast.ingest();
    long nowMs = Broadcast.nowMs();
    TrackFigures video = figures.video();
    TrackFigures audio = figures.audio();
    return new Ingest(
        figures.protocol(),
        figures.remoteAddress(),
        figures.encoder().isEmpty() ? null : figures.encoder(),
        video == null ? null : TrackView.orNull(video.codecName()),
        video == null ? null : TrackView.orNull(video.width()),
        video == null ? null : TrackView.orNull(video.height()),
        video == null ? null : TrackView.orNull(video.frameRate()),
        video == null ? null : TrackView.orNull(video.lastKeyframeIntervalMs()),
        audio == null ? null : TrackView.orNull(audio.codecName()),
        figures.bitrateBps(nowMs),
        figures.uptimeMs(nowMs),
        figures.silentMs(nowMs),
        video == null || audio == null ? null : figures.audioAheadMs(),
        video == null || audio == null ? null : figures.audioDriftMs(),
        figures.clock().leadMs(),
        Math.round(figures.clock().pace(nowMs) * 1000) / 1000.0,
        figures.timestampCorrections(),
        figures.droppedMessages(),
        figures.tracks().stream().map(track -> TrackView.of(track, nowMs)).toList(),
        figures.warnings());
  }

  private static Destination destination(RelayReport report) {
    return new Destination(
        report.destination().id(),
        report.destination().name(),
        report.state().word(),
        report.behind(),
        report.bitrateBps(),
        report.bytesSent(),
        report.framesSent(),
        report.framesDropped(),
        report.skips(),
        report.reconnects(),
        report.lagMs(),
        report.rttMs(),
        report.retransmits(),
        report.unsentBytes(),
        report.fittingBitrateBps(),
        report.delayMs(),
        report.lastError(),
        report.lastErrorCode(),
        report.permanent(),
        report.nextRetryAt());
  }
}
