package manycast.control.live;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import manycast.control.broadcasts.BroadcastState;
import manycast.control.broadcasts.RelayState;
import org.jspecify.annotations.Nullable;

/**
 * A live stream at one moment. Figures that nobody knows are null.
 *
 * @param resumeUntil until when it waits for its lost encoder, while it does
 * @param asOf when its node measured this
 * @param stale whether that is too long ago to trust the figures
 * @param preview always null so far
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
    @Schema(implementation = Object.class, nullable = true) @Nullable Preview preview) {

  /** What arrives from the encoder. */
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
      List<Warning> warnings) {}

  /** Something about the encoder's settings that is worth changing. */
  @Schema(name = "LiveWarning")
  public record Warning(String code, String text) {}

  /**
   * What one destination gets; every destination of the stream is listed, disabled ones too.
   *
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
      int delayMs,
      @Schema(nullable = true) @Nullable String lastError,
      @Schema(nullable = true) @Nullable String lastErrorCode,
      boolean permanent,
      @Schema(nullable = true) @Nullable Instant nextRetryAt) {}

  /** Where the preview is watched. */
  @Schema(name = "LivePreview")
  public record Preview(String hlsUrl) {}
}
