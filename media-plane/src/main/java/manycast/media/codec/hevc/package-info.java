/**
 * HEVC's codec config and parameter sets (ISO 14496-15 §8.3.3, ITU-T H.265 §7.3): read, never
 * decoded. May import {@code bytes} and buffers; start with {@link
 * manycast.media.codec.hevc.HevcConfig}.
 */
@NullMarked
package manycast.media.codec.hevc;

import org.jspecify.annotations.NullMarked;
