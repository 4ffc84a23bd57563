package manycast.media.rtmp.connection;

import manycast.media.rtmp.message.RtmpMessage;

/** What a publishing client's connection wants done, in order. */
public sealed interface ClientEffect {
  /** Write one message; all messages of one input go out in one flush. */
  record Send(RtmpMessage message) implements ClientEffect {}

  /** The server said this, which whoever tests it wants to hear; holds no secret. */
  record Heard(String words) implements ClientEffect {}

  /** Media may be written, under this message stream id. */
  record BeginPublish(int messageStreamId) implements ClientEffect {}

  /** The peer has received so many bytes in all. */
  record Acknowledged(long bytes) implements ClientEffect {}

  /** No more will be written: close our half once everything is sent. */
  record HalfClose() implements ClientEffect {}

  /** It ended by itself: close the socket. */
  record Fail(ClientFailure failure) implements ClientEffect {}

  /** It ended as asked: close the socket. */
  record Finish() implements ClientEffect {}
}
