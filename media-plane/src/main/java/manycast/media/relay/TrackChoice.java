package manycast.media.relay;

import manycast.media.broadcast.IngestFigures;
import manycast.media.frame.Track;
import manycast.media.frame.TrackKind;
import org.jspecify.annotations.Nullable;

/**
 * Which tracks of a broadcast a destination is sent: one of each kind.
 *
 * @param video number of the track of pictures
 * @param audio number of the track of sound
 */
public record TrackChoice(int video, int audio) {
  /** What a destination gets that asks for nothing else. */
  public static final TrackChoice DEFAULT = new TrackChoice(0, 0);

  boolean includes(Track track) {
    return track.number()
        == switch (track.kind()) {
          case VIDEO -> video;
          case AUDIO -> audio;
          case DATA -> 0;
        };
  }

  Track videoTrack() {
    return new Track(TrackKind.VIDEO, video);
  }

  Track audioTrack() {
    return new Track(TrackKind.AUDIO, audio);
  }

  /**
   * In a sentence which of them the encoder does not send, or null. Only of what somebody has asked
   * for: a stream may well have no sound.
   */
  @Nullable String missingOf(IngestFigures ingest) {
    if (video != 0 && ingest.codecOf(videoTrack()) == null) {
      return "The encoder sends no video track %d.".formatted(video);
    }
    if (audio != 0 && ingest.codecOf(audioTrack()) == null) {
      return "The encoder sends no audio track %d.".formatted(audio);
    }
    return null;
  }

  boolean isDefault() {
    return video == 0 && audio == 0;
  }
}
