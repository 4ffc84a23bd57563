/**
 * The chunk stream of RTMP 1.0 §5.3: messages cut into chunks and put together again. Knows no
 * message by its meaning except the two that alter parsing. May import {@code bytes}, {@code frame}
 * and buffers; start with {@link manycast.media.rtmp.chunk.ChunkDecoder}.
 */
@NullMarked
package manycast.media.rtmp.chunk;

import org.jspecify.annotations.NullMarked;
