package manycast.media.broadcast;

import java.util.Map;
import manycast.media.frame.Track;

/**
 * Where a broadcast stands when an encoder comes back to it.
 *
 * @param lastMsOfTrack the last time of each track, at its slot
 * @param lastArrivalMs when media came last
 * @param configs the codec configs and metadata in force
 */
public record Standing(long[] lastMsOfTrack, long lastArrivalMs, Map<Track, byte[]> configs) {}
