package manycast.control.warnings;

import java.time.Duration;
import manycast.db.platforms.Preset;

/**
 * An enabled destination.
 *
 * @param name as its owner calls it
 * @param secure whether its connection is encrypted
 * @param videoTrack number of the track of pictures that it is sent
 * @param audioTrack number of the track of sound that it is sent
 * @param delayMs how much later than it arrives the stream is sent there
 */
public record Place(
    String name,
    Preset preset,
    boolean secure,
    int videoTrack,
    int audioTrack,
    int delayMs,
    Key key) {

  /**
   * Its stream key.
   *
   * @param fingerprint the same for the same key
   * @param age since it was typed in, when the broadcast began or, where none is, now
   * @param used whether an earlier broadcast was sent with it
   * @param taken whether the platform takes the stream now
   */
  public record Key(String fingerprint, Duration age, boolean used, boolean taken) {}
}
