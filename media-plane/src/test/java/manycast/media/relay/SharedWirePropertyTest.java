package manycast.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import manycast.media.broadcast.BroadcastLog;
import manycast.media.broadcast.LogBounds;
import manycast.media.broadcast.MediaMemory;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import manycast.media.loops.SharedWrites;
import manycast.media.testing.Seeds;
import manycast.media.testing.StrictChunkReader;
import manycast.media.testing.StrictChunkReader.Message;
import org.junit.jupiter.api.Test;

/**
 * Whatever is appended, whoever joins, stalls and skips: what each destination has on its wire is
 * read by a strict decoder as frames with the right bytes and times, beginning at a keyframe after
 * every gap.
 */
class SharedWirePropertyTest {
  private static final int CHUNK_SIZE = 4096;

  /** What was appended, at the index that its payload names. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Sent(int type, FrameKind kind, long dtsMs, int tagByte, byte[] payload) {}

  private static final class Reader {
    private final WrittenConnection connection;
    private final Random random;
    private int stalledSteps;

    /** A socket that takes all, or any part, of what it is given straight. */
    Reader(WrittenConnection connection, Random random) {
      this.connection = connection;
      this.random = random;
      connection.takes = offered -> random.nextInt(4) > 0 ? offered : random.nextInt(offered);
    }

