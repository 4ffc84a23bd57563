package manycast.media.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import manycast.media.broadcast.MediaMemory;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The checkers are strict: of a whole recorded preview they accept everything, and of the same with
 * one fault in it, each kind of fault once, they do not; and they say which rule it breaks.
 */
class PlantedFaultsTest {
  private static final String AVC =
      "0164001fffe1001a6764001facd9405005bb0110000003001000000303c0f183196001000468ef8fcbfdf8f800";
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final Targets TARGETS = new Targets(2, 500);
  private static final int PICTURES = 1_200;

  /** What is done to the text of every version of the playlist, and what is found then. */
  private enum TextFault {
    NONE("", text -> text),
    TARGET_DURATION_TOO_SHORT(
        "within TARGETDURATION", text -> text.replace("TARGETDURATION:2", "TARGETDURATION:1")),
    TARGET_DURATION_THAT_CHANGES(
        "TARGETDURATION: never changes",
        text ->
            text.contains("MEDIA-SEQUENCE:1\n")
                ? text
                : text.replace("TARGETDURATION:2", "TARGETDURATION:3")),
    PARTS_LONGER_THAN_PROMISED(
        "within PART-TARGET", text -> text.replace("PART-TARGET=0.50000", "PART-TARGET=0.40000")),
    A_SHORT_PART_AMONG_OTHERS(
        "at least 85 %",
        text -> text.replace("DURATION=0.48000,URI=\"1-4.1.", "DURATION=0.24000,URI=\"1-4.1.")),
    NO_BLOCKING(
        "it can block", text -> text.replace("CAN-BLOCK-RELOAD=YES", "CAN-BLOCK-RELOAD=NO")),
    NO_MAP("a MAP before segment", text -> text.replaceAll("#EXT-X-MAP.*\n", "")),
    A_DISCONTINUITY_NOT_TOLD(
        "the clock goes on", text -> text.replace("#EXT-X-DISCONTINUITY\n", "")),
    DISCONTINUITIES_NOT_COUNTED(
        "discontinuities stay",
        text -> text.replaceAll("DISCONTINUITY-SEQUENCE:\\d+", "DISCONTINUITY-SEQUENCE:0")),
    SEGMENTS_NOT_COUNTED(
        "the same time", text -> text.replaceAll("MEDIA-SEQUENCE:\\d+", "MEDIA-SEQUENCE:1")),
    A_SEGMENT_LEFT_OUT(
        "the clock goes on",
        text ->
            text.replaceAll(
                "#EXT-X-PROGRAM-DATE-TIME:.*\n(#EXT-X-PART:.*\"1-5\\..*\n)+"
                    + "(#EXTINF:[0-9.]+,\n1-5\\.m4s\\?token=T\n)?",
                "")),
    A_TIME_THAT_CHANGES(
        "the same time",
        text -> text.contains("MEDIA-SEQUENCE:1\n") ? text : text.replace("12:00:08", "12:00:09")),
    A_LENGTH_THAT_CHANGES(
        "the parts make up",
        text ->
            text.contains("1-7.m4s")
                ? text.replaceAll("#EXTINF:[0-9.]+,\n1-6\\.m4s", "#EXTINF:1.11000,\n1-6.m4s")
                : text),
    A_WINDOW_TOO_SHORT("three target durations stay", PlantedFaultsTest::lastSegmentOnly),
    NO_HINT("one hint unless it has ended", text -> text.replaceAll("#EXT-X-PRELOAD-HINT.*\n", "")),
    AN_END_THAT_IS_TAKEN_BACK(
        "an end is for ever",
        text ->
            text.contains("1-5.m4s") && text.contains("HINT:TYPE=PART,URI=\"1-6.0.m4s")
                ? text.replaceAll("#EXT-X-PRELOAD-HINT.*\n", "") + "#EXT-X-ENDLIST\n"
                : text),
    NO_TOKEN("a URI with a token", text -> text.replace("m4s?token=T", "m4s"));

    @SuppressWarnings("ImmutableEnumChecker") // keeps no state
    private final UnaryOperator<String> fault;

    private final String found;

