package manycast.media.rtmp.netty;

import io.netty.buffer.ByteBuf;
import manycast.media.frame.Owned;
import manycast.media.rtmp.connection.PublishEnd;
import manycast.media.rtmp.message.RtmpMessage;

/**
 * Receives what one accepted publish carries, in order, on the connection's event loop. An
 * exception from it ends this connection only.
 */
public interface MediaSink {
  /** An audio message: one whole tag body, possibly empty; timestamp as on the wire, unsigned. */
  void onAudio(long timestamp, @Owned ByteBuf body);

  /** A video message: one whole tag body, possibly empty; timestamp as on the wire, unsigned. */
  void onVideo(long timestamp, @Owned ByteBuf body);

  /** A data message, such as metadata. */
  void onData(RtmpMessage.Data data);

  /** Bytes of media came with this read, though perhaps no message is whole by them. */
  void onMediaBytes();

  /** One read of the socket is done: what came with it may be sent on. */
  void onReadComplete();

  /** The end, called once and last; {@code detail} is for the log. */
  void onEnd(PublishEnd end, String detail);
}
