package manycast.control.streams;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;
import manycast.control.destinations.DestinationView;
import org.jspecify.annotations.Nullable;

/** A stream as the API answers it and as pages show it. */
@Schema(name = "Stream")
public record StreamView(
    UUID id,
    String name,
    boolean enabled,
    StreamState state,
    @Schema(nullable = true, description = "null: the installation's own grace")
        @Nullable Integer resumeGraceSeconds,
    Ingest ingest,
    List<DestinationView> destinations) {

  /**
   * Where an encoder publishes.
   *
   * @param rtmpUrl the server part, without the key
   * @param rtmpsUrl the same over TLS
   * @param streamKey absent for those who may not see it
   */
  @Schema(name = "StreamIngest")
  public record Ingest(
      String rtmpUrl,
      String rtmpsUrl,
      @JsonInclude(JsonInclude.Include.NON_NULL)
          @Schema(
              requiredMode = Schema.RequiredMode.NOT_REQUIRED,
              description = "only with the scope keys:read")
          @Nullable String streamKey,
      String streamKeyFingerprint) {
    @Override
    public String toString() {
      return "Ingest[" + rtmpUrl + ", " + streamKeyFingerprint + "]";
    }
  }

  /** The same without what only the scope {@code keys:read} may see. */
  public StreamView withoutKey() {
    return new StreamView(
        id,
        name,
        enabled,
        state,
        resumeGraceSeconds,
        new Ingest(ingest.rtmpUrl(), ingest.rtmpsUrl(), null, ingest.streamKeyFingerprint()),
        destinations);
  }
}
