package manycast.media.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import manycast.media.broadcast.IngestFigures;
import manycast.media.broadcast.Standing;
import manycast.media.broadcast.TrackFigures;
import manycast.media.bytes.HexFile;
import manycast.media.bytes.ProtocolException;
import manycast.media.frame.Frame;
import manycast.media.frame.Track;
import manycast.media.frame.TrackKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnhancedFramesTest {
  private final RtmpFrames frames = new RtmpFrames();
  private final IngestFigures figures = new IngestFigures("rtmp", "203.0.113.7", "an encoder", 0);

  /** Track, kind of frame, codec, composition offset in 1/90000 s, picture, then the payload. */
  @ParameterizedTest
  @CsvSource({
    "HEVC key with offset, 91 68766331 000042 aabb,    VIDEO 0 MEDIA HEVC 5940 KEY aabb",
    "a negative offset,    a1 68766331 ffffff aabb,    VIDEO 0 MEDIA HEVC -90 INTER aabb",
    "none,                 93 68766331 aabb,           VIDEO 0 MEDIA HEVC 0 KEY aabb",
    "nanoseconds, 97 02 07a120 01 68766331 000001 aa,  VIDEO 0 MEDIA HEVC 135 KEY aa",
    "a generated key,      c3 68766331 aa,             VIDEO 0 MEDIA HEVC 0 GENERATED_KEY aa",
    "a disposable one,     b3 68766331 aa,             VIDEO 0 MEDIA HEVC 0 DISPOSABLE aa",
    "enhanced H.264,       91 61766331 000000 65,      VIDEO 0 MEDIA H264 0 KEY 65",
    "AV1,                  91 61763031 0a0b,           VIDEO 0 MEDIA AV1 0 KEY 0a0b",
    "VP9,                  a1 76703039 86,             VIDEO 0 MEDIA VP9 0 INTER 86",
    "legacy HEVC,          1c 01 000021 aa,            VIDEO 0 MEDIA HEVC 2970 KEY aa",
    "track 1 alone,        a6 01 61766331 01 000001 41, VIDEO 1 MEDIA H264 90 INTER 41",
    "colours,              84 68766331 0200,           VIDEO 0 TRACK_INFO HEVC 0 NONE tag 84687663310200",
    "an unknown FourCC,    91 78797a31 aa,             VIDEO 0 MEDIA OTHER_VIDEO 0 KEY tag 9178797a31aa",
    "one in a track, 96 01 78797a31 02 aa,             VIDEO 2 MEDIA OTHER_VIDEO 0 KEY tag 9178797a31aa",
    "an unknown config,    90 78797a31 aa,             VIDEO 0 CONFIG OTHER_VIDEO 0 NONE tag 9078797a31aa",
    "legacy codec 4,       24 aa,                      VIDEO 0 MEDIA OTHER_VIDEO 0 INTER tag 24aa",
    "an end,               a2 68766331,                nothing",
    "a command,            d1 00,                      nothing",
    "an empty picture,     93 68766331,                nothing",
    "a type of tomorrow,   9b 68766331 aa,             dropped packet_type",
  })
  void makesFramesOfPictures(String name, String hex, String expected) throws ProtocolException {
    assertThat(texts(frames.video(0, bytes(hex), 0))).as(name).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "Opus,          91 4f707573 fc01,        AUDIO 0 MEDIA OPUS 0 NONE fc01",
    "Opus unsaid,   90 4f707573,             AUDIO 0 CONFIG OPUS 0 NONE ''",
    "enhanced AAC,  91 6d703461 2100,        AUDIO 0 MEDIA AAC 0 NONE 2100",
    "FLAC,          91 664c6143 fff8,        AUDIO 0 MEDIA FLAC 0 NONE fff8",
    "AC-3,          91 61632d33 0b77,        AUDIO 0 MEDIA AC3 0 NONE 0b77",
    "MP3,           91 2e6d7033 fffb,        AUDIO 0 MEDIA MP3 0 NONE fffb",
    "legacy MP3,    2f fffb,                 AUDIO 0 MEDIA MP3 0 NONE tag 2ffffb",
    "Speex,         b2 aa,                   AUDIO 0 MEDIA OTHER_AUDIO 0 NONE tag b2aa",
    "channels,      94 4f707573 0102,        AUDIO 0 TRACK_INFO OPUS 0 NONE tag 944f7075730102",
    "track 3,       95 01 4f707573 03 fc,    AUDIO 3 MEDIA OPUS 0 NONE fc",
    "an end,        92 4f707573,             nothing",
  })
  void makesFramesOfSound(String name, String hex, String expected) throws ProtocolException {
    assertThat(texts(frames.audio(0, bytes(hex), 0)))
        .as(name)
        .containsExactly(expected.replace("''", ""));
  }

  @Test
  void anEncoderThatComesBackRepeatsTheConfigOfNoTrack() throws ProtocolException {
    Track second = new Track(TrackKind.AUDIO, 1);
    RtmpFrames back =
        new RtmpFrames(
            new Standing(
                new long[Track.NUMBERS * TrackKind.COUNT],
                0,
                Map.of(second, ByteBufUtil.decodeHexDump("1190"))));
    String same = "95 00 6d703461 01 1190";
    assertThat(texts(back.audio(0, bytes(same), 0))).containsExactly("nothing");
    String other = "95 00 6d703461 01 1210";
    assertThat(texts(back.audio(0, bytes(other), 0)))
        .containsExactly("AUDIO 1 CONFIG AAC 0 NONE 1210");
  }

  @Test
  void takesEveryTrackOutOfOneMessage() throws ProtocolException {
    String hex = "96 21 68766331 00 000004 000001aa 61763031 01 000002 0a0b 78797a31 07 000001 cc";
    assertThat(texts(frames.video(40, bytes(hex), 40)))
        .containsExactly(
            "VIDEO 0 MEDIA HEVC 90 KEY aa",
            "VIDEO 1 MEDIA AV1 0 KEY 0a0b",
            "VIDEO 7 MEDIA OTHER_VIDEO 0 KEY tag 9178797a31cc");
  }

  @Test
  void dropsColoursThatChangeWithoutEndAndRefusesSuchConfigs() throws ProtocolException {
    for (int i = 0; i < 100; i++) {
      String number = "%04x".formatted(i);
      assertThat(texts(frames.video(0, bytes("84 68766331" + number), 0)))
          .containsExactly("VIDEO 0 TRACK_INFO HEVC 0 NONE tag 8468766331" + number);
    }
    for (int i = 0; i < 100; i++) {
      String number = "%04x".formatted(i);
      assertThat(texts(frames.video(0, bytes("90 78797a31" + number), 0)))
          .containsExactly("VIDEO 0 CONFIG OTHER_VIDEO 0 NONE tag 9078797a31" + number);
    }
    assertThat(texts(frames.video(0, bytes("84 68766331 0200"), 0)))
        .containsExactly("dropped metadata_changes");
    assertThat(texts(frames.video(0, bytes("90 78797a31 0200"), 0)))
        .containsExactly("refused config_changes");
    assertThat(texts(frames.video(1_000, bytes("84 68766331 0200"), 1_000)))
        .containsExactly("VIDEO 0 TRACK_INFO HEVC 0 NONE tag 84687663310200");
  }

  @Test
  void aBrokenTrackInAMessageDoesNotHarmTheOthers() throws ProtocolException {
    String hex = "96 11 68766331 00 000002 0000 01 000004 000000bb";
    assertThat(texts(frames.video(0, bytes(hex), 0)))
        .containsExactly("dropped malformed_track", "VIDEO 1 MEDIA HEVC 0 KEY bb");
  }

  @Test
  void carriesSixteenTracksOfAKindAndNoMore() throws ProtocolException {
    for (int track = 0; track < 20; track++) {
      String hex = "96 03 68766331 %02x aa".formatted(track * 5);
      assertThat(texts(frames.video(0, bytes(hex), 0)))
          .containsExactly(
              track < 16 ? "VIDEO " + track * 5 + " MEDIA HEVC 0 KEY aa" : "dropped tracks");
    }
  }

  @Test
  void aRepeatedConfigIsNothingAndAnotherOneIsOfItsTrackAlone() throws ProtocolException {
    String hevc =
        "90 68766331 " + ByteBufUtil.hexDump(HexFile.read("codec/hevc/x265-main-720p-29.97.hex"));
    assertThat(texts(frames.video(0, bytes(hevc), 0))).hasSize(1);
    assertThat(texts(frames.video(0, bytes(hevc), 0))).containsExactly("nothing");
    String av1 = "96 00 61763031 01 81050c000a0b0000002d4cffb3c02f8004";
    assertThat(texts(frames.video(0, bytes(av1), 0))).hasSize(1);
    assertThat(texts(frames.video(0, bytes(hevc), 0))).containsExactly("nothing");
    assertThat(texts(frames.video(0, bytes("84 68766331 0200"), 0))).hasSize(1);
    assertThat(texts(frames.video(0, bytes("84 68766331 0200"), 0))).containsExactly("nothing");

    TrackFigures first = figures.track(Track.VIDEO);
    assertThat(first.codecName()).isEqualTo("HEVC");
    assertThat(first.profile()).isEqualTo("Main");
    assertThat(first.width()).isEqualTo(1280);
    assertThat(first.frameRate()).isBetween(29.96, 29.98);
    TrackFigures second = figures.track(new Track(TrackKind.VIDEO, 1));
    assertThat(second.codecName()).isEqualTo("AV1");
    assertThat(second.height()).isEqualTo(720);
  }

  @Test
  void codecsWithoutAConfigDescribeThemselvesByTheirFirstFrame() throws ProtocolException {
    texts(frames.audio(0, bytes("91 61632d33 0b77d676144043e1"), 0));
    assertThat(figures.track(Track.AUDIO).codecName()).isEqualTo("AC-3");
    assertThat(figures.track(Track.AUDIO).sampleRate()).isEqualTo(48_000);
    texts(frames.audio(0, bytes("2f fffb90640000026b"), 0));
    assertThat(figures.track(Track.AUDIO).codecName()).isEqualTo("MP3");
    assertThat(figures.track(Track.AUDIO).sampleRate()).isEqualTo(44_100);
    texts(frames.video(0, bytes("90 76703039 0015820202020000"), 0));
    texts(frames.video(0, bytes("91 76703039 82 498342 40 27f0 1670 00"), 0));
    assertThat(figures.track(Track.VIDEO).width()).isEqualTo(640);
  }

  @Test
  void tracksOfOneInstantKeepOneTime() throws ProtocolException {
    frames.video(9_000, bytes("93 68766331 aa"), 0);
    Taken.FrameTaken other = (Taken.FrameTaken) secondFrame(frames, "a6 03 68766331 01 bb", 9_000);
    assertThat(other.frame().dtsMs()).isEqualTo(9_000);
    other.frame().release();
  }

  @Test
  void anythingInAMessageEndsInFramesOrARefusalAndReleasesTheRest() {
    String[] seeds = {
      "96 21 68766331 00 000004 000001aa 61763031 01 000002 0a0b 78797a31 07 000001 cc",
      "97 02 07a120 01 68766331 000001 aa",
      "90 68766331 0101",
      "1c 01 000021 aa",
    };
    for (long seed = 0; seed < 30_000; seed++) {
      Random random = new Random(seed);
      byte[] altered = HexFile.parse(seeds[random.nextInt(seeds.length)]);
      for (int i = random.nextInt(4); i >= 0; i--) {
        altered[random.nextInt(altered.length)] = (byte) random.nextInt();
      }
      ByteBuf body = Unpooled.wrappedBuffer(altered, 0, 1 + random.nextInt(altered.length));
      RtmpFrames fresh = new RtmpFrames();
      try {
        texts(random.nextBoolean() ? fresh.video(0, body, 0) : fresh.audio(0, body, 0));
      } catch (ProtocolException refused) {
        assertThat(refused.getMessage()).as("seed %d", seed).isNotBlank();
      }
      assertThat(body.refCnt()).as("seed %d", seed).isZero();
    }
  }

  @Test
  void aPictureWithoutRoomForItsOffsetIsRefused() {
    assertThatThrownBy(() -> frames.video(0, bytes("91 68766331 0000"), 0))
        .hasMessageContaining("coded frames of 2 bytes");
  }

  private static Taken secondFrame(RtmpFrames frames, String hex, long ms)
      throws ProtocolException {
    frames.video(ms, bytes(hex), ms);
    return frames.video(ms, bytes(hex), ms);
  }

  private static ByteBuf bytes(String hex) {
    return Unpooled.wrappedBuffer(HexFile.parse(hex));
  }

  /** What was taken, in words; the frames are released and descriptions noted. */
  private List<String> texts(Taken taken) {
    List<String> words = new ArrayList<>();
    switch (taken) {
      case Taken.FrameTaken(Frame frame) -> words.add(text(frame));
      case Taken.ConfigTaken(Frame frame, TrackDescriptions.Description description) -> {
        description.describe(figures);
        words.add(text(frame));
      }
      case Taken.Several(List<Taken> each) -> each.forEach(one -> words.addAll(texts(one)));
      case Taken.Nothing _ -> words.add("nothing");
      case Taken.NotCarried(String code, String _) -> words.add("dropped " + code);
      case Taken.Refused(String code, String _) -> words.add("refused " + code);
    }
    return words;
  }

  private static String text(Frame frame) {
    String words =
        "%s %d %s %s %d %s %s%s"
            .formatted(
                frame.track().kind(),
                frame.track().number(),
                frame.kind(),
                frame.codec(),
                frame.compositionOffset90k(),
                frame.picture(),
                frame.wholeTag() ? "tag " : "",
                ByteBufUtil.hexDump(frame.payload()));
    frame.release();
    return words;
  }
}
