package manycast.media.rtmp.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import manycast.media.bytes.Limits;
import manycast.media.bytes.ProtocolException;
import manycast.media.testing.Seeds;
import org.junit.jupiter.api.Test;

final class ChunkRoundTripTest {
  private static final int[] CHUNK_STREAMS = {3, 4, 5, 6, 63, 64, 319, 320, 65_599};

  @Test
  void everyFormOfTheSpecificationIsUnderstood() {
    Seeds.check(100, ChunkRoundTripTest::isUnderstood);
  }

  private static void isUnderstood(Random random) throws ProtocolException {
    SpecWriter writer = new SpecWriter(random);
    List<Decoded> expected = new ArrayList<>();
    Decoded[] open = new Decoded[CHUNK_STREAMS.length];
    long clock = random.nextBoolean() ? 0 : Integer.toUnsignedLong(random.nextInt());
    for (int step = 0; step < 60; step++) {
      int which = random.nextInt(CHUNK_STREAMS.length);
      int chunkStreamId = CHUNK_STREAMS[which];
      if (random.nextInt(20) == 0) {
        writer.setChunkSize(4 + random.nextInt(300)); // the message itself fits one chunk
      }
      if (!writer.isBusy(chunkStreamId)) {
        clock = clock + (random.nextInt(5) == 0 ? random.nextInt() : 20) & 0xFFFF_FFFFL;
        open[which] = randomMessage(random, chunkStreamId, clock);
        writer.begin(open[which]);
      } else {
        writer.goOn(chunkStreamId);
      }
      if (!writer.isBusy(chunkStreamId)) {
        expected.add(open[which]);
      }
    }
    byte[] wire = writer.written();
    assertThat(Decoded.all(Limits.WHILE_PUBLISHING, wire)).isEqualTo(expected);
    assertThat(Decoded.all(Limits.WHILE_PUBLISHING, pieces(wire, random))).isEqualTo(expected);
  }

  @Test
  void whatTheEncoderWritesIsReadBack() {
    Seeds.check(
        200,
        random -> {
          byte[] body = new byte[random.nextInt(701)];
          random.nextBytes(body);
          isReadBack(
              oneOf(random, 2, 63, 64, 319, 320, 65_599, 2 + random.nextInt(65_598)),
              anyTime(random),
              anyTime(random),
              1 + random.nextInt(random.nextBoolean() ? 4 : 300),
              body);
        });
  }

  /** The edges of each form as often as all between them. */
  private static long anyTime(Random random) {
    long between = Integer.toUnsignedLong(random.nextInt());
    return random.nextBoolean()
        ? between
        : new long[] {0, 0xFFFFFE, 0xFFFFFF, 0x1000000, 0xFFFFFFFFL}[random.nextInt(5)];
  }

  private static int oneOf(Random random, int... values) {
    return values[random.nextInt(values.length)];
  }

  private static void isReadBack(
      int chunkStreamId, long timestamp, long delta, int chunkSize, byte[] body)
      throws ProtocolException {
    ByteBuf lent = Unpooled.wrappedBuffer(body);
    ByteBuf first =
        ChunkEncoder.encode(
            ByteBufAllocator.DEFAULT,
            new ChunkHeader.Full(chunkStreamId, timestamp, 9, 0x01020304),
            chunkSize,
            lent.slice(0, body.length / 3),
            lent.slice(body.length / 3, body.length - body.length / 3));
    ByteBuf second =
        ChunkEncoder.encode(
            ByteBufAllocator.DEFAULT,
            new ChunkHeader.Delta(chunkStreamId, delta, 8),
            chunkSize,
            lent);
    assertThat(first.writableBytes()).isZero();
    assertThat(lent.readerIndex()).isZero();
    String hex = HexFormat.of().formatHex(body);
    assertThat(
            Decoded.all(
                Limits.WHILE_PUBLISHING,
                setChunkSize(chunkSize),
                ByteBufUtil.getBytes(first),
                ByteBufUtil.getBytes(second)))
        .containsExactly(
            new Decoded(chunkStreamId, timestamp, 9, 0x01020304, hex),
            new Decoded(chunkStreamId, timestamp + delta & 0xFFFF_FFFFL, 8, 0x01020304, hex));
    first.release();
    second.release();
  }

  private static byte[] setChunkSize(int size) {
    SpecWriter writer = new SpecWriter(new SplittableRandom(1));
    writer.setChunkSize(size);
    return writer.written();
  }

  private static Decoded randomMessage(Random random, int chunkStreamId, long timestamp) {
    byte[] body = new byte[random.nextInt(4) == 0 ? random.nextInt(5) : random.nextInt(900)];
    random.nextBytes(body);
    int[] types = {8, 9, 18, 20};
    return new Decoded(
        chunkStreamId,
        timestamp,
        types[random.nextInt(types.length)],
        random.nextInt(3),
        HexFormat.of().formatHex(body));
  }

  private static byte[][] pieces(byte[] wire, Random random) {
    List<byte[]> pieces = new ArrayList<>();
    int at = 0;
    while (at < wire.length) {
      int end = Math.min(wire.length, at + 1 + random.nextInt(random.nextBoolean() ? 4 : 200));
      pieces.add(Arrays.copyOfRange(wire, at, end));
      at = end;
    }
    return pieces.toArray(byte[][]::new);
  }
}
