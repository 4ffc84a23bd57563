package manycast.control.destinations;

import io.swagger.v3.oas.annotations.media.Schema;
import manycast.control.input.Faults;
import manycast.control.input.Fields;
import org.jspecify.annotations.Nullable;

/**
 * Which tracks of a broadcast a destination is sent, by their numbers within their kind.
 *
 * @param video 0 to 255; the default track has 0
 * @param audio likewise
 */
@Schema(name = "Tracks")
public record Tracks(
    @Schema(minimum = "0", maximum = "255") int video,
    @Schema(minimum = "0", maximum = "255") int audio) {
  private static final int HIGHEST = 255;
  private static final String FIELD = "tracks";

  /** What is no number: it is refused like every other one that is out of range. */
  private static final int NONE = -1;

  /** Those of the field, or null where it is absent, null or faulty. */
  static @Nullable Tracks from(Fields fields) {
    Fields numbers = fields.object(FIELD);
    if (numbers == null) {
      return null;
    }
    Integer video = numbers.wholeNumber("video");
    Integer audio = numbers.wholeNumber("audio");
    if (video == null || audio == null || numbers.isFaultyOrHasMore()) {
      fields.faults().add(FIELD, "must be null or {\"video\": N, \"audio\": N}");
      return null;
    }
    return new Tracks(video, audio);
  }

  /** As typed: nothing in both means the default tracks, in one the default track of its kind. */
  static @Nullable Tracks typed(String video, String audio) {
    return video.isBlank() && audio.isBlank() ? null : new Tracks(number(video), number(audio));
  }

  private static int number(String typed) {
    String number = typed.strip();
    if (number.isEmpty()) {
      return 0;
    }
    return number.matches("[0-9]{1,3}") ? Integer.parseInt(number) : NONE;
  }

  void check(Faults faults) {
    if (video < 0 || video > HIGHEST || audio < 0 || audio > HIGHEST) {
      faults.add(FIELD, "must be track numbers from 0 to " + HIGHEST);
    }
  }
}