    TextFault(String found, UnaryOperator<String> fault) {
      this.found = found;
      this.fault = fault;
    }
  }

  /** The same of the bytes of the third segment. */
  private enum MediaFault {
    NONE("", bytes -> bytes),
    TRUNCATED("are left", bytes -> bytes.slice(0, bytes.readableBytes() - 1)),
    WITHOUT_ITS_FIRST_PART("goes on at", PlantedFaultsTest::withoutFirstPart),
    TWICE(
        "fragments are counted",
        bytes -> Unpooled.wrappedBuffer(bytes.duplicate(), bytes.duplicate())),
    NOT_THERE("lasts what its playlist says", bytes -> bytes.slice(0, 0));

    @SuppressWarnings("ImmutableEnumChecker") // keeps no state
    private final UnaryOperator<ByteBuf> fault;

    private final String found;

    MediaFault(String found, UnaryOperator<ByteBuf> fault) {
      this.found = found;
      this.fault = fault;
    }
  }

  /** What goes wrong between the cutter and the window, and what is found in either then. */
  private enum CutterFault {
    NONE("", ""),
    DROPS_DISCONTINUITIES("the clock goes on", "fragments are counted"),
    DROPS_A_PART("the clock goes on", "goes on at"),
    CALLS_EVERY_PART_LONGER("the clock goes on", "lasts what its playlist says");

    private final String inPlaylist;
    private final String inMedia;

