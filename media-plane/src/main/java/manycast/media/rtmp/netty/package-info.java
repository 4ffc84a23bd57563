/**
 * The shells round {@code rtmp.connection}: bytes in, effects carried out. The only place under
 * {@code rtmp} that knows channels and threads. Start with {@link
 * manycast.media.rtmp.netty.RtmpServerHandler} and {@link
 * manycast.media.rtmp.netty.RtmpClientHandler}.
 */
@NullMarked
package manycast.media.rtmp.netty;

import org.jspecify.annotations.NullMarked;
