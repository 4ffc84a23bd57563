package manycast.media.rtmp.netty;

import io.netty.channel.ChannelInboundHandlerAdapter;
import manycast.media.bytes.MediaBytes;

/**
 * One encoder's connection: put as the last handler into an accepted channel's pipeline. It sends
 * all answers itself; whatever goes wrong ends this connection only.
 */
public final class RtmpServerHandler extends ChannelInboundHandlerAdapter {
  private final PublishGate gate;
  private final MediaBytes mediaBytes;

  /** A handler for one connection. */
  public RtmpServerHandler(PublishGate gate, MediaBytes mediaBytes) {
    this.gate = gate;
    this.mediaBytes = mediaBytes;
  }

  @Override
  public String toString() {
    return "RtmpServerHandler" + gate + mediaBytes;
  }
}
