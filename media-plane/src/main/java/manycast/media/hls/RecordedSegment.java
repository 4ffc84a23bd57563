package manycast.media.hls;

import io.netty.buffer.ByteBuf;
import manycast.media.frame.Owned;

/**
 * A whole segment. Whoever owns it owns one count of its bytes.
 *
 * @param number its media sequence number
 * @param init the number of what a player needs before it, with these bytes
 * @param discontinuity it does not go on where the one before it ended
 * @param dateTime when its first frame arrived, as playlists write it
 * @param targetSeconds what no segment of the recording is longer than, rounded
 */
@SuppressWarnings("ArrayRecordComponent")
public record RecordedSegment(
    long number,
    @Owned ByteBuf bytes,
    int init,
    byte[] initBytes,
    boolean discontinuity,
    String dateTime,
    long micros,
    int targetSeconds) {}
