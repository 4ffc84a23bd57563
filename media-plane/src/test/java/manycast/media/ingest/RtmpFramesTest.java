package manycast.media.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import manycast.media.amf.AmfReader;
import manycast.media.amf.AmfValue;
import manycast.media.bytes.ProtocolException;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import manycast.media.rtmp.message.RtmpMessage;
import org.junit.jupiter.api.Test;

class RtmpFramesTest {
  private static final byte[] SOUND_CONFIG = {(byte) 0xAF, 0, 0x11, (byte) 0x90};

  private final RtmpFrames frames = new RtmpFrames();

  private Frame video(long ms, int... tag) throws ProtocolException {
    return frame(frames.video(ms, bytes(tag), ms));
  }

  private Frame audio(long ms) throws ProtocolException {
    return frame(frames.audio(ms, bytes(0xAF, 1, 1, 2, 3), ms));
  }

  private static ByteBuf bytes(int... values) {
    ByteBuf bytes = Unpooled.buffer();
    for (int value : values) {
      bytes.writeByte(value);
    }
    return bytes;
  }

  private static Frame frame(Taken taken) {
    return switch (taken) {
      case Taken.FrameTaken(Frame frame) -> frame;
      case Taken.ConfigTaken(Frame frame, _) -> frame;
      case Taken.Nothing _, Taken.NotCarried _, Taken.Refused _, Taken.Several _ ->
          throw new AssertionError(taken.toString());
    };
  }

  @Test
  void keepsTheFrameType() throws ProtocolException {
    assertThat(video(0, 0x17, 1, 0, 0, 0, 9).picture()).isEqualTo(PictureType.KEY);
    assertThat(video(33, 0x27, 1, 0, 0, 0, 9).picture()).isEqualTo(PictureType.INTER);
    assertThat(video(66, 0x37, 1, 0, 0, 0, 9).picture()).isEqualTo(PictureType.DISPOSABLE);
    assertThat(video(99, 0x47, 1, 0, 0, 0, 9).picture()).isEqualTo(PictureType.GENERATED_KEY);
  }

  @Test
  void makesUpTheMetadataThatAnEncoderDoesNotSendBeforeItsFirstKeyframe() throws ProtocolException {
    frames.audio(0, Unpooled.wrappedBuffer(SOUND_CONFIG), 0);
    frames.video(0, bytes(0x17, 0, 0, 0, 0, 1, 66, 0, 30, 0xFF, 0xE0, 0), 0);
    assertThat(frames.missingMetadata(audio(0), "an encoder")).isNull();
    Frame keyframe = video(33, 0x17, 1, 0, 0, 0, 9);

    Frame made = Objects.requireNonNull(frames.missingMetadata(keyframe, "an encoder"));

    assertThat(made.track()).isEqualTo(Track.DATA);
    assertThat(made.kind()).isEqualTo(FrameKind.METADATA);
    Map<String, AmfValue> fields = fields(made);
    assertThat(fields)
        .containsEntry("videocodecid", AmfValue.of(7))
        .containsEntry("audiocodecid", AmfValue.of(10))
        .containsEntry("audiosamplerate", AmfValue.of(48_000))
        .containsEntry("audiochannels", AmfValue.of(2))
        .containsEntry("stereo", AmfValue.of(true))
        .containsEntry("encoder", AmfValue.of("an encoder"));
    assertThat(frames.missingMetadata(keyframe, "")).as("once").isNull();
    made.release();
  }

  @Test
  void metadataThatIsSentAgainIsNothingUnlessItSaysSomethingElse() {
    for (List<AmfValue> form : List.of(metadata(640), metadata(640).subList(1, 2))) {
      RtmpMessage.Data bare =
          form.size() == 2
              ? new RtmpMessage.Data(1, 0, "@setDataFrame", form)
              : new RtmpMessage.Data(1, 0, "onMetaData", form);
      Taken taken = frames.data(bare, 0);
      if (form.size() == 2) {
        frame(taken).release();
      } else {
        assertThat(taken).as("the same without @setDataFrame").isEqualTo(Taken.NOTHING);
      }
    }
    assertThat(frames.data(new RtmpMessage.Data(1, 9, "@setDataFrame", metadata(640)), 9))
        .isEqualTo(Taken.NOTHING);
    Frame changed =
        frame(frames.data(new RtmpMessage.Data(1, 9, "@setDataFrame", metadata(320)), 9));
    assertThat(changed.kind()).isEqualTo(FrameKind.METADATA);
    changed.release();
  }

  @Test
  void carriesMetadataThatChangesWithoutEndTenTimesASecondAndDropsTheRest() {
    int carried = 0;
    for (int ms = 0; ms < 20_000; ms++) {
      Taken taken = frames.data(new RtmpMessage.Data(1, ms, "@setDataFrame", metadata(ms)), ms);
      if (taken instanceof Taken.NotCarried(String code, _)) {
        assertThat(code).isEqualTo("metadata_changes");
      } else {
        carried++;
        frame(taken).release();
      }
    }
    assertThat(carried).isEqualTo(100 + 199);

    // What was dropped does not hold: it is a change when it is said again.
    frame(frames.data(new RtmpMessage.Data(1, 0, "@setDataFrame", metadata(19_999)), 30_000))
        .release();
  }

