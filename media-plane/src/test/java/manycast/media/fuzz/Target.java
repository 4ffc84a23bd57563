package manycast.media.fuzz;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import manycast.media.amf.AmfReader;
import manycast.media.bytes.CountingBytes;
import manycast.media.bytes.Limits;
import manycast.media.bytes.ProtocolException;
import manycast.media.codec.CodecConfigs;
import manycast.media.codec.VideoDescription;
import manycast.media.codec.h264.NalUnits;
import manycast.media.flv.FlvReader;
import manycast.media.flv.FlvTag;
import manycast.media.frame.Codec;
import manycast.media.ingest.TagMessages;
import manycast.media.rtmp.chunk.ChunkDecoder;
import manycast.media.rtmp.chunk.RawMessage;
import manycast.media.rtmp.handshake.ClientHandshake;
import manycast.media.rtmp.handshake.ServerHandshake;
import manycast.media.rtmp.message.AggregateReader;
import manycast.media.rtmp.message.MessageReader;

/**
 * A reader of foreign bytes. It takes any bytes at all: they are read, or refused with a {@link
 * ProtocolException} that says why; everything else is a finding.
 */
enum Target {
  /** Both sides of the handshake; the first byte says which, and in how small pieces. */
  HANDSHAKE {
    @Override
    void read(byte[] bytes) throws ProtocolException {
      int head = bytes.length == 0 ? 0 : bytes[0] & 0xFF;
      ServerHandshake server = new ServerHandshake(new Random(1));
      ClientHandshake client = new ClientHandshake(new Random(1));
      for (ByteBuf piece : pieces(bytes, 1, 1 + (head >> 1) * 16)) {
        if ((head & 1) == 0 && !server.isDone()) {
          server.read(piece);
        } else if (!client.isDone()) {
          client.read(piece);
        }
      }
    }
  },

  /** The chunk decoder; the first byte says in how small pieces. */
  CHUNK {
    @Override
    void read(byte[] bytes) throws ProtocolException {
      CountingBytes counter = new CountingBytes(Long.MAX_VALUE);
      Limits limits = Limits.BEFORE_PUBLISH;
      try (ChunkDecoder decoder = new ChunkDecoder(ByteBufAllocator.DEFAULT, limits, counter)) {
        int head = bytes.length == 0 ? 0 : bytes[0] & 0xFF;
        for (ByteBuf piece : pieces(bytes, 1, 1 + head * 4)) {
          RawMessage message = decoder.decode(piece);
          while (message != null) {
            message.release();
            message = decoder.decode(piece);
          }
          require(!piece.isReadable(), "bytes were left unread");
        }
      } finally {
        require(counter.held() == 0, counter.held() + " bytes are still counted");
        require(counter.highest() <= limits.connectionBytes(), counter.highest() + " bytes held");
      }
    }
  },

  /** AMF0, and AMF3 where it is announced. */
  AMF {
    @Override
    void read(byte[] bytes) throws ProtocolException {
      new AmfReader(Unpooled.wrappedBuffer(bytes)).nextReadable();
      AmfReader strict = new AmfReader(Unpooled.wrappedBuffer(bytes));
      while (strict.hasNext()) {
        require(!strict.next().toString().isEmpty(), "a value without a word");
      }
    }
  },

  /** A message of any type, the first byte, and aggregates. */
  MESSAGE {
    @Override
    void read(byte[] bytes) throws ProtocolException {
      if (bytes.length == 0) {
        return;
      }
      ByteBuf body = Unpooled.wrappedBuffer(bytes).skipBytes(1);
      RawMessage raw = new RawMessage(3, 0, bytes[0] & 0xFF, 1, body);
      require(!MessageReader.read(raw).toString().isEmpty(), "a message without a word");
      body.readerIndex(1);
      AggregateReader aggregate = new AggregateReader(raw, ByteBufAllocator.DEFAULT);
      RawMessage inner = aggregate.next();
      while (inner != null) {
        inner.release();
        inner = aggregate.next();
      }
    }
  },

  /** Legacy and Enhanced RTMP tags of one publisher, one behind the other. */
  TAG {
    @Override
    void read(byte[] bytes) {
      new TagMessages().take(bytes);
    }
  },

  /** Codec configs and first access units; the first byte is the codec and how it is read. */
  CODEC {
    @Override
    void read(byte[] bytes) throws ProtocolException {
      if (bytes.length == 0) {
        return;
      }
      int head = bytes[0] & 0xFF;
      Codec codec = Codec.values()[(head >> 2) % Codec.values().length];
      ByteBuf in = Unpooled.wrappedBuffer(bytes).skipBytes(1);
      switch (head & 3) {
        case 0 -> {
          VideoDescription video = CodecConfigs.video(codec, in);
          require(video.width() >= 0 && video.height() >= 0, "a size below nothing");
          require(
              video.frameRate() >= 0 && Double.isFinite(video.frameRate()),
              "a frame rate of " + video.frameRate());
        }
        case 1 -> CodecConfigs.audio(codec, in);
        case 2 -> CodecConfigs.audioFrame(codec, in);
        default -> {
          CodecConfigs.withKeyframe(codec, VideoDescription.UNKNOWN, in);
          NalUnits.containIdr(in, head < 0x40 ? 1 : head < 0x80 ? 2 : 4);
        }
      }
      require(in.readerIndex() == 1, "what was lent came back moved");
    }
  },

  /** FLV files. */
  FLV {
    @Override
    void read(byte[] bytes) throws ProtocolException {
      FlvReader reader = new FlvReader(Unpooled.wrappedBuffer(bytes));
      FlvTag tag = reader.next();
      while (tag != null) {
        tag.body().release();
        tag = reader.next();
      }
    }
  },

  /** A whole encoder's connection behind its handshake, to the media that it publishes. */
  CONNECTION {
    @Override
    void read(byte[] bytes) {
      FuzzedConnection.encoder(bytes);
    }
  },

  /** A whole destination's answers behind its handshake. */
  DESTINATION {
    @Override
    void read(byte[] bytes) {
      FuzzedConnection.destination(bytes);
    }
  };

  abstract void read(byte[] bytes) throws ProtocolException;

  /** Reads the bytes; whatever is thrown is a finding. */
  final void take(byte[] bytes) {
    try {
      read(bytes);
    } catch (ProtocolException refused) {
      require(!String.valueOf(refused.getMessage()).isBlank(), "refused without a word");
    }
  }

  /** In commands and folders. */
  final String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  static List<ByteBuf> pieces(byte[] bytes, int from, int size) {
    List<ByteBuf> pieces = new ArrayList<>();
    for (int at = from; at < bytes.length; at += size) {
      pieces.add(
          Unpooled.wrappedBuffer(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size))));
    }
    return pieces;
  }
}
