package manycast.media.rtmp.netty;

import io.netty.channel.EventLoop;
import java.net.SocketAddress;

/** One encoder's connection as ingest sees it. Safe from any thread. */
public interface PublisherConnection {
  /** A number that no other connection of this process has. */
  long id();

  /** Where the encoder connects from. */
  SocketAddress remoteAddress();

  /** The loop on which its sink is called. */
  EventLoop eventLoop();

  /** All bytes received on this connection. */
  long bytesReceived();

  /**
   * Asks an encoder that has said that it understands this to go on elsewhere, by connecting anew.
   * Until it does its publish runs on; a goodbye that it says afterwards is {@code CLOSED_BY_US}.
   */
  void askToMove(String description);

  /**
   * Ends it on our wish: a running publish ends with {@code CLOSED_BY_US}. The encoder is told
   * these words with an {@code onStatus} first.
   */
  void close(String description);
}
