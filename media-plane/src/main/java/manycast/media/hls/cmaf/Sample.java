package manycast.media.hls.cmaf;

import io.netty.buffer.ByteBuf;
import manycast.media.frame.Owned;

/**
 * One access unit in a fragment. Whoever owns the sample owns one count of the payload.
 *
 * @param ticks how long it lasts, in its track's timescale
 * @param compositionOffset presentation time minus decode time, in the same; may be negative
 * @param sync decoding can start here
 */
public record Sample(@Owned ByteBuf payload, int ticks, int compositionOffset, boolean sync) {}
