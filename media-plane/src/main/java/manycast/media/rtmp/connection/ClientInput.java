package manycast.media.rtmp.connection;

import manycast.media.rtmp.message.RtmpMessage;

/** Everything that can happen to a publishing client's connection. */
public sealed interface ClientInput {
  /** S2 was read. */
  record HandshakeDone() implements ClientInput {}

  /** A message of the peer's. */
  record Received(RtmpMessage message) implements ClientInput {}

  /** So many bytes have been received in all. */
  record BytesReceived(long total) implements ClientInput {}

  /** End the show there, then close. */
  record Stop() implements ClientInput {}

  /** Close without a word. */
  record Drop() implements ClientInput {}

  /** Time has passed. */
  record Tick() implements ClientInput {}

  /** The peer closed the connection. */
  record PeerClosed() implements ClientInput {}

  /** The socket failed. */
  record SocketFailed(String detail) implements ClientInput {}

  /** The peer's bytes could not be understood. */
  record Broken(String detail) implements ClientInput {}
}
