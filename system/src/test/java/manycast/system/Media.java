package manycast.system;

import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;
import manycast.launcher.rtmp.Message;
import manycast.launcher.rtmp.MessageType;

/**
 * One coded frame of AVC or AAC on a wire.
 *
 * @param timeMs its RTMP timestamp, unsigned 32 bits
 * @param content length and checksum of the message's body
 * @param seenNanos when its last byte came by, by {@link System#nanoTime}
 */
record Media(boolean isVideo, boolean isKeyframe, long timeMs, String content, long seenNanos) {
  private static final int CODED = 1;
  private static final int KEYFRAME = 1;

  /** Nothing for what is no coded frame: commands, metadata, codec configs, ends of sequence. */
  static Optional<Media> of(Message message, LongSupplier seenNanos) {
    boolean isVideo = message.type() == MessageType.VIDEO;
    byte[] body = message.body();
    if ((!isVideo && message.type() != MessageType.AUDIO) || body.length < 2 || body[1] != CODED) {
      return Optional.empty();
    }
    CRC32C crc = new CRC32C();
    crc.update(body);
    return Optional.of(
        new Media(
            isVideo,
            isVideo && body[0] >> 4 == KEYFRAME,
            message.timestampMs(),
            "%d bytes, crc %08x".formatted(body.length, crc.getValue()),
            seenNanos.getAsLong()));
  }

  /** How much later its timestamp is than that one's, in milliseconds modulo 32 bits. */
  int after(Media other) {
    return (int) (timeMs - other.timeMs);
  }
}
