/**
 * Opus' identification header (RFC 7845 §5.1). May import {@code bytes} and buffers; start with
 * {@link manycast.media.codec.opus.OpusHead}.
 */
@NullMarked
package manycast.media.codec.opus;

import org.jspecify.annotations.NullMarked;
