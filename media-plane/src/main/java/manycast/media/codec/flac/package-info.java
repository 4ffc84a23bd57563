/**
 * FLAC's stream information (RFC 9639 §8.2). May import {@code bytes} and buffers; start with
 * {@link manycast.media.codec.flac.FlacStreamInfo}.
 */
@NullMarked
package manycast.media.codec.flac;

import org.jspecify.annotations.NullMarked;
