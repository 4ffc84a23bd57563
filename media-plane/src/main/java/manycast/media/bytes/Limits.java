package manycast.media.bytes;

/**
 * How much unfinished data one connection may make us hold.
 *
 * @param messageBytes the longest message
 * @param connectionBytes the sum of the declared lengths of all messages that are being received
 * @param partialMessages how many messages may be half received at once
 * @param chunkStreams how many chunk streams a connection may use in its life
 */
public record Limits(int messageBytes, int connectionBytes, int partialMessages, int chunkStreams) {
  /**
   * A peer that nobody has vouched for yet. Encoders use up to six chunk streams before publish (2,
   * 3, 4, 5, 6, 8), but none has more than two messages half sent.
   */
  public static final Limits BEFORE_PUBLISH = new Limits(64 << 10, 256 << 10, 4, 16);

  /** A publisher whose key was accepted. */
  public static final Limits WHILE_PUBLISHING = new Limits(16 << 20, 32 << 20, 64, 64);

  /** Refuses limits that would allow nothing. */
  public Limits {
    if (messageBytes < 1
        || connectionBytes < messageBytes
        || partialMessages < 1
        || chunkStreams < partialMessages) {
      throw new IllegalArgumentException(
          "limits must be at least 1, and a connection's at least a message's");
    }
  }
}
