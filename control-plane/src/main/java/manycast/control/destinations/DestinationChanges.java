package manycast.control.destinations;

import io.swagger.v3.oas.annotations.media.Schema;
import manycast.control.input.Faults;
import manycast.control.input.Fields;
import manycast.control.platforms.Platforms;
import org.jspecify.annotations.Nullable;

/**
 * What of a destination is to change; what is null stays.
 *
 * @param tracks null for the default tracks, when {@code setTracks}
 * @param setTracks whether the tracks change at all
 */
@Schema(additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
public record DestinationChanges(
    @Nullable String name,
    @Nullable String platform,
    @Nullable String url,
    @Nullable String streamKey,
    @Nullable Boolean enabled,
    @Schema(minimum = "0", maximum = "60000") @Nullable Integer delayMs,
    @Schema(implementation = Tracks.class, nullable = true) @Nullable Tracks tracks,
    @Schema(hidden = true) boolean setTracks) {
  private static final int LONGEST_KEY = 1000;
  private static final int LONGEST_DELAY_MS = 60_000;

  static DestinationChanges from(Fields fields) {
    var changes =
        new DestinationChanges(
            fields.text("name"),
            fields.text("platform"),
            fields.text("url"),
            fields.text("streamKey"),
            fields.bool("enabled"),
            fields.wholeNumber("delayMs"),
            Tracks.from(fields),
            fields.has("tracks"));
    fields.finish();
    return changes;
  }

  /** Only switches the destination on or off. */
  public static DestinationChanges enabled(boolean on) {
    return new DestinationChanges(null, null, null, null, on, null, null, false);
  }

  /**
   * Adds what is wrong with it.
   *
   * @param presentUrl what it has before, or null; its key must not be seen there
   * @param presentKey what it has before, or null
   */
  void check(
      Faults faults,
      Platforms platforms,
      @Nullable String presentUrl,
      @Nullable String presentKey) {
    if (name != null) {
      faults.checkName("name", name);
    }
    if (platform != null && !platforms.has(platform)) {
      faults.add("platform", "is not a platform we know; use custom, or one of " + platforms.ids());
    }
    if (url != null) {
      faults.addIfFaulty("url", ServerUrl.fault(url));
    }
    if (streamKey != null) {
      faults.addIfFaulty("streamKey", keyFault(streamKey));
    }
    String newUrl = url == null ? presentUrl : url;
    String newKey = streamKey == null ? presentKey : streamKey;
    if ((url != null || streamKey != null) && newUrl != null && newKey != null) {
      faults.addIfFaulty(url == null ? "streamKey" : "url", ServerUrl.keyFault(newUrl, newKey));
    }
    if (delayMs != null) {
      faults.checkRange("delayMs", delayMs, 0, LONGEST_DELAY_MS);
    }
    if (tracks != null) {
      tracks.check(faults);
    }
  }

  private static @Nullable String keyFault(String key) {
    if (key.isEmpty()) {
      return "must not be empty";
    }
    if (key.length() > LONGEST_KEY) {
      return "has " + key.length() + " characters; at most " + LONGEST_KEY + " are accepted";
    }
    if (key.chars().anyMatch(c -> Character.isISOControl(c) || Character.isWhitespace(c))) {
      return "must not contain spaces or line breaks; was something else pasted with it?";
    }
    return null;
  }

  @Override
  public String toString() {
    return "DestinationChanges[" + name + ", " + platform + "]";
  }
}
