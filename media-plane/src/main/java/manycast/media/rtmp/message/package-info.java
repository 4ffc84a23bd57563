/**
 * RTMP's messages (RTMP 1.0 §5.4 and §7) as a closed set of values, read from and written to {@code
 * rtmp.chunk}. Knows no socket and no order of messages; start with {@link
 * manycast.media.rtmp.message.RtmpMessage}.
 */
@NullMarked
package manycast.media.rtmp.message;

import org.jspecify.annotations.NullMarked;
