package manycast.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import manycast.media.broadcast.BroadcastLog;
import manycast.media.broadcast.Cursor;
import manycast.media.broadcast.IngestFigures;
import manycast.media.broadcast.LogBounds;
import manycast.media.broadcast.LogEntry;
import manycast.media.broadcast.MediaMemory;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import manycast.media.frame.TrackKind;
import manycast.media.testing.StrictChunkReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two tracks of each kind; what each destination has on its wire, read by a strict decoder. */
class TrackChoiceTest {
  private static final int CHUNK_SIZE = 4096;
  private static final Track VIDEO_1 = new Track(TrackKind.VIDEO, 1);
  private static final Track AUDIO_1 = new Track(TrackKind.AUDIO, 1);

  private final MediaMemory memory = new MediaMemory(1 << 30);
  private final BroadcastLog log = new BroadcastLog(memory, LogBounds.STANDARD);
  private final RtmpWireFormat format = new RtmpWireFormat(UnpooledByteBufAllocator.DEFAULT);
  private final ByteArrayOutputStream wire = new ByteArrayOutputStream();

  @AfterEach
  void everyByteComesBack() {
    log.close();
    assertThat(memory.held()).isZero();
  }

  @Test
  void theDefaultTracksAreSentWhereNothingElseIsAsked() throws IOException {
    begin();
    assertThat(read(writer(TrackChoice.DEFAULT)))
        .containsExactly("0 a0 config", "0 v0 config", "0 v0 key", "1 a0", "40 v0", "41 a0");
  }

  @Test
  void otherTracksAreSentFromTheirFirstKeyframeOn() throws IOException {
    append(Track.VIDEO, 0, FrameKind.CONFIG, PictureType.NONE);
    append(VIDEO_1, 0, FrameKind.CONFIG, PictureType.NONE);
    append(AUDIO_1, 0, FrameKind.CONFIG, PictureType.NONE);
    append(Track.VIDEO, 0, FrameKind.MEDIA, PictureType.KEY);
    append(VIDEO_1, 0, FrameKind.MEDIA, PictureType.INTER);
    append(AUDIO_1, 1, FrameKind.MEDIA, PictureType.NONE);
    append(VIDEO_1, 40, FrameKind.MEDIA, PictureType.KEY);
    append(VIDEO_1, 80, FrameKind.MEDIA, PictureType.INTER);

    assertThat(read(writer(new TrackChoice(1, 1))))
        .containsExactly("0 a1 config", "0 v1 config", "1 a1", "40 v1 key", "80 v1");
  }

  @Test
  void theSoundTurnsAtOnceAndThePictureAtItsNextKeyframe() throws IOException {
    begin();
    RtmpTrackWriter writer = writer(TrackChoice.DEFAULT);
    Cursor cursor = cursor();
    pass(writer, cursor);
    writer.choose(new TrackChoice(1, 1));
    append(Track.VIDEO, 80, FrameKind.MEDIA, PictureType.INTER);
    append(VIDEO_1, 80, FrameKind.MEDIA, PictureType.INTER);
    append(AUDIO_1, 81, FrameKind.MEDIA, PictureType.NONE);
    append(Track.AUDIO, 81, FrameKind.MEDIA, PictureType.NONE);
    append(Track.VIDEO, 120, FrameKind.MEDIA, PictureType.KEY);
    append(VIDEO_1, 118, FrameKind.MEDIA, PictureType.KEY);
    append(VIDEO_1, 158, FrameKind.MEDIA, PictureType.INTER);
    append(Track.VIDEO, 160, FrameKind.MEDIA, PictureType.INTER);
    pass(writer, cursor);

    assertThat(messages())
        .as("no time goes back, though the other track's keyframe is earlier than what was sent")
        .endsWith(
            "80 a1 config",
            "80 v0",
            "81 a1",
            "120 v0 key",
            "120 v1 config",
            "120 v1 key",
            "158 v1");
    assertThat(writer.isInStep(cursor)).as("shared runs hold the default tracks").isFalse();
  }

