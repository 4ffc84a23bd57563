package manycast.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import manycast.media.bytes.HexFile;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import manycast.media.frame.TrackKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnhancedWireTest {
  private static final int FULL_HEADER_BYTES = 12;

  private final RtmpWireFormat format = new RtmpWireFormat(ByteBufAllocator.DEFAULT);

  @ParameterizedTest
  @CsvSource({
    "H264, CONFIG, NONE, 0, 17 00 000000 aabb",
    "H264, MEDIA, KEY, 33, 17 01 000021 aabb",
    "H264, MEDIA, INTER, -1, 27 01 ffffff aabb",
    "H264, MEDIA, DISPOSABLE, 0, 37 01 000000 aabb",
    "H264, MEDIA, GENERATED_KEY, 0, 47 01 000000 aabb",
    "HEVC, CONFIG, NONE, 0, 90 68766331 aabb",
    "HEVC, MEDIA, KEY, 33, 91 68766331 000021 aabb",
    "HEVC, MEDIA, KEY, 0, 93 68766331 aabb",
    "HEVC, MEDIA, INTER, -1, a1 68766331 ffffff aabb",
    "HEVC, MEDIA, DISPOSABLE, 0, b3 68766331 aabb",
    "HEVC, MEDIA, GENERATED_KEY, 0, c3 68766331 aabb",
    "AV1, MEDIA, KEY, 0, 91 61763031 aabb",
    "VP9, MEDIA, INTER, 0, a1 76703039 aabb",
  })
  void writesPicturesInTheirTags(
      Codec codec, FrameKind kind, PictureType picture, int offsetMs, String expected) {
    assertThat(wire(frame(Track.VIDEO, kind, codec, offsetMs, picture, false)))
        .isEqualTo(expected.replace(" ", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "AAC, CONFIG, af 00 aabb",
    "AAC, MEDIA, af 01 aabb",
    "OPUS, CONFIG, 90 4f707573 aabb",
    "OPUS, MEDIA, 91 4f707573 aabb",
    "FLAC, MEDIA, 91 664c6143 aabb",
    "AC3, MEDIA, 91 61632d33 aabb",
    "MP3, MEDIA, 91 2e6d7033 aabb",
  })
  void writesSoundInItsTags(Codec codec, FrameKind kind, String expected) {
    assertThat(wire(frame(Track.AUDIO, kind, codec, 0, PictureType.NONE, false)))
        .isEqualTo(expected.replace(" ", ""));
  }

  @Test
  void leavesAWholeTagAsItCame() {
    assertThat(
            wire(frame(Track.VIDEO, FrameKind.MEDIA, Codec.OTHER_VIDEO, 0, PictureType.KEY, true)))
        .isEqualTo("aabb");
  }

  @Test
  void sendsDefaultTracksAndNothingBesideALegacyConfig() {
    assertThat(carries(Track.VIDEO, FrameKind.MEDIA, Codec.HEVC)).isTrue();
    assertThat(carries(new Track(TrackKind.VIDEO, 1), FrameKind.MEDIA, Codec.HEVC)).isFalse();
    assertThat(carries(Track.VIDEO, FrameKind.TRACK_INFO, Codec.HEVC)).isTrue();
    assertThat(carries(Track.VIDEO, FrameKind.TRACK_INFO, Codec.H264)).isFalse();
    assertThat(carries(Track.AUDIO, FrameKind.TRACK_INFO, Codec.AAC)).isFalse();
  }

  @Test
  void aPlatformIsSentOnlyWhatItTakes() {
    assertThat(PlatformCodecs.of("custom").refusal(Codec.OTHER_VIDEO, Codec.OPUS)).isNull();
    assertThat(PlatformCodecs.of("youtube").refusal(Codec.AV1, Codec.AAC)).isNull();
    assertThat(PlatformCodecs.of("youtube").refusal(Codec.AV1, Codec.OPUS))
        .isEqualTo("the encoder sends Opus; this platform takes AAC, AV1, H.264, HEVC");
    assertThat(PlatformCodecs.of("kick").refusal(Codec.HEVC, null))
        .isEqualTo("the encoder sends HEVC; this platform takes AAC, H.264");
    assertThat(PlatformCodecs.of("of tomorrow").take(Codec.H264)).isTrue();
    assertThat(PlatformCodecs.of("twitch").refusal(null, null)).as("nothing known yet").isNull();
    assertThat(PlatformCodecs.of("twitch").take(Codec.AMF0)).as("metadata").isTrue();
  }

  private static boolean carries(Track track, FrameKind kind, Codec codec) {
    return RtmpWireFormat.carries(
        frame(track, kind, codec, 0, PictureType.NONE, true), TrackChoice.DEFAULT);
  }

  private String wire(Frame frame) {
    ByteBuf chunks = format.full(frame, 0, 1);
    String hex =
        ByteBufUtil.hexDump(chunks, FULL_HEADER_BYTES, chunks.readableBytes() - FULL_HEADER_BYTES);
    chunks.release();
    return hex;
  }

  private static Frame frame(
      Track track, FrameKind kind, Codec codec, int offsetMs, PictureType picture, boolean whole) {
    return new Frame(
        track,
        kind,
        codec,
        0,
        offsetMs * 90,
        picture,
        whole,
        Unpooled.wrappedBuffer(HexFile.parse("aabb")));
  }
}
