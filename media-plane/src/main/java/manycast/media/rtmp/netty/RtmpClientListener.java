package manycast.media.rtmp.netty;

import manycast.media.rtmp.connection.ClientConnection;
import manycast.media.rtmp.connection.ClientFailure;

/** Hears about one publishing client connection, on its event loop. */
public interface RtmpClientListener {
  /** The peer accepted publish: media may be written from now on. */
  void onPublishing(RtmpClientHandler connection);

  /** It stands here now; told before what comes of that. */
  default void onState(ClientConnection.State state) {}

  /** The server said this, where the goal is to hear it; holds no secret. */
  default void onSaid(String words) {}

  /** The channel is writable again after it was not. */
  void onWritable();

  /** The connection is about to queue something by itself, such as the answer to a ping. */
  void onOwnWords();

  /** The peer acknowledged this many bytes in all, counted without wrapping. */
  void onAcknowledged(long bytes);

  /** It ended without being asked to; called at most once and last. */
  void onFailure(ClientFailure failure);

  /** It ended as asked by {@code stop} or {@code drop}; called at most once and last. */
  void onStopped();
}
