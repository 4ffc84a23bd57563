package manycast.media.hls;

import io.netty.buffer.ByteBuf;
import java.time.Instant;
import manycast.media.frame.Owned;

/**
 * A whole segment. Whoever owns it owns one count of its bytes.
 *
 * @param number its media sequence number
 * @param init the number of what a player needs before it, with these bytes
 * @param discontinuity it does not go on where the one before it ended
 * @param at when its first frame arrived
 * @param targetSeconds what no segment of the recording is longer than, rounded
 */
@SuppressWarnings("ArrayRecordComponent")
public record RecordedSegment(
    long number,
    @Owned ByteBuf bytes,
    int init,
    byte[] initBytes,
    boolean discontinuity,
    Instant at,
    long micros,
    int targetSeconds) {}
