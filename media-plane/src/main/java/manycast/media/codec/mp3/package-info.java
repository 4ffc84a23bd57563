/**
 * The head of MPEG audio's frames (ISO 11172-3 §2.4.1.3). May import {@code bytes} and buffers;
 * start with {@link manycast.media.codec.mp3.MpegAudioFrame}.
 */
@NullMarked
package manycast.media.codec.mp3;

import org.jspecify.annotations.NullMarked;
