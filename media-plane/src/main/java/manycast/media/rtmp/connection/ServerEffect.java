package manycast.media.rtmp.connection;

import manycast.media.rtmp.message.RtmpMessage;

/** What a publisher's connection wants done, in order. */
public sealed interface ServerEffect {
  /** Write one message; all messages of one input go out in one flush. */
  record Send(RtmpMessage message) implements ServerEffect {}

  /** Ask the gate; the answer comes back as an input. */
  record Authorize(PublishRequest request) implements ServerEffect {}

  /** Media flows from here on: raise the limits. */
  record BeginPublish() implements ServerEffect {}

  /** The accepted publish is over. */
  record EndPublish(PublishEnd end, String detail) implements ServerEffect {}

  /** Close the socket after this time, which lets a last message arrive. */
  record Close(long afterMs, String detail) implements ServerEffect {}
}
