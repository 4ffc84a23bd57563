package manycast.control.nodes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a node said of its broadcasts; fields that it does not know are null, those we do not know
 * are passed over.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record NodeAnswer(String nodeId, Instant asOf, List<Broadcast> broadcasts) {
  /** One broadcast that the node carries. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Broadcast(
      UUID broadcastId,
      UUID streamId,
      long epoch,
      String state,
      @Nullable Ingest ingest,
      @Nullable List<Destination> destinations) {}

  /** What arrives from its encoder. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Ingest(
      @Nullable String protocol,
      @Nullable String remoteAddress,
      @Nullable String encoder,
      @Nullable String videoCodec,
      @Nullable Integer width,
      @Nullable Integer height,
      @Nullable Double frameRate,
      @Nullable Integer keyframeIntervalMs,
      @Nullable String audioCodec,
      @Nullable Long bitrateBps,
      @Nullable Long uptimeMs,
      @Nullable Long silentMs,
      @Nullable Long audioAheadMs,
      @Nullable Long audioDriftMs,
      @Nullable Long leadMs,
      @Nullable Double pace,
      @Nullable Long timestampCorrections,
      @Nullable Long droppedMessages,
      @Nullable List<Track> tracks,
      @Nullable List<Warning> warnings) {}

  /** One track of what arrives. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Track(
      String kind,
      int number,
      @Nullable String codec,
      @Nullable String profile,
      @Nullable String level,
      @Nullable Integer width,
      @Nullable Integer height,
      @Nullable Integer bitDepth,
      @Nullable Double frameRate,
      @Nullable Double measuredFrameRate,
      @Nullable KeyframeInterval keyframeInterval,
      @Nullable Long sinceKeyframeMs,
      @Nullable Boolean reorderedPictures,
      @Nullable Integer sampleRate,
      @Nullable Integer channels,
      @Nullable Long bitrateBps,
      @Nullable Long meanBitrateBps,
      @Nullable Long usualBitrateBps,
      @Nullable BitrateSwing bitrateSwing,
      @Nullable Double jitterMs,
      @Nullable Long frames,
      @Nullable Long missingFrames,
      @Nullable Double missingShare) {}

  /** Time between a track's keyframes. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record KeyframeInterval(long lastMs, long meanMs, long longestMs) {}

  /** Bits in the fullest second of ten, and a second on their mean. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record BitrateSwing(long peakBps, long meanBps) {}

  /** Something about the encoder's settings that is worth changing. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Warning(String code, String text) {}

  /** What one destination gets. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Destination(
      UUID id,
      String state,
      boolean behind,
      @Nullable Long bitrateBps,
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
      @Nullable Integer delayMs,
      @Nullable String lastError,
      @Nullable String lastErrorCode,
      boolean permanent,
      @Nullable Instant nextRetryAt) {}
}
