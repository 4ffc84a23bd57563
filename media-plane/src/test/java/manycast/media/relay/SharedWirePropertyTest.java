package manycast.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import manycast.media.broadcast.BroadcastLog;
import manycast.media.broadcast.Cursor;
import manycast.media.broadcast.Frames;
import manycast.media.broadcast.LogBounds;
import manycast.media.broadcast.LogEntry;
import manycast.media.broadcast.MediaMemory;
import manycast.media.frame.Frame;
import manycast.media.testing.StrictChunkReader;
import manycast.media.testing.StrictChunkReader.Message;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whatever is appended, whoever joins, stalls and skips: what each destination has on its wire is
 * read by a strict decoder as frames with the right bytes and times, beginning at a keyframe after
 * every gap.
 */
class SharedWirePropertyTest {
  private static final int CHUNK_SIZE = 4096;
  private static final int MESSAGE_STREAM_ID = 5;

  /** What was appended, for the comparison. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Sent(int type, long dtsMs, boolean keyframe, byte[] payload) {}

  private static final class Reader {
    private final Cursor cursor;
    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
    private final RtmpTrackWriter writer;
    private int stalledSteps;

    Reader(BroadcastLog log, RtmpWireFormat format) {
      writer =
          new RtmpTrackWriter(
              log,
              format,
              new RtmpTrackWriter.Wire() {
                @Override
                public void write(ByteBuf chunks) {
                  wire.writeBytes(ByteBufUtil.getBytes(chunks));
                  chunks.release();
                }

                @Override
                public int messageStreamId() {
                  return MESSAGE_STREAM_ID;
                }

                @Override
                public long bytesQueued() {
                  return wire.size();
                }
              });
      cursor = log.openAtNewestStart(_ -> {}, 0, 0);
    }

    void read(long nowMs) {
      for (LogEntry entry = cursor.next(nowMs); entry != null; entry = cursor.next(nowMs)) {
        writer.write(entry, cursor);
      }
    }
  }

  @Property(tries = 100)
  void everyDestinationReadsWhatWasAppended(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    MediaMemory memory = new MediaMemory(1L << 40);
    BroadcastLog log = new BroadcastLog(memory, new LogBounds(3_000, 200_000, 9_000, 400_000));
    UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    RtmpWireFormat format = new RtmpWireFormat(allocator);
    List<Sent> sent = new ArrayList<>();
    List<Reader> readers = new ArrayList<>();
    long nowMs = 5_000;
    long videoMs = random.nextInt(3) == 0 ? 20_000_000 : 0;
    long audioMs = videoMs;
    boolean hasAudio = random.nextInt(4) > 0;
    for (int step = 0; step < 400; step++) {
      nowMs += random.nextInt(60);
      switch (random.nextInt(20)) {
        case 0 -> readers.add(new Reader(log, format));
        case 1 -> append(log, sent, 9, Frames.videoConfig(videoMs, 20 + random.nextInt(30)), nowMs);
        case 2 -> append(log, sent, 8, Frames.audioConfig(audioMs, 2 + random.nextInt(5)), nowMs);
        case 3 -> append(log, sent, 18, Frames.metadata(Math.max(audioMs, videoMs), 30), nowMs);
        case 4 -> {
          if (!readers.isEmpty()) {
            readers.get(random.nextInt(readers.size())).stalledSteps = random.nextInt(200);
          }
        }
        case 5, 6 -> {
          videoMs += random.nextInt(40);
          append(log, sent, 9, Frames.keyframe(videoMs, 100 + random.nextInt(9000)), nowMs);
        }
        case 7, 8, 9, 10, 11, 12 -> {
          videoMs += random.nextInt(40);
          append(log, sent, 9, Frames.inter(videoMs, 1 + random.nextInt(5000)), nowMs);
        }
        default -> {
          if (hasAudio) {
            audioMs = Math.max(audioMs, videoMs - 100 + random.nextInt(200));
            append(log, sent, 8, Frames.audio(audioMs, 1 + random.nextInt(300)), nowMs);
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
      check(reader, sent);
    }
    log.close();
    assertThat(memory.held()).isZero();
    assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
        .isZero();
  }

  private static void append(BroadcastLog log, List<Sent> sent, int type, Frame frame, long nowMs) {
    sent.add(
        new Sent(
            frame.isMedia() ? type : -type,
            frame.dtsMs(),
            frame.keyframe(),
            ByteBufUtil.getBytes(frame.payload())));
    log.append(frame, nowMs);
  }

  private static void check(Reader reader, List<Sent> sent) throws IOException {
    List<Message> messages = decode(reader.wire.toByteArray());
    long zero = reader.writer.zeroMs();
    int position = 0;
    boolean afterGap = true;
    long lastVideo = -1;
    long lastAudio = -1;
    for (Message message : messages) {
      if (message.type() == 18 || message.body()[1] == 0) {
        continue;
      }
      int header = message.type() == 9 ? 5 : 2;
      byte[] payload = Arrays.copyOfRange(message.body(), header, message.body().length);
      int found = find(sent, position, message.type(), message.timestamp() + zero, payload);
      assertThat(found)
          .as(
              "a frame of type %d at %d is one that was appended, in order",
              message.type(), message.timestamp())
          .isNotNegative();
      if (message.type() == 9) {
        afterGap |= skippedVideo(sent, position, found);
        if (afterGap) {
          assertThat(sent.get(found).keyframe())
              .as("the first picture after a gap is a keyframe")
              .isTrue();
          afterGap = false;
        }
        assertThat(message.body()[0]).isEqualTo((byte) (sent.get(found).keyframe() ? 0x17 : 0x27));
        assertThat(message.timestamp()).isGreaterThanOrEqualTo(lastVideo);
        lastVideo = message.timestamp();
      } else {
        assertThat(message.timestamp()).isGreaterThanOrEqualTo(lastAudio);
        lastAudio = message.timestamp();
      }
      assertThat(message.messageStreamId()).isEqualTo(MESSAGE_STREAM_ID);
      position = message.type() == 9 ? found + 1 : position;
    }
  }

  private static boolean skippedVideo(List<Sent> sent, int from, int to) {
    for (int i = from; i < to; i++) {
      if (sent.get(i).type() == 9) {
        return true;
      }
    }
    return false;
  }

  /** Audio may have been appended a little before the picture it is sent with. */
  private static int find(List<Sent> sent, int from, int type, long dtsMs, byte[] payload) {
    for (int i = type == 9 ? from : 0; i < sent.size(); i++) {
      Sent candidate = sent.get(i);
      if (candidate.type() == type
          && candidate.dtsMs() == dtsMs
          && Arrays.equals(candidate.payload(), payload)) {
        return i;
      }
    }
    return -1;
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
