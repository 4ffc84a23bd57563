package manycast.control.destinations;

import io.swagger.v3.oas.annotations.media.Schema;
import manycast.control.input.Fields;
import org.jspecify.annotations.Nullable;

/**
 * A destination to be made.
 *
 * @param name 1 to 200 characters
 * @param platform {@code custom} or a preset's id
 * @param url the server part, kept byte for byte; a password in it is kept apart
 * @param streamKey kept byte for byte
 * @param delayMs how much later than it arrives the stream is sent there, 0 to 60000
 * @param tracks which tracks it is sent; null for the default tracks
 */
@Schema(additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
public record NewDestination(
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED, minLength = 1, maxLength = 200)
        String name,
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED, description = "custom or a preset's id")
        String platform,
    @Schema(
            requiredMode = Schema.RequiredMode.REQUIRED,
            maxLength = 2000,
            description =
                "the server part, rtmp:// or rtmps://; user:password@ before the host for servers that ask, the password is kept sealed and never shown")
        String url,
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED, minLength = 1, maxLength = 1000)
        String streamKey,
    @Schema(defaultValue = "true") boolean enabled,
    @Schema(defaultValue = "0", minimum = "0", maximum = "60000") int delayMs,
    @Schema(implementation = Tracks.class, nullable = true) @Nullable Tracks tracks) {
  static NewDestination from(Fields fields) {
    @Nullable Boolean enabled = fields.bool("enabled");
    @Nullable Integer delayMs = fields.wholeNumber("delayMs");
    var destination =
        new NewDestination(
            fields.requiredText("name"),
            fields.requiredText("platform"),
            fields.requiredText("url"),
            fields.requiredText("streamKey"),
            enabled == null || enabled,
            delayMs == null ? 0 : delayMs,
            Tracks.from(fields));
    fields.finish();
    return destination;
  }

  /** The same as changes from nothing, so that one place checks the values of both. */
  DestinationChanges asChanges() {
    return new DestinationChanges(name, platform, url, streamKey, enabled, delayMs, tracks, true);
  }

  @Override
  public String toString() {
    return "NewDestination[" + name + ", " + platform + "]";
  }
}
