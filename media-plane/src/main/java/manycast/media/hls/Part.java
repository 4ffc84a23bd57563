package manycast.media.hls;

import io.netty.buffer.ByteBuf;
import manycast.media.frame.Owned;

/**
 * A slice of a segment that players can have before the segment is complete. The window owns its
 * bytes.
 *
 * @param micros how long it plays
 * @param independent whether decoding can start in it
 * @param listed whether playlists name it; one that is longer than parts may be is not
 */
record Part(long micros, boolean independent, boolean listed, @Owned ByteBuf bytes) {}
