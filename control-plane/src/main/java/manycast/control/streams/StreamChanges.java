package manycast.control.streams;

import io.swagger.v3.oas.annotations.media.Schema;
import manycast.control.input.Fields;
import org.jspecify.annotations.Nullable;

/**
 * What of a stream is to change; what is null stays.
 *
 * @param resumeGraceSeconds 0 to 600, or null for the installation's own when {@code
 *     setResumeGrace}
 * @param setResumeGrace whether the grace changes at all
 */
@Schema(additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
public record StreamChanges(
    @Schema(minLength = 1, maxLength = 200) @Nullable String name,
    @Nullable Boolean enabled,
    @Schema(minimum = "0", maximum = "600", nullable = true) @Nullable Integer resumeGraceSeconds,
    @Schema(hidden = true) boolean setResumeGrace) {
  static StreamChanges from(Fields fields) {
    var changes =
        new StreamChanges(
            fields.text("name"),
            fields.bool("enabled"),
            fields.wholeNumberOrNull("resumeGraceSeconds"),
            fields.has("resumeGraceSeconds"));
    if (fields.has("srtPassphrase")) {
      fields
          .faults()
          .add("srtPassphrase", "SRT ingest is not built yet, so there is no passphrase to set");
    }
    fields.finish();
    return changes;
  }

  /** Only switches the stream on or off. */
  public static StreamChanges enabled(boolean on) {
    return new StreamChanges(null, on, null, false);
  }

  /** Renames it and says how long a lost encoder is waited for: null for the installation's own. */
  public static StreamChanges settings(String name, @Nullable Integer resumeGraceSeconds) {
    return new StreamChanges(name, null, resumeGraceSeconds, true);
  }

  /** Only has its broadcasts end with their encoder's connection. */
  public static StreamChanges withoutGrace() {
    return new StreamChanges(null, null, 0, true);
  }
}
