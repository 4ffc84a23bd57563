/**
 * H.264's codec config and parameter sets (ISO 14496-15 §5.3.3, ITU-T H.264 §7.3): read, never
 * decoded. May import {@code bytes} and buffers; start with {@link
 * manycast.media.codec.h264.AvcConfig}.
 */
@NullMarked
package manycast.media.codec.h264;

import org.jspecify.annotations.NullMarked;
