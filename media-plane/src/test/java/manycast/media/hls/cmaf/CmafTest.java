package manycast.media.hls.cmaf;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import manycast.media.frame.Codec;
import manycast.media.hls.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CmafTest {
  /** 1280 × 720, High, level 3.1: of x264. */
  private static final String AVC =
      "0164001fffe1001a6764001facd9405005bb0110000003001000000303c0f183196001000468ef8fcbfdf8f800";

  private static final String AAC = "1190";
  private static final String OPUS = "4f707573486561640102380180bb0000000000";
  private static final ByteBuf KEYFRAME = bytes("0000000165");

  @Test
  void picturesAndSoundBeginWithThis() throws Exception {
    TrackFormat video = TrackFormat.Video.of(Codec.H264, bytes(AVC), KEYFRAME);
    TrackFormat audio = TrackFormat.Audio.of(Codec.AAC, bytes(AAC));
    Golden.check(
        "init-h264-aac", text(Unpooled.wrappedBuffer(InitSegment.of(List.of(video, audio)))));
  }

  @Test
  void soundAloneBeginsWithThis() throws Exception {
    TrackFormat audio = TrackFormat.Audio.of(Codec.OPUS, bytes(OPUS));
    Golden.check("init-opus", text(Unpooled.wrappedBuffer(InitSegment.of(List.of(audio)))));
  }

  @ParameterizedTest
  @CsvSource({
    "HEVC, hvc1, hvcC, 01016000000090000000000078f000fcfdf8f800000f00",
    "AV1, av01, av1C, 81040c00",
    "VP9, vp09, vpcC, 00288002020200 00"
  })
  void aCodecIsNamedByItsSampleEntry(Codec codec, String entry, String box, String config) {
    TrackFormat.Video video =
        new TrackFormat.Video(
            codec, ByteBufUtil.decodeHexDump(config.replace(" ", "")), 1920, 1080);
    ByteBuf written = Unpooled.buffer();
    video.writeSampleEntry(new BoxWriter(written));

    Boxes.Box read = Boxes.read(written).getFirst();
    assertThat(read.type()).isEqualTo(entry);
    assertThat(read.content().getShort(24)).isEqualTo((short) 1920);
    assertThat(read.content().getShort(26)).isEqualTo((short) 1080);
    Boxes.Box inside =
        Boxes.read(read.content().slice(78, read.content().readableBytes() - 78)).getFirst();
    assertThat(inside.type()).isEqualTo(box);
    assertThat(ByteBufUtil.hexDump(inside.content())).endsWith(config.replace(" ", ""));
  }

  @Test
  void aPartIsThis() throws Exception {
    TrackFormat video = TrackFormat.Video.of(Codec.H264, bytes(AVC), KEYFRAME);
    TrackFormat audio = TrackFormat.Audio.of(Codec.AAC, bytes(AAC));
    List<TrackRun> runs =
        List.of(
            new TrackRun(
                video,
                900_000,
                List.of(
                    new Sample(bytes("000000026588"), 3000, 6000, true),
                    new Sample(bytes("0000000141"), 3000, -3000, false))),
            new TrackRun(audio, 480_000, List.of(new Sample(bytes("2110"), 1024, 0, true))));
    ByteBuf head = Fragment.head(UnpooledByteBufAllocator.DEFAULT, 7, runs);
    ByteBuf whole =
        Unpooled.wrappedBuffer(head, bytes("000000026588"), bytes("0000000141"), bytes("2110"));

    Golden.check("fragment", text(whole));
    int data = head.readableBytes();
    Boxes.Box moof = Boxes.read(whole).getFirst();
    assertThat(moof.all("traf").get(0).child("trun").content().getInt(8)).isEqualTo(data);
    assertThat(moof.all("traf").get(1).child("trun").content().getInt(8)).isEqualTo(data + 11);
    whole.release();
  }

  @Test
  void equalFormatsHaveEqualBeginnings() throws Exception {
    assertThat(InitSegment.of(List.of(TrackFormat.Audio.of(Codec.AAC, bytes(AAC)))))
        .isEqualTo(InitSegment.of(List.of(TrackFormat.Audio.of(Codec.AAC, bytes(AAC)))));
  }

  @Test
  void opusMayHaveNoHeader() throws Exception {
    TrackFormat.Audio audio = TrackFormat.Audio.of(Codec.OPUS, null);
    assertThat(audio.channels()).isEqualTo(2);
    assertThat(InitSegment.of(List.of(audio))).isNotEmpty();
  }

  private static String text(ByteBuf bytes) {
    return Boxes.text(Boxes.read(bytes));
  }

  private static ByteBuf bytes(String hex) {
    return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
  }
}