    CutterFault(String inPlaylist, String inMedia) {
      this.inPlaylist = inPlaylist;
      this.inMedia = inMedia;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFaultInAPlaylistIsFound(TextFault fault) {
    Recording recording = new Recording(CutterFault.NONE);
    recording.run();
    PlaylistChecker checker = new PlaylistChecker();
    expect(
        fault != TextFault.NONE,
        fault.found,
        () -> {
          for (String text : recording.texts) {
            checker.check(fault.fault.apply(text));
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void aFaultInASegmentIsFound(MediaFault fault) {
    Recording recording = new Recording(CutterFault.NONE);
    recording.run();
    expect(fault != MediaFault.NONE, fault.found, () -> recording.checkMedia(fault.fault));
  }

  @ParameterizedTest
  @EnumSource
  void aFaultOfTheCutterIsFound(CutterFault fault) {
    Recording recording = new Recording(fault);
    recording.run();
    PlaylistChecker checker = new PlaylistChecker();
    boolean planted = fault != CutterFault.NONE;
    expect(planted, fault.inPlaylist, () -> recording.texts.forEach(checker::check));
    expect(planted, fault.inMedia, () -> recording.checkMedia(bytes -> bytes));
  }

  private static void expect(boolean fault, String found, Runnable check) {
    if (fault) {
      assertThat(found).isNotEmpty();
      assertThatThrownBy(check::run).isInstanceOf(AssertionError.class).hasMessageContaining(found);
    } else {
      check.run();
    }
  }

  private static String lastSegmentOnly(String text) {
    int last = text.lastIndexOf("#EXTINF");
    int before = text.lastIndexOf("#EXTINF", last - 1);
    if (text.contains("MEDIA-SEQUENCE:1\n") || before < 0) {
      return text;
    }
    long first = Long.parseLong(text.replaceAll("(?s).*MEDIA-SEQUENCE:(\\d+).*", "$1"));
    long segments = text.lines().filter(line -> line.startsWith("#EXTINF")).count();
    String map = text.substring(text.lastIndexOf("#EXT-X-MAP"));
    String head = text.substring(0, text.indexOf("#EXT-X-MAP"));
    String tail = text.substring(text.indexOf('\n', text.indexOf('\n', before) + 1) + 1);
    return head.replace("MEDIA-SEQUENCE:" + first, "MEDIA-SEQUENCE:" + (first + segments - 1))
        + map.substring(0, map.indexOf('\n') + 1)
        + tail;
  }

  private static ByteBuf withoutFirstPart(ByteBuf bytes) {
    int moof = bytes.getInt(0);
    int mdat = bytes.getInt(moof);
    return bytes.slice(moof + mdat, bytes.readableBytes() - moof - mdat);
  }

  /** 48 seconds of an encoder that comes back once and then has another codec config. */
  private static final class Recording implements Segmenter.Output {
    private final List<String> texts = new ArrayList<>();
    private final Map<Long, Segment> segments = new HashMap<>();
    private final Map<Long, byte[]> bytes = new HashMap<>();
    private final Map<Integer, byte[]> inits = new HashMap<>();
    private final MediaMemory memory = new MediaMemory(1 << 30);
    private final Window window =
        new Window(1, new PreviewShare(memory), this::changed, this::completed);
    private final Runs runs =
        new Runs(
            false,
            () -> true,
            _ -> TARGETS,
            START::plusMillis,
            5 << 20,
            this,
            UnpooledByteBufAllocator.DEFAULT);
    private final CutterFault fault;
    private int parts;

    Recording(CutterFault fault) {
      this.fault = fault;
    }

    void run() {
      feed(FrameKind.CONFIG, 0, false, AVC);
      for (int i = 0; i < PICTURES; i++) {
        if (i == PICTURES / 3) {
          runs.interrupt();
        } else if (i == PICTURES / 2) {
          feed(FrameKind.CONFIG, 0, false, AVC.replace("0164001fffe1", "01640020ffe1"));
        }
        feed(FrameKind.MEDIA, i * 40L + (i < PICTURES / 3 ? 0 : 3000), i % 50 == 0, "00".repeat(9));
      }
      runs.interrupt();
      texts.add(window.playlist(TARGETS, true).text("T", false));
      runs.release();
      window.clear();
      assertThat(memory.held()).isZero();
    }

    private void feed(FrameKind kind, long ms, boolean key, String hex) {
      Frame frame =
          new Frame(
              Track.VIDEO,
              kind,
              Codec.H264,
              ms * 90,
              0,
              key ? PictureType.KEY : PictureType.INTER,
              Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
      runs.frame(frame, ms);
      frame.release();
    }

    private void changed() {
      window.trim(TARGETS, false);
      if (window.hasSegment()) {
        texts.add(window.playlist(TARGETS, false).text("T", false));
      }
    }

    private void completed(Segment segment) {
      ByteBuf whole = Window.bytesOf(segment.parts());
      segments.put(segment.number(), segment);
      bytes.put(segment.number(), ByteBufUtil.getBytes(whole));
      inits.put(segment.init(), window.init(segment.init()));
      whole.release();
    }

    /** As a player would: a beginning where there is a discontinuity, and each segment once. */
    void checkMedia(UnaryOperator<ByteBuf> third) {
      MediaChecker checker = new MediaChecker();
      for (long number = 1; number <= bytes.size(); number++) {
        Segment segment = Objects.requireNonNull(segments.get(number));
        if (number == 1 || segment.discontinuity()) {
          checker.begin(Unpooled.wrappedBuffer(Objects.requireNonNull(inits.get(segment.init()))));
        }
        ByteBuf whole = Unpooled.wrappedBuffer(Objects.requireNonNull(bytes.get(number)));
        MediaChecker.Content content = checker.check(number == 3 ? third.apply(whole) : whole);
        if (Math.abs(content.seconds() - segment.micros() / 1e6) > 0.001) {
          throw new AssertionError("segment " + number + " lasts what its playlist says");
        }
      }
    }

    @Override
    public void segment(byte[] init, boolean discontinuity, Instant at) {
      window.segment(init, discontinuity && fault != CutterFault.DROPS_DISCONTINUITIES, at);
    }

    @Override
    public void part(List<ByteBuf> pieces, Segmenter.Cut cut) {
      if (fault == CutterFault.DROPS_A_PART && ++parts == 10) {
        pieces.forEach(ByteBuf::release);
        return;
      }
      boolean longer = fault == CutterFault.CALLS_EVERY_PART_LONGER;
      window.part(
          pieces,
          new Segmenter.Cut(
              cut.micros() + (longer ? 10_000 : 0), cut.independent(), cut.listed(), cut.last()));
    }

    @Override
    public void segmentEnded() {
      window.segmentEnded();
    }
  }
}
