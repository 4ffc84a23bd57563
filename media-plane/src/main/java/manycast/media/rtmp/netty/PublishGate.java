package manycast.media.rtmp.netty;

import manycast.media.rtmp.connection.PublishRefusal;
import manycast.media.rtmp.connection.PublishRequest;

/** Decides who may publish. */
public interface PublishGate {
  /**
   * An encoder asks to publish; called on the connection's event loop and must not block. Exactly
   * one answer is awaited; media is read only behind {@link Answer#allow}. When the encoder goes
   * away meanwhile the answer is still to be given.
   */
  void authorize(PublishRequest request, PublisherConnection connection, Answer answer);

  /** The answer to one request: give it once, from any thread. */
  interface Answer {
    /**
     * Lets the encoder publish into this sink. When the encoder has gone meanwhile the sink gets
     * nothing but its {@link MediaSink#onEnd}.
     */
    void allow(MediaSink sink);

    /** Says no in words that the encoder's log will show, then closes after 0.7 s. */
    void refuse(PublishRefusal refusal, String description);
  }
}
