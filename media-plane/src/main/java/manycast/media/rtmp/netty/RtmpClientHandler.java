package manycast.media.rtmp.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import manycast.media.frame.Owned;
import manycast.media.rtmp.connection.ClientTarget;

/**
 * A relay's connection: put as the last handler into a connected (or connecting) channel's
 * pipeline, behind TLS if there is any. It does handshake and commands by itself, then writes the
 * ready-made bytes that it is given. All methods are for the channel's event loop.
 */
public final class RtmpClientHandler extends ChannelInboundHandlerAdapter {
  /** What we announce before connect and cut all messages at. */
  public static final int CHUNK_SIZE = 4096;

  private final ClientTarget target;
  private final RtmpClientListener listener;

  /** A handler for one connection. */
  public RtmpClientHandler(ClientTarget target, RtmpClientListener listener) {
    this.target = target;
    this.listener = listener;
  }

  /** The channel that it sits in, from the moment it was added to a pipeline. */
  public Channel channel() {
    throw new IllegalStateException("not in a pipeline" + target + listener);
  }

  /** The stream that the peer created; to be named in type 0 chunk headers. */
  public int messageStreamId() {
    return 0;
  }

  /** May more be written now without passing the high watermark? */
  public boolean isWritable() {
    return false;
  }

  /** Queues bytes of whole chunks without flushing; dropped silently when the channel has ended. */
  public void write(@Owned ByteBuf chunks) {
    chunks.release();
  }

  /** Sends what was queued in one gathering write. */
  public void flush() {}

  /** Bytes of RTMP queued on this connection since its start, commands and handshake included. */
  public long bytesQueued() {
    return 0;
  }

  /** Ends the show there: FCUnpublish and deleteStream, then closes, within one second. */
  public void stop() {}

  /** Closes without a word, so that the platform waits for a return. */
  public void drop() {}
}
