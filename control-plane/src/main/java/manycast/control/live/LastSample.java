package manycast.control.live;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import manycast.control.broadcasts.RelayState;
import manycast.control.samples.DestinationSample;
import manycast.control.samples.IngestSample;
import manycast.control.samples.Measured;

/**
 * Lays what a node wrote down last over what the rows alone say, in place of an answer that does
 * not come.
 */
final class LastSample {
  private LastSample() {}

  /**
   * Empty where there is no sample.
   *
   * @param rows the view of the rows alone; the new one is stale as it is
   */
  static Optional<LiveView> over(LiveView rows, Measured last) {
    if (last.ingest().isEmpty()) {
      return Optional.empty();
    }
    IngestSample ingest = last.ingest().getLast();
    Map<UUID, DestinationSample> byId = new HashMap<>();
    last.destinations().forEach(sample -> byId.put(sample.destinationId(), sample));
    return Optional.of(
        new LiveView(
            rows.broadcastId(),
            rows.state(),
            rows.startedAt(),
            rows.resumeUntil(),
            rows.nodeId(),
            ingest.at(),
            rows.stale(),
            ingest(rows, ingest),
            rows.destinations().stream()
                .map(
                    row -> {
                      DestinationSample sample = byId.get(row.id());
                      return sample == null ? row : destination(row, sample);
                    })
                .toList(),
            rows.preview()));
  }

  private static LiveView.Ingest ingest(LiveView rows, IngestSample sample) {
    LiveView.Ingest row = rows.ingest();
    return new LiveView.Ingest(
        row.protocol(),
        row.remoteAddress(),
        row.encoder(),
        row.videoCodec(),
        row.width(),
        row.height(),
        row.frameRate() == null ? sample.frameRate() : row.frameRate(),
        sample.keyframeIntervalMs(),
        row.audioCodec(),
        sample.bitrateBps(),
        Math.max(0, Duration.between(rows.startedAt(), sample.at()).toMillis()),
        sample.silentMs(),
        sample.audioAheadMs() == null ? null : Long.valueOf(sample.audioAheadMs()),
        null,
        null,
        null,
        null,
        null,
        List.of(),
        List.of());
  }

  /**
   * The row knows the state, as it is written with every change; of what only grows the newer one
   * is the greater.
   */
  private static LiveView.Destination destination(
      LiveView.Destination row, DestinationSample sample) {
    boolean flowed = row.state() == RelayState.LIVE && sample.state() == RelayState.LIVE;
    return new LiveView.Destination(
        row.id(),
        row.name(),
        row.state(),
        row.behind(),
        flowed ? sample.bitrateBps() : 0,
        Math.max(row.bytesSent(), sample.bytesSent()),
        Math.max(row.framesSent(), sample.framesSent()),
        Math.max(row.framesDropped(), sample.framesDropped()),
        Math.max(row.skips(), sample.skips()),
        Math.max(row.reconnects(), sample.reconnects()),
        flowed ? sample.lagMs() : null,
        flowed ? sample.rttMs() : null,
        flowed ? sample.retransmits() : null,
        flowed ? sample.unsentBytes() : null,
        flowed ? sample.fittingBitrateBps() : null,
        row.delayMs(),
        row.lastError(),
        row.lastErrorCode(),
        row.permanent(),
        row.nextRetryAt());
  }
}
