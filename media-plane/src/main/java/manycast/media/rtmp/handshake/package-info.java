/**
 * The handshake of RTMP 1.0 §5.2 from both sides, and the digest form that Flash-era encoders want.
 * Bytes in, bytes out. May import {@code bytes} and buffers; start with {@link
 * manycast.media.rtmp.handshake.ServerHandshake}.
 */
@NullMarked
package manycast.media.rtmp.handshake;

import org.jspecify.annotations.NullMarked;
