package manycast.media.probe;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import manycast.media.bytes.ProtocolException;
import manycast.media.flv.FlvReader;
import manycast.media.flv.FlvTag;
import manycast.media.frame.Owned;
import manycast.media.rtmp.chunk.ChunkEncoder;
import manycast.media.rtmp.chunk.ChunkHeader;
import manycast.media.rtmp.message.MessageWriter;
import manycast.media.rtmp.netty.RtmpClientHandler;

/**
 * Two seconds of H.264 and AAC, read from a file that comes with the program (sample.md says how it
 * was made), as messages in the order in which they are sent.
 */
final class SampleMedia {
  private static final String FILE = "sample.flv";
  private static final byte[] SET_DATA_FRAME =
      "\2\0\15@setDataFrame".getBytes(StandardCharsets.ISO_8859_1);

  private static final byte[] NO_PREFIX = {};

  private final List<Entry> entries = new ArrayList<>();
  private int next;

  private record Entry(int type, long ms, byte[] body) {}

  /** From its beginning. */
  SampleMedia() {
    try (InputStream in = SampleMedia.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + " is missing from the class path");
      }
      FlvReader reader = new FlvReader(Unpooled.wrappedBuffer(in.readAllBytes()));
      for (FlvTag tag = reader.next(); tag != null; tag = reader.next()) {
        entries.add(new Entry(tag.type(), tag.timestampMs(), body(tag)));
      }
    } catch (IOException | ProtocolException e) {
      throw new IllegalStateException(FILE + " cannot be read", e);
    }
  }

  /** The tag's body; metadata behind the command that makes it the stream's. */
  private static byte[] body(@Owned FlvTag tag) {
    byte[] prefix = tag.type() == FlvTag.SCRIPT ? SET_DATA_FRAME : NO_PREFIX;
    byte[] body = Arrays.copyOf(prefix, prefix.length + tag.body().readableBytes());
    tag.body().readBytes(body, prefix.length, body.length - prefix.length).release();
    return body;
  }

  /** Whether all has been sent. */
  boolean isOver() {
    return next == entries.size();
  }

  /** Writes what is due so long after the beginning, and flushes it. */
  void send(RtmpClientHandler to, long elapsedMs) {
    while (!isOver() && entries.get(next).ms() <= elapsedMs) {
      to.write(chunks(to.channel().alloc(), entries.get(next++), to.messageStreamId()));
    }
    to.flush();
  }

  private static @Owned ByteBuf chunks(
      ByteBufAllocator allocator, Entry entry, int messageStreamId) {
    int chunkStreamId =
        switch (entry.type()) {
          case FlvTag.AUDIO -> 4;
          case FlvTag.VIDEO -> 6;
          default -> MessageWriter.STREAM;
        };
    ChunkHeader header =
        new ChunkHeader.Full(chunkStreamId, entry.ms(), entry.type(), messageStreamId);
    return ChunkEncoder.encode(
        allocator, header, RtmpClientHandler.CHUNK_SIZE, Unpooled.wrappedBuffer(entry.body()));
  }
}
