package manycast.media.rtmp.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import manycast.media.bytes.CountingBytes;
import manycast.media.bytes.Limits;
import manycast.media.bytes.ProtocolException;
import org.junit.jupiter.api.Test;

/** Any bytes at all either parse or raise {@link ProtocolException}, in bounded memory. */
final class ChunkDecoderFuzzTest {
  private static final int ROUNDS = 150;

  @Test
  void randomBytesParseOrAreRefused() {
    for (long seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(2000)];
      random.nextBytes(bytes);
      feed(bytes, random, seed);
    }
  }

  @Test
  void alteredStreamsParseOrAreRefused() {
    for (long seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      byte[] bytes = validStream(random);
      for (int i = random.nextInt(8); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      feed(bytes, random, seed);
    }
  }

  private static byte[] validStream(Random random) {
    SpecWriter writer = new SpecWriter(random);
    for (int i = 0; i < 20; i++) {
      byte[] body = new byte[random.nextInt(400)];
      random.nextBytes(body);
      int chunkStreamId = 3 + random.nextInt(5);
      writer.begin(new Decoded(chunkStreamId, i * 20L, 9, 1, HexFormat.of().formatHex(body)));
      while (writer.isBusy(chunkStreamId)) {
        writer.goOn(chunkStreamId);
      }
    }
    return writer.written();
  }

  private static void feed(byte[] bytes, Random random, long seed) {
    Limits limits = Limits.BEFORE_PUBLISH;
    CountingBytes counter = new CountingBytes(Long.MAX_VALUE);
    List<Decoded> messages = new ArrayList<>();
    try (ChunkDecoder decoder = new ChunkDecoder(ByteBufAllocator.DEFAULT, limits, counter)) {
      int at = 0;
      while (at < bytes.length) {
        int end = Math.min(bytes.length, at + 1 + random.nextInt(300));
        Decoded.drain(decoder, Arrays.copyOfRange(bytes, at, end), messages);
        at = end;
      }
    } catch (ProtocolException refused) {
      assertThat(refused.getMessage()).as("seed %d", seed).isNotBlank();
    }
    assertThat(counter.highest()).as("seed %d", seed).isLessThanOrEqualTo(limits.connectionBytes());
    assertThat(counter.held()).as("seed %d", seed).isZero();
  }
}
