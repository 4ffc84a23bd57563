/**
 * The boxes of CMAF (ISO 14496-12, -15, 23000-19): an init segment and the fragments that follow
 * it. Pure: frames in, bytes out. May import {@code bytes}, {@code frame}, {@code codec} and
 * buffers; start with {@link manycast.media.hls.cmaf.InitSegment} and {@link
 * manycast.media.hls.cmaf.Fragment}.
 */
@NullMarked
package manycast.media.hls.cmaf;

import org.jspecify.annotations.NullMarked;