    void read(long nowMs) {
      if (random.nextInt(8) == 0) {
        connection.leaveStep();
      }
      connection.pump(nowMs);
    }
  }

  @Test
  void everyDestinationReadsWhatWasAppended() {
    Seeds.check(100, SharedWirePropertyTest::holdsFor);
  }

  private static void holdsFor(Random random) throws IOException {
    MediaMemory memory = new MediaMemory(1L << 40);
    BroadcastLog log = new BroadcastLog(memory, new LogBounds(3_000, 200_000, 9_000, 400_000));
    UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    RtmpWireFormat format = new RtmpWireFormat(allocator);
    List<Sent> sent = new ArrayList<>();
    List<Reader> readers = new ArrayList<>();
    InStep inStep = new InStep(log, format, SharedWrites.ONE_BY_ONE);
    long nowMs = 5_000;
    long videoMs = random.nextInt(3) == 0 ? 20_000_000 : 0;
    long audioMs = videoMs;
    boolean hasAudio = random.nextInt(4) > 0;
    for (int step = 0; step < 400; step++) {
      nowMs += random.nextInt(60);
      switch (random.nextInt(21)) {
        case 0 ->
            readers.add(
                new Reader(
                    new WrittenConnection(
                        log,
                        format,
                        inStep,
                        random.nextBoolean() ? 0 : random.nextInt(3_000),
                        nowMs),
                    random));
        case 1 -> append(log, sent, Track.VIDEO, FrameKind.CONFIG, videoMs, 0x17, random, nowMs);
        case 2 -> append(log, sent, Track.AUDIO, FrameKind.CONFIG, audioMs, 0xAF, random, nowMs);
        case 3 -> {
          long dataMs = Math.max(audioMs, videoMs);
          append(log, sent, Track.DATA, FrameKind.METADATA, dataMs, 0, random, nowMs);
        }
        case 4 -> {
          if (!readers.isEmpty()) {
            Reader stalled = readers.get(random.nextInt(readers.size()));
            stalled.connection.leaveStep();
            stalled.stalledSteps = random.nextInt(200);
          }
        }
        case 5, 6 -> {
          videoMs += random.nextInt(40);
          append(log, sent, Track.VIDEO, FrameKind.MEDIA, videoMs, 0x17, random, nowMs);
        }
        case 7, 8, 9, 10, 11, 12 -> {
          videoMs += random.nextInt(40);
          int tagByte = 0x27 + 0x10 * random.nextInt(3);
          append(log, sent, Track.VIDEO, FrameKind.MEDIA, videoMs, tagByte, random, nowMs);
        }
        case 13 -> {
          if (!readers.isEmpty()) {
            WrittenConnection connection = readers.get(random.nextInt(readers.size())).connection;
            connection.leaveStep();
            connection.cursor.changeDelay(random.nextInt(connection.cursor.delayMs() + 1));
          }
        }
        default -> {
          if (hasAudio) {
            audioMs = Math.max(audioMs, videoMs - 100 + random.nextInt(200));
            append(log, sent, Track.AUDIO, FrameKind.MEDIA, audioMs, 0xAF, random, nowMs);
          }
        }
      }
      for (Reader reader : readers) {
        if (reader.stalledSteps > 0) {
          reader.stalledSteps--;
        } else {
          reader.read(nowMs);
        }
      }
    }
    for (Reader reader : readers) {
      reader.read(nowMs + 5_000);
      reader.connection.settle();
      check(reader.connection, sent);
    }
    inStep.close();
    log.close();
    assertThat(memory.held()).isZero();
    assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
        .isZero();
  }

  private static void append(
      BroadcastLog log,
      List<Sent> sent,
      Track track,
      FrameKind kind,
      long dtsMs,
      int tagByte,
      Random random,
      long nowMs) {
    byte[] payload = new byte[4 + random.nextInt(track.isAudio() ? 300 : 9_000)];
    random.nextBytes(payload);
    ByteBuffer.wrap(payload).putInt(sent.size());
    int type = track.isVideo() ? 9 : track.isAudio() ? 8 : 18;
    sent.add(new Sent(type, kind, dtsMs, tagByte, payload));
    Codec codec = track.isVideo() ? Codec.H264 : track.isAudio() ? Codec.AAC : Codec.AMF0;
    boolean media = kind == FrameKind.MEDIA;
    log.append(
        new Frame(
            track,
            kind,
            codec,
            dtsMs * 90,
            0,
            picture(media, tagByte),
            Unpooled.wrappedBuffer(payload)),
        nowMs);
  }

  private static PictureType picture(boolean media, int tagByte) {
    return switch (media ? tagByte : 0) {
      case 0x17 -> PictureType.KEY;
      case 0x27 -> PictureType.INTER;
      case 0x37 -> PictureType.DISPOSABLE;
      case 0x47 -> PictureType.GENERATED_KEY;
      default -> PictureType.NONE;
    };
  }

  /** Reads the wire with what was appended beside it: nothing here knows how it was written. */
  private static void check(WrittenConnection reader, List<Sent> sent) throws IOException {
    long zero = reader.writer.zeroMs();
    int[] lastIndex = {-1, -1, -1};
    int[] configInForce = {-1, -1, -1};
    long[] lastTime = new long[3];
    int accessUnits = 0;
    for (Message message : decode(reader.wire.toByteArray())) {
      int track = message.type() == 9 ? 0 : message.type() == 8 ? 1 : 2;
      int header = new int[] {5, 2, 0}[track];
      byte[] payload = Arrays.copyOfRange(message.body(), header, message.body().length);
      int index = ByteBuffer.wrap(payload).getInt();
      Sent frame = sent.get(index);
      assertThat(payload).as("the payload of frame %d", index).isEqualTo(frame.payload());
      assertThat(message.type()).isEqualTo(frame.type());
      assertThat(message.messageStreamId()).isEqualTo(WrittenConnection.MESSAGE_STREAM_ID);
      assertThat(message.timestamp()).as("a track's time").isGreaterThanOrEqualTo(lastTime[track]);
      lastTime[track] = message.timestamp();
      if (track < 2) {
        assertThat(message.body()[0]).isEqualTo((byte) frame.tagByte());
        assertThat(message.body()[1]).isEqualTo((byte) (frame.kind() == FrameKind.CONFIG ? 0 : 1));
      }
      if (frame.kind() != FrameKind.MEDIA) {
        assertThat(index).as("a newer config or metadata").isGreaterThan(configInForce[track]);
        configInForce[track] = index;
        continue;
      }
      accessUnits++;
      assertThat(message.timestamp() + zero).as("the time of %d", index).isEqualTo(frame.dtsMs());
      assertThat(index).as("in order and once").isGreaterThan(lastIndex[track]);
      if (track == 0 && skippedPicture(sent, lastIndex[0], index)) {
        assertThat(frame.tagByte()).as("the first picture after a gap").isEqualTo(0x17);
      }
      lastIndex[track] = index;
      assertThat(configInForce[track])
          .as("the config before frame %d", index)
          .isEqualTo(newest(sent, index, message.type()));
      assertThat(configInForce[2])
          .as("the metadata before frame %d", index)
          .isEqualTo(newest(sent, index, 18));
    }
    assertThat(accessUnits).as("all that the cursor yielded").isEqualTo(reader.accessUnits);
  }

  private static boolean skippedPicture(List<Sent> sent, int from, int to) {
    if (from < 0) {
      return true;
    }
    for (int i = from + 1; i < to; i++) {
      if (sent.get(i).type() == 9 && sent.get(i).kind() == FrameKind.MEDIA) {
        return true;
      }
    }
    return false;
  }

  private static int newest(List<Sent> sent, int before, int type) {
    int newest = -1;
    for (int i = 0; i < before; i++) {
      if (sent.get(i).type() == type && sent.get(i).kind() != FrameKind.MEDIA) {
        newest = i;
      }
    }
    return newest;
  }

  private static List<Message> decode(byte[] wire) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(
        new byte[] {2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, CHUNK_SIZE >> 8, (byte) CHUNK_SIZE});
    all.writeBytes(wire);
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(all.toByteArray()));
    StrictChunkReader chunks = new StrictChunkReader(in);
    List<Message> messages = new ArrayList<>();
    try {
      chunks.next();
      while (true) {
        messages.add(chunks.next());
      }
    } catch (EOFException end) {
      assertThat(in.available()).isZero();
      return messages;
    }
  }
}
