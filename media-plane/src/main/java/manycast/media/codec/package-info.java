/**
 * What codec configs and the heads of access units say about a track, a package for each codec:
 * read within bounds, nothing decoded. May import {@code bytes}, {@code frame} and buffers; start
 * with {@link manycast.media.codec.CodecConfigs}.
 */
@NullMarked
package manycast.media.codec;

import org.jspecify.annotations.NullMarked;