  @Test
  void refusesAPublisherWhoseCodecConfigChangesWithoutEnd() throws ProtocolException {
    for (int i = 0; i < 100; i++) {
      frame(frames.audio(0, bytes(0xAF, 0, 0x11, 0x90, i), 0)).release();
    }
    assertThat(frames.audio(0, bytes(0xAF, 0, 0x11, 0x90, 99), 0))
        .as("no change")
        .isEqualTo(Taken.NOTHING);
    assertThat(frames.video(0, bytes(0x17, 0, 0, 0, 0, 1, 66, 0, 30, 0xFF, 0xE0, 0), 0))
        .as("of all tracks together")
        .isInstanceOfSatisfying(
            Taken.Refused.class, refused -> assertThat(refused.code()).isEqualTo("config_changes"));
  }

  @Test
  void bearsAConfigThatChangesTenTimesASecondForever() throws ProtocolException {
    for (int i = 0; i < 10_000; i++) {
      frame(frames.audio(0, bytes(0xAF, 0, 0x11, 0x90, i & 0xFF), i * 100L)).release();
    }
  }

  private static List<AmfValue> metadata(int width) {
    return List.of(
        AmfValue.of("onMetaData"), new AmfValue.AmfEcmaArray(Map.of("width", AmfValue.of(width))));
  }

  @Test
  void emptyMessagesAndTheEndOfASequenceAreNeverCarried() throws ProtocolException {
    assertThat(frames.audio(5, bytes(), 5)).isEqualTo(Taken.NOTHING);
    assertThat(frames.audio(5, bytes(0xAF, 1), 5)).isEqualTo(Taken.NOTHING);
    assertThat(frames.video(5, bytes(), 5)).isEqualTo(Taken.NOTHING);
    assertThat(frames.video(5, bytes(0x17, 1, 0, 0, 0), 5)).isEqualTo(Taken.NOTHING);
    assertThat(frames.video(5, bytes(0x17, 2, 0, 0, 0), 5)).isEqualTo(Taken.NOTHING);
    assertThat(frames.video(5, bytes(0x92, 'h', 'v', 'c', '1'), 5)).isEqualTo(Taken.NOTHING);
  }

  @Test
  void compositionOffsetsAreCarriedHoweverFarTheyReachEitherWay() throws ProtocolException {
    assertThat(video(0, 0x17, 1, 0xFF, 0xFF, 0xDF, 9).compositionOffsetMs()).isEqualTo(-33);
    assertThat(video(33, 0x27, 1, 0x00, 0x30, 0x00, 9).compositionOffsetMs()).isEqualTo(12_288);
    assertThat(video(66, 0x27, 1, 0x80, 0x00, 0x00, 9).compositionOffsetMs()).isEqualTo(-(1 << 23));
  }

  @Test
  void adtsHeadersInsideATagAreCarriedBitForBit() throws ProtocolException {
    Frame frame = frame(frames.audio(0, bytes(0xAF, 1, 0xFF, 0xF1, 0x4C, 0x80, 1, 0x1F, 0xFC), 0));
    assertThat(ByteBufUtil.hexDump(frame.payload())).isEqualTo("fff14c80011ffc");
    frame.release();
  }

  @Test
  void theConfigDecidesTheRateWhateverTheTagsFirstByteSays() throws ProtocolException {
    frames.audio(0, bytes(0xAF, 0, 0x11, 0x90), 0);
    Frame made = Objects.requireNonNull(frames.missingMetadata(audio(1_000), ""));
    assertThat(fields(made)).containsEntry("audiosamplerate", AmfValue.of(48_000));
    made.release();
  }

  @Test
  void leavesTheEncodersOwnMetadataAlone() throws ProtocolException {
    frame(
            frames.data(
                new RtmpMessage.Data(
                    1,
                    0,
                    "@setDataFrame",
                    List.of(
                        AmfValue.of("onMetaData"),
                        new AmfValue.AmfEcmaArray(Map.of("width", AmfValue.of(640))))),
                0))
        .release();

    assertThat(frames.missingMetadata(video(0, 0x17, 1, 0, 0, 0, 9), "")).isNull();
  }

  @Test
  void findsTheEncodersOwnNameAmongItsMetadataAndNoControlCharactersInIt() {
    assertThat(
            Metadata.encoder(
                metadata(Map.of("encoder", AmfValue.of("obs-output module\u0000(29.0.2)")))))
        .isEqualTo("obs-output module (29.0.2)");
    assertThat(Metadata.encoder(metadata(Map.of("encoder", AmfValue.of(7))))).isNull();
    assertThat(Metadata.encoder(metadata(Map.of("encoder", AmfValue.of(" "))))).isNull();
    assertThat(Metadata.encoder(metadata(Map.of("width", AmfValue.of(640))))).isNull();
  }

  private static RtmpMessage.Data metadata(Map<String, AmfValue> fields) {
    return new RtmpMessage.Data(
        1,
        0,
        "@setDataFrame",
        List.of(AmfValue.of("onMetaData"), new AmfValue.AmfEcmaArray(fields)));
  }

  @Test
  void whereThereIsOnlySoundItComesAfterASecond() throws ProtocolException {
    frames.audio(0, Unpooled.wrappedBuffer(SOUND_CONFIG), 0);
    assertThat(frames.missingMetadata(audio(0), "")).isNull();
    assertThat(frames.missingMetadata(audio(999), "")).isNull();

    Frame made = Objects.requireNonNull(frames.missingMetadata(audio(1_000), ""));

    assertThat(fields(made)).containsKey("audiocodecid").doesNotContainKeys("width", "encoder");
    made.release();
  }

  private static Map<String, AmfValue> fields(Frame metadata) throws ProtocolException {
    AmfReader values = new AmfReader(metadata.payload());
    assertThat(values.next()).isEqualTo(AmfValue.of("@setDataFrame"));
    assertThat(values.next()).isEqualTo(AmfValue.of("onMetaData"));
    return ((AmfValue.AmfEcmaArray) values.next()).fields();
  }
}
