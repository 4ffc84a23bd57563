package manycast.media.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import manycast.media.broadcast.MediaMemory;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import manycast.media.hls.PlaylistChecker.Entry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of made-up encoders, cut, and read by strict checkers at every step. */
class RunsTest {
  private static final String AVC =
      "0164001fffe1001a6764001facd9405005bb0110000003001000000303c0f183196001000468ef8fcbfdf8f800";
  private static final String OTHER_AVC = AVC.replace("0164001fffe1", "01640020ffe1");
  private static final String AAC = "1190";
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final MediaMemory memory = new MediaMemory(1 << 30);
  private final List<Frame> sent = new ArrayList<>();
  private final PlaylistChecker playlists = new PlaylistChecker();
  private final MediaChecker media = new MediaChecker();
  private final List<Segment> cut = new ArrayList<>();
  private final Window window = new Window(1, new PreviewShare(memory), this::changed, cut::add);
  private final Promise promise = new Promise(false);
  private Targets targets = new Targets(2, 500);
  private boolean pictures = true;
  private boolean checksPlaylists = true;
  private boolean choosesTargets;
  private long groupMs;
  private double frameRate;
  private Room room = Room.WATCHED;
  private Runs runs = runs();
  private String lastText = "";
  private long checkedTo;
  private int checkedInit = -1;
  private final List<Integer> pictureBytes = new ArrayList<>();

  private Runs runs() {
    return new Runs(
        false,
        () -> pictures,
        this::targets,
        START::plusMillis,
        room.segmentBytes(),
        window,
        UnpooledByteBufAllocator.DEFAULT);
  }

  private Targets targets(List<Frame> first) {
    if (choosesTargets) {
      Targets.Encoder known = new Targets.Encoder(groupMs, frameRate);
      targets = promise.forRun(Targets.of(first, known, room), 0);
    }
    return targets;
  }

  private void changed() {
    window.trim(targets, false);
    if (window.hasSegment() && checksPlaylists) {
      read(false);
    }
  }

  private void read(boolean ended) {
    MediaPlaylist playlist = window.playlist(targets, ended);
    promise.given(0);
    String text = playlist.text("T", false);
    List<Entry> entries = playlists.check(text);
    assertThat(
            PlaylistChecker.merge(lastText.isEmpty() ? text : lastText, playlist.text("T", true)))
        .as("what a delta stands for")
        .isEqualTo(text);
    lastText = text;
    for (Entry entry : entries) {
      if (!entry.uri().isEmpty() && entry.number() >= checkedTo) {
        checkedTo = entry.number() + 1;
        check(entry);
      }
    }
  }

  private void check(Entry entry) {
    int init = Integer.parseInt(entry.map().replaceAll(".*-i(\\d+)\\.mp4.*", "$1"));
    if (init != checkedInit || entry.discontinuity()) {
      ByteBuf beginning = file(entry.map());
      media.begin(beginning);
      beginning.release();
      checkedInit = init;
    }
    ByteBuf whole = file(entry.uri());
    MediaChecker.Content content = media.check(whole);
    assertThat(content.seconds()).as("%s", entry).isCloseTo(entry.seconds(), offset(0.0005));
    if (!entry.parts().isEmpty()) {
      assertThat(entry.parts().getFirst().independent()).isEqualTo(content.beginsWithSync());
      ByteBuf parts = Unpooled.buffer();
      for (PlaylistChecker.PartEntry part : entry.parts()) {
        ByteBuf slice = file(part.uri());
        parts.writeBytes(slice);
        slice.release();
      }
      assertThat(ByteBufUtil.equals(parts, whole)).as("parts are the segment").isTrue();
    }
    if (media.hasPictures()) {
      pictureBytes.addAll(content.sizes());
    }
    whole.release();
  }

  private ByteBuf file(String uri) {
    MediaName name = Objects.requireNonNull(MediaName.parse(uri.substring(0, uri.indexOf('?'))));
    return Objects.requireNonNull(window.file(name), uri);
  }

