/**
 * AV1's codec config and sequence header (AV1 in ISO BMFF §2.3, AV1 §5.5): read, never decoded. May
 * import {@code bytes} and buffers; start with {@link manycast.media.codec.av1.Av1Config}.
 */
@NullMarked
package manycast.media.codec.av1;

import org.jspecify.annotations.NullMarked;
