/**
 * VP9's codec config and frame header: read, never decoded. May import {@code bytes} and buffers;
 * start with {@link manycast.media.codec.vp9.Vp9Config}.
 */
@NullMarked
package manycast.media.codec.vp9;

import org.jspecify.annotations.NullMarked;
