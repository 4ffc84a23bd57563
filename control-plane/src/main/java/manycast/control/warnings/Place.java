package manycast.control.warnings;

import manycast.db.platforms.Preset;

/**
 * An enabled destination.
 *
 * @param name as its owner calls it
 * @param secure whether its connection is encrypted
 * @param videoTrack number of the track of pictures that it is sent
 * @param audioTrack number of the track of sound that it is sent
 */
public record Place(String name, Preset preset, boolean secure, int videoTrack, int audioTrack) {}
