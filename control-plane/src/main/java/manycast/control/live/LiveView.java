package manycast.control.live;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import manycast.control.broadcasts.BroadcastState;
import manycast.control.broadcasts.RelayState;
import manycast.control.broadcasts.Verdict;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * A live stream at one moment. Figures that nobody knows are null.
 *
 * @param resumeUntil until when it waits for its lost encoder, while it does
 * @param asOf when its node measured this
 * @param stale whether that is too long ago to trust the figures
 * @param preview where it is watched; null while no node carries it, or one that offers none
 */
@Schema(name = "Live")
public record LiveView(
    UUID broadcastId,
    @Schema(allowableValues = {"live", "resuming"}) BroadcastState state,
    Instant startedAt,
    @Schema(nullable = true) @Nullable Instant resumeUntil,
    String nodeId,
    Instant asOf,
    boolean stale,
    Ingest ingest,
    List<Destination> destinations,
    @Schema(implementation = Preview.class, nullable = true) @Nullable Preview preview) {

  /**
   * What arrives from the encoder: first its default tracks, then each track by itself.
   *
   * @param audioAheadMs how much earlier than the picture of the same time the sound arrives
   * @param audioDriftMs how much more than when the encoder connected
   * @param leadMs how much more media has come than time has passed since then
   * @param pace seconds of media a second, over the last quarter of a minute
   * @param timestampCorrections message times that had to be corrected
   * @param droppedMessages messages that held nothing that is carried
   */
  @Schema(name = "LiveIngest")
  public record Ingest(
      String protocol,
      String remoteAddress,
      @Schema(nullable = true) @Nullable String encoder,
      @Schema(nullable = true) @Nullable String videoCodec,
      @Schema(nullable = true) @Nullable Integer width,
      @Schema(nullable = true) @Nullable Integer height,
      @Schema(nullable = true) @Nullable Double frameRate,
      @Schema(nullable = true) @Nullable Integer keyframeIntervalMs,
      @Schema(nullable = true) @Nullable String audioCodec,
      @Schema(nullable = true) @Nullable Long bitrateBps,
      @Schema(nullable = true) @Nullable Long uptimeMs,
      @Schema(nullable = true) @Nullable Long silentMs,
      @Schema(nullable = true) @Nullable Long audioAheadMs,
      @Schema(nullable = true) @Nullable Long audioDriftMs,
      @Schema(nullable = true) @Nullable Long leadMs,
      @Schema(nullable = true) @Nullable Double pace,
      @Schema(nullable = true) @Nullable Long timestampCorrections,
      @Schema(nullable = true) @Nullable Long droppedMessages,
      List<Track> tracks,
      List<Warning> warnings) {

    /** The same with these warnings. */
    Ingest with(List<Warning> others) {
      return new Ingest(
          protocol,
          remoteAddress,
          encoder,
          videoCodec,
          width,
          height,
          frameRate,
          keyframeIntervalMs,
          audioCodec,
          bitrateBps,
          uptimeMs,
          silentMs,
          audioAheadMs,
          audioDriftMs,
          leadMs,
          pace,
          timestampCorrections,
          droppedMessages,
          tracks,
          others);
    }
  }

  /**
   * One track: its config's facts, and what its frames show.
   *
   * @param number within its kind; the default track has 0
   * @param frameRate as the encoder announces it; {@code measuredFrameRate} over the newest frames
   * @param sinceKeyframeMs how much media has come since the last keyframe
   * @param reorderedPictures whether there are B-frames: pictures that come in another order than
   *     they are shown
   * @param meanBitrateBps over the last quarter of a minute, {@code bitrateBps} over two seconds,
   *     {@code usualBitrateBps} since the encoder connected
   * @param jitterMs how unevenly frames arrive against their times
   * @param missingFrames frames that are not there by the spacing of the others; {@code
   *     missingShare} is their share, from 0 to 1, of the last quarter of a minute
   */
  @Schema(name = "LiveTrack")
  public record Track(
      @Schema(allowableValues = {"video", "audio"}) String kind,
      int number,
      @Schema(nullable = true) @Nullable String codec,
      @Schema(nullable = true) @Nullable String profile,
      @Schema(nullable = true) @Nullable String level,
      @Schema(nullable = true) @Nullable Integer width,
      @Schema(nullable = true) @Nullable Integer height,
      @Schema(nullable = true) @Nullable Integer bitDepth,
      @Schema(nullable = true) @Nullable Double frameRate,
      @Schema(nullable = true) @Nullable Double measuredFrameRate,
      @Schema(implementation = KeyframeInterval.class, nullable = true)
          @Nullable KeyframeInterval keyframeInterval,
      @Schema(nullable = true) @Nullable Long sinceKeyframeMs,
      @Schema(nullable = true) @Nullable Boolean reorderedPictures,
      @Schema(nullable = true) @Nullable Integer sampleRate,
      @Schema(nullable = true) @Nullable Integer channels,
      @Schema(nullable = true) @Nullable Long bitrateBps,
      @Schema(nullable = true) @Nullable Long meanBitrateBps,
      @Schema(nullable = true) @Nullable Long usualBitrateBps,
      @Schema(implementation = BitrateSwing.class, nullable = true)
          @Nullable BitrateSwing bitrateSwing,
      @Schema(nullable = true) @Nullable Double jitterMs,
      @Schema(nullable = true) @Nullable Long frames,
      @Schema(nullable = true) @Nullable Long missingFrames,
      @Schema(nullable = true) @Nullable Double missingShare) {}

  /** Time between a track's keyframes: the last two, on the mean, and at the longest. */
  @Schema(name = "LiveKeyframeInterval")
  public record KeyframeInterval(long lastMs, long meanMs, long longestMs) {}

  /** Bits in the fullest second of ten, and a second on their mean. */
  @Schema(name = "LiveBitrateSwing")
  public record BitrateSwing(long peakBps, long meanBps) {}

  /** Something about the encoder's settings that is worth changing. */
  @Schema(name = "LiveWarning")
  public record Warning(String code, String text) {}

  /**
   * What one destination gets; every destination of the stream is listed, disabled ones too.
   *
   * @param lagMs how old the oldest is that still waits
   * @param rttMs round trip time to the server; {@code retransmits} is what was sent again over
   *     this connection, {@code unsentBytes} what our side holds for it
   * @param fittingBitrateBps what the connection would carry, where it does not carry the stream
   * @param delayMs in force: it differs from the configured one while that is still taken over, or
   *     when the node cannot hold as much, and {@code lastError} then says so
   */
  @Schema(name = "LiveDestination")
  public record Destination(
      UUID id,
      String name,
      RelayState state,
      boolean behind,
      @Schema(nullable = true) @Nullable Long bitrateBps,
      long bytesSent,
      long framesSent,
      long framesDropped,
      int skips,
      int reconnects,
      @Schema(nullable = true) @Nullable Long lagMs,
      @Schema(nullable = true) @Nullable Long rttMs,
      @Schema(nullable = true) @Nullable Long retransmits,
      @Schema(nullable = true) @Nullable Long unsentBytes,
      @Schema(nullable = true) @Nullable Long fittingBitrateBps,
      int delayMs,
      @Schema(nullable = true) @Nullable String lastError,
      @Schema(nullable = true) @JsonSerialize(converter = OutwardCode.class)
          @Nullable String lastErrorCode,
      boolean permanent,
      @Schema(nullable = true) @Nullable Instant nextRetryAt) {

    /** What there is to say of it; null where it is well. */
    public @Nullable Verdict verdict() {
      return Verdict.of(state, lastError, lastErrorCode, nextRetryAt);
    }
  }

  /**
   * Where the preview is watched.
   *
   * @param hlsUrl its HLS playlist, usable as it is for at least five minutes; ask again for longer
   * @param stillUrl its newest keyframe, as a film of one picture; likewise
   */
  @Schema(name = "LivePreview")
  public record Preview(String hlsUrl, String stillUrl) {}
}