  @AfterEach
  void everythingComesBack() {
    runs.release();
    window.clear();
    for (Frame frame : sent) {
      assertThat(frame.payload().refCnt()).isEqualTo(1);
      frame.release();
    }
    assertThat(memory.held()).isZero();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whateverComesIsCutByTheRules(long seed) {
    Random random = new Random(seed);
    double[] rates = {3, 10, 23.976, 25, 29.97, 30, 50, 60};
    double rate = rates[random.nextInt(rates.length)];
    targets = new Targets(2 + random.nextInt(3), 500);
    int group = 1 + random.nextInt((int) (rate * 5));
    choosesTargets = random.nextBoolean();
    groupMs = Math.round(group * 1000 / rate);
    config(Track.VIDEO, Codec.H264, AVC);
    boolean sound = random.nextInt(4) > 0;
    if (sound) {
      config(Track.AUDIO, Codec.AAC, AAC);
    }
    double timeMs = random.nextInt(3000);
    double soundMs = timeMs;
    String avc = AVC;
    int sinceKey = 0;
    for (int i = 0; i < rate * 60; i++) {
      boolean key = sinceKey++ % group == 0;
      if (key) {
        sinceKey = 1;
      }
      switch (random.nextInt(2000)) {
        case 0 -> {
          runs.interrupt();
          timeMs += random.nextInt(8000);
          soundMs = timeMs;
          key = true;
          sinceKey = 1;
        }
        case 1 -> {
          avc = avc.equals(AVC) ? OTHER_AVC : AVC;
          config(Track.VIDEO, Codec.H264, avc);
          key = true;
          sinceKey = 1;
        }
        case 2 -> timeMs += random.nextInt(300); // a stutter
        case 3 -> soundMs += random.nextInt(4000); // silence
        case 4 -> config(Track.VIDEO, Codec.H264, avc); // the same again
        default -> {}
      }
      picture(Math.round(timeMs), key, 20 + random.nextInt(500));
      timeMs += 1000 / rate;
      while (sound && soundMs < timeMs) {
        sound(Math.round(soundMs), 10 + random.nextInt(50));
        soundMs += 1024 / 48.0;
      }
      runs.caughtUp(!window.hasSegment());
    }
    runs.interrupt();
    read(true);

    assertThat(playlists.versions()).isGreaterThan(50);
    assertThat(playlists.emptyPromises()).isEmpty();
    List<Integer> all = new ArrayList<>();
    for (Frame frame : sent) {
      if (frame.isMedia() && frame.track().isVideo()) {
        all.add(frame.payload().readableBytes());
      }
    }
    assertThat(pictureBytes).as("every picture once, in order").isEqualTo(all);
  }

  static List<Long> seeds() {
    return LongStream.rangeClosed(1, Integer.getInteger("manycast.repetitions", 12))
        .boxed()
        .toList();
  }

  @Test
  void theFirstSegmentIsThereAtOnceAndTheNextFromTheKeyframe() {
    config(Track.VIDEO, Codec.H264, AVC);
    for (int i = 0; i < 25; i++) {
      picture(i * 40L, i == 0, 100);
    }
    runs.caughtUp(true);
    assertThat(window.hasSegment()).isTrue();
    assertThat(playlists.all().getFirst().seconds()).isEqualTo(0.96);
    for (int i = 25; i < 110; i++) {
      picture(i * 40L, i % 50 == 0, 100);
    }
    assertThat(playlists.all()).extracting(Entry::seconds).startsWith(0.96, 1.04, 2.0);
  }

  @Test
  void soundAloneIsCutToo() {
    pictures = false;
    config(Track.AUDIO, Codec.AAC, AAC);
    for (int i = 0; i < 500; i++) {
      sound(Math.round(i * 1024 / 48.0), 100);
      runs.caughtUp(!window.hasSegment());
    }
    assertThat(playlists.all()).hasSizeGreaterThan(4);
    assertThat(window.playlist(targets, false).segments())
        .allMatch(segment -> !segment.discontinuity());
  }

  @Test
  void soundThatStopsIsNotWaitedFor() {
    config(Track.VIDEO, Codec.H264, AVC);
    config(Track.AUDIO, Codec.AAC, AAC);
    for (int i = 0; i < 300; i++) {
      picture(i * 40L, i % 50 == 0, 100);
      if (i < 100) {
        sound(i * 40L, 10);
        sound(i * 40L + 21, 10);
      }
      runs.caughtUp(!window.hasSegment());
    }
    List<Entry> all = playlists.all();
    assertThat(all.stream().filter(Entry::discontinuity)).hasSize(1);
    assertThat(all.getLast().map()).isNotEqualTo(all.getFirst().map());
  }

  @Test
  void picturesThatComeLaterBeginARunAndThoseThatStopEndIt() {
    config(Track.AUDIO, Codec.AAC, AAC);
    pictures = false;
    for (int i = 0; i < 900; i++) {
      long ms = Math.round(i * 1024 / 48.0);
      if (i == 300) {
        config(Track.VIDEO, Codec.H264, AVC);
        pictures = true;
      }
      if (i >= 300 && i < 600) {
        picture(ms, i % 40 == 20, 100);
      }
      sound(ms, 100);
      runs.caughtUp(!window.hasSegment());
    }
    List<Entry> all = playlists.all();
    assertThat(all.stream().filter(Entry::discontinuity)).hasSize(2);
    assertThat(all.stream().map(Entry::map).distinct()).hasSize(3);
  }

  @Test
  void aPictureThatLastsIsASegmentWithoutParts() {
    config(Track.VIDEO, Codec.H264, AVC);
    for (int i = 0; i < 100; i++) {
      picture(i * 40L + (i > 70 ? 900 : 0), i % 50 == 0, 100);
      runs.caughtUp(!window.hasSegment());
    }
    assertThat(playlists.all().stream().filter(entry -> entry.parts().isEmpty()))
        .singleElement()
        .satisfies(entry -> assertThat(entry.seconds()).isEqualTo(0.94));
    assertThat(playlists.all()).noneMatch(Entry::discontinuity);
  }

  @Test
  void aClockThatJumpsIsADiscontinuity() {
    config(Track.VIDEO, Codec.H264, AVC);
    for (int i = 0; i < 200; i++) {
      picture(i * 40L + (i > 70 ? 9000 : 0), i % 50 == 0, 100);
      runs.caughtUp(!window.hasSegment());
    }
    assertThat(playlists.all().stream().filter(Entry::discontinuity)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.15, 0.4, 0.7, 1, 2, 3, 5, 7.5, 12})
  void picturesThatComeRarelyAreInPartsToo(double rate) {
    choosesTargets = true;
    groupMs = Math.round(4 * 1000 / rate);
    config(Track.VIDEO, Codec.H264, AVC);
    config(Track.AUDIO, Codec.AAC, AAC);
    double soundMs = 0;
    for (int i = 0; i < Math.max(12, 40 * rate); i++) {
      double ms = i * 1000 / rate;
      picture(Math.round(ms), i % 4 == 0, 20);
      for (; soundMs < ms; soundMs += 1024 / 48.0) {
        sound(Math.round(soundMs), 10);
      }
      runs.caughtUp(!window.hasSegment());
    }
    runs.interrupt();
    read(true);
    assertThat(targets.partMs()).isGreaterThanOrEqualTo((int) Math.min(1000 / rate, 10_000));
    assertThat(playlists.all()).noneMatch(entry -> entry.parts().isEmpty());
    assertThat(playlists.all()).noneMatch(Entry::discontinuity);
    assertThat(playlists.emptyPromises()).isEmpty();
  }

  /** Pictures only, 25 a second, a keyframe every two, in a window that always holds them. */
  private void halfAMinuteOf(int megabits) {
    choosesTargets = true;
    groupMs = 2_000;
    config(Track.VIDEO, Codec.H264, AVC);
    // The keyframe as large as five others, as encoders of constant bitrate make them.
    int bytes = megabits * 1_000_000 / 8 * 2 / (50 + 4);
    byte[] picture = new byte[bytes];
    byte[] keyframe = new byte[5 * bytes];
    for (int i = 0; i < 750; i++) {
      boolean key = i % 50 == 0;
      feed(frame(Track.VIDEO, FrameKind.MEDIA, Codec.H264, i * 40L, key, key ? keyframe : picture));
      runs.caughtUp(!window.hasSegment());
      assertThat(memory.held()).isLessThanOrEqualTo(PreviewShare.BOUND);
    }
    assertThat(window.hasOverflowed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {12, 16, 20, 32, 40})
  void aWindowOfManyMegabitsIsStillAPlaylist(int megabits) {
    halfAMinuteOf(megabits);
    assertThat(playlists.all()).noneMatch(Entry::discontinuity);
    assertThat(playlists.emptyPromises()).isEmpty();
    assertThat(playlists.versions()).isGreaterThan(50);
  }

  @ParameterizedTest
  @CsvSource({"20, true", "27, false"})
  void whatIsStoredBeginsWithAKeyframeThoughThereIsRoomForFewerSegments(
      int megabits, boolean enoughForPlaylists) {
    checksPlaylists = enoughForPlaylists;
    room = Room.STORED;
    runs = runs();
    halfAMinuteOf(megabits);
    assertThat(targets).isEqualTo(new Targets(2, 500));
    assertThat(cut).hasSize(15);
    assertThat(cut.subList(2, 15))
        .allSatisfy(
            segment -> {
              assertThat(segment.micros()).isEqualTo(2_000_000);
              assertThat(segment.parts().getFirst().independent()).isTrue();
            });
  }

  @Test
  void anEncoderThatStandsStillAfterItsKeyframeHasPartsAsOthers() {
    choosesTargets = true;
    frameRate = 25;
    config(Track.VIDEO, Codec.H264, AVC);
    for (int i = 0; i < 200; i++) {
      picture(i * 40L + (i == 0 ? 0 : 3_000), i % 50 == 0, 100);
      runs.caughtUp(!window.hasSegment());
    }
    assertThat(targets.partMs()).isEqualTo(500);
    assertThat(playlists.all()).noneMatch(Entry::discontinuity);
    assertThat(playlists.all().getFirst().seconds()).isEqualTo(3.04);
  }

  @Test
  void soundAloneWaitsForPicturesThatAreAnnounced() {
    config(Track.VIDEO, Codec.H264, AVC);
    config(Track.AUDIO, Codec.AAC, AAC);
    pictures = false;
    for (int i = 0; i < 300; i++) {
      long ms = Math.round(i * 1024 / 48.0);
      sound(ms, 10);
      if (i >= 70) {
        pictures = true;
        picture(ms, i % 40 == 30, 100);
      }
      runs.caughtUp(!window.hasSegment());
    }
    assertThat(playlists.all()).isNotEmpty().noneMatch(Entry::discontinuity);
  }

  @Test
  void holdsNoMoreThanItMay() {
    // So much a second that no window of three targets would fit.
    checksPlaylists = false;
    targets = Targets.of(10_000, 40, 7_500_000, Room.WATCHED);
    config(Track.VIDEO, Codec.H264, AVC);
    for (int i = 0; i < 400; i++) {
      Frame frame =
          frame(Track.VIDEO, FrameKind.MEDIA, Codec.H264, i * 40L, i % 250 == 0, new byte[300_000]);
      runs.frame(frame, 0);
      runs.caughtUp(!window.hasSegment());
      frame.release();
      assertThat(memory.held()).isLessThanOrEqualTo(PreviewShare.BOUND);
    }
    assertThat(window.hasOverflowed()).isFalse();
  }

  private void config(Track track, Codec codec, String hex) {
    feed(frame(track, FrameKind.CONFIG, codec, 0, false, ByteBufUtil.decodeHexDump(hex)));
  }

  private void picture(long ms, boolean key, int bytes) {
    feed(frame(Track.VIDEO, FrameKind.MEDIA, Codec.H264, ms, key, new byte[bytes]));
  }

  private void sound(long ms, int bytes) {
    feed(frame(Track.AUDIO, FrameKind.MEDIA, Codec.AAC, ms, false, new byte[bytes]));
  }

  private void feed(Frame frame) {
    sent.add(frame);
    runs.frame(frame, frame.dtsMs());
  }

  private static Frame frame(
      Track track, FrameKind kind, Codec codec, long ms, boolean key, byte[] bytes) {
    return new Frame(
        track,
        kind,
        codec,
        ms * 90,
        0,
        key ? PictureType.KEY : track.isVideo() ? PictureType.INTER : PictureType.NONE,
        Unpooled.wrappedBuffer(bytes));
  }
}
