package manycast.media.flv;

import io.netty.buffer.ByteBuf;
import manycast.media.bytes.ProtocolException;
import manycast.media.frame.Owned;
import org.jspecify.annotations.Nullable;

/** Reads the tags of an FLV file that lies whole in one buffer (FLV §E.2, §E.3). */
public final class FlvReader {
  private static final int SIGNATURE = 0x464C56;
  private static final int TAG_HEADER = 11;

  private final ByteBuf file;

  /**
   * A reader behind the file's header.
   *
   * @param file lent for the reader's life
   * @throws ProtocolException when this is no FLV file
   */
  public FlvReader(ByteBuf file) throws ProtocolException {
    this.file = file;
    if (file.readableBytes() < 13 || file.getUnsignedMedium(file.readerIndex()) != SIGNATURE) {
      throw new ProtocolException("no FLV file: it begins with \"FLV\" and 13 bytes (FLV §E.2)");
    }
    long headerSize = file.getUnsignedInt(file.readerIndex() + 5);
    if (headerSize < 9 || headerSize + 4 > file.readableBytes()) {
      throw new ProtocolException("FLV header of " + headerSize + " bytes: at least 9 (FLV §E.2)");
    }
    file.skipBytes((int) headerSize + 4);
  }

  /**
   * The next tag with a retained slice of the file as its body, or null at the end.
   *
   * @throws ProtocolException when the file ends inside a tag
   */
  public @Nullable @Owned FlvTag next() throws ProtocolException {
    if (!file.isReadable()) {
      return null;
    }
    if (file.readableBytes() < TAG_HEADER) {
      throw new ProtocolException("the file ends inside a tag's header (FLV §E.4.1)");
    }
    int type = file.readUnsignedByte() & 0x1F;
    int size = file.readUnsignedMedium();
    long timestamp = file.readUnsignedMedium() | (long) file.readUnsignedByte() << 24;
    file.skipBytes(3);
    if (file.readableBytes() < size) {
      throw new ProtocolException(
          "tag of " + size + " bytes, the file has " + file.readableBytes() + " (FLV §E.4.1)");
    }
    ByteBuf body = file.readRetainedSlice(size);
    file.skipBytes(Math.min(4, file.readableBytes()));
    return new FlvTag(type, timestamp, body);
  }
}