  @Test
  void namesATrackThatWasAskedForAndIsNotThere() {
    IngestFigures ingest = new IngestFigures("test", "", "", 0);
    ingest.track(VIDEO_1).codec(Codec.HEVC, "HEVC");

    assertThat(TrackChoice.DEFAULT.missingOf(ingest)).as("there need be no sound").isNull();
    assertThat(new TrackChoice(1, 0).missingOf(ingest)).isNull();
    assertThat(new TrackChoice(2, 0).missingOf(ingest))
        .isEqualTo("The encoder sends no video track 2.");
    assertThat(new TrackChoice(1, 3).missingOf(ingest))
        .isEqualTo("The encoder sends no audio track 3.");
  }

  private void begin() {
    for (Track track : List.of(Track.VIDEO, VIDEO_1, Track.AUDIO, AUDIO_1)) {
      append(track, 0, FrameKind.CONFIG, PictureType.NONE);
    }
    append(Track.VIDEO, 0, FrameKind.MEDIA, PictureType.KEY);
    append(VIDEO_1, 0, FrameKind.MEDIA, PictureType.KEY);
    append(Track.AUDIO, 1, FrameKind.MEDIA, PictureType.NONE);
    append(AUDIO_1, 1, FrameKind.MEDIA, PictureType.NONE);
    append(Track.VIDEO, 40, FrameKind.MEDIA, PictureType.INTER);
    append(Track.AUDIO, 41, FrameKind.MEDIA, PictureType.NONE);
  }

  /** A payload names its track, so that the wire tells what was sent. */
  private void append(Track track, long ms, FrameKind kind, PictureType picture) {
    byte[] payload = {(byte) (track.isVideo() ? 'v' : 'a'), (byte) ('0' + track.number())};
    log.append(
        new Frame(
            track,
            kind,
            track.isVideo() ? Codec.H264 : Codec.AAC,
            ms * 90,
            0,
            picture,
            Unpooled.wrappedBuffer(payload)),
        0);
  }

  private Cursor cursor() {
    return log.openAtNewestStart(_ -> {}, 0, 0);
  }

  private List<String> read(RtmpTrackWriter writer) throws IOException {
    pass(writer, cursor());
    return messages();
  }

  private static void pass(RtmpTrackWriter writer, Cursor cursor) {
    for (LogEntry entry = cursor.next(0); entry != null; entry = cursor.next(0)) {
      writer.write(entry, cursor);
    }
  }

  private RtmpTrackWriter writer(TrackChoice tracks) {
    wire.writeBytes(HexFormat.of().parseHex("02000000000004010000000000001000"));
    return new RtmpTrackWriter(
        log,
        format,
        PlatformCodecs.of("custom"),
        tracks,
        new RtmpTrackWriter.Wire() {
          @Override
          public void write(ByteBuf chunks) {
            wire.writeBytes(ByteBufUtil.getBytes(chunks));
            chunks.release();
          }

          @Override
          public int messageStreamId() {
            return 1;
          }

          @Override
          public long bytesQueued() {
            return wire.size();
          }
        });
  }

  private List<String> messages() throws IOException {
    var in = new ByteArrayInputStream(wire.toByteArray());
    StrictChunkReader reader = new StrictChunkReader(new DataInputStream(in));
    List<String> read = new ArrayList<>();
    while (in.available() > 0) {
      StrictChunkReader.Message message = reader.next();
      if (message.type() == 8 || message.type() == 9) {
        byte[] body = message.body();
        String track = new String(body, body.length - 2, 2, StandardCharsets.US_ASCII);
        String what =
            body[1] == 0 ? " config" : message.type() == 9 && body[0] >> 4 == 1 ? " key" : "";
        read.add(message.timestamp() + " " + track + what);
      }
    }
    return read;
  }
}
