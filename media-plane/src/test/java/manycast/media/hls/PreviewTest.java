package manycast.media.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.BroadcastClaim;
import manycast.media.broadcast.Broadcasts;
import manycast.media.broadcast.EndReason;
import manycast.media.broadcast.IngestFigures;
import manycast.media.broadcast.MediaMemory;
import manycast.media.broadcast.NobodysPublisher;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import manycast.media.hls.cmaf.Boxes;
import manycast.media.testing.Until;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A preview on a loop, and those who ask for it. */
class PreviewTest {
  private static final String AVC =
      "0164001fffe1001a6764001facd9405005bb0110000003001000000303c0f183196001000468ef8fcbfdf8f800";
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int IDLE_MS = 2_000;

  private final DefaultEventLoop loop = new DefaultEventLoop();
  private final MediaMemory memory = new MediaMemory(64 << 20);
  private final Previews previews = new Previews(memory, null, IDLE_MS);

  /** The same where everything is stored, in a store that lets go of it at once. */
  private final Previews stored = new Previews(memory, _ -> new Forgetful(), IDLE_MS);

  private final Broadcasts broadcasts = new Broadcasts(memory, Duration.ofSeconds(45), _ -> 0);
  private final UUID id = UUID.randomUUID();
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private final Broadcast broadcast;
  private int pictures;
  private long nextMs;

  private static final class Forgetful implements Recording {
    @Override
    public void add(RecordedSegment segment) {
      segment.bytes().release();
    }

    @Override
    public void end() {}
  }

  /** Counts what it is told, on the loop. */
  private static final class Counted implements Recording {
    private int segments;
    private int ends;

    @Override
    public void add(RecordedSegment segment) {
      segment.bytes().release();
      segments++;
    }

    @Override
    public void end() {
      ends++;
    }
  }

  PreviewTest() {
    broadcasts.listen(previews);
    broadcast = open(1);
    send(FrameKind.CONFIG, 0, false, ByteBufUtil.decodeHexDump(AVC));
  }

  @AfterEach
  void everyByteComesBack() {
    end(broadcast);
    previews.close();
    stored.close();
    assertThat(memory.held()).isZero();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private Broadcast open(long epoch) {
    return onLoop(
        () ->
            broadcasts.open(
                new BroadcastClaim(id, epoch, UUID.randomUUID(), UUID.randomUUID(), "a stream"),
                loop,
                new IngestFigures("test", "", "", Broadcast.nowMs()),
                new NobodysPublisher(),
                "a key"));
  }

  private void end(Broadcast whole) {
    onLoop(
        () -> {
          whole.end(EndReason.ENCODER);
          return true;
        });
  }

  private <T> T onLoop(Callable<T> work) {
    return loop.submit(work).syncUninterruptibly().getNow();
  }

  private void send(FrameKind kind, long ms, boolean key, byte[] payload) {
    onLoop(
        () -> {
          long nowMs = Broadcast.nowMs();
          broadcast.append(
              new Frame(
                  Track.VIDEO,
                  kind,
                  Codec.H264,
                  ms * 90,
                  0,
                  kind == FrameKind.CONFIG
                      ? PictureType.NONE
                      : key ? PictureType.KEY : PictureType.INTER,
                  Unpooled.wrappedBuffer(payload)),
              nowMs);
          broadcast.offer(nowMs);
          return true;
        });
  }

  /** So many pictures, 25 a second, every 50th a keyframe. */
  private void pictures(int count) {
    pictures(count, 40);
  }

  private void pictures(int count, int everyMs) {
    for (int i = 0; i < count; i++, pictures++, nextMs += everyMs) {
      send(FrameKind.MEDIA, nextMs, pictures % 50 == 0, new byte[1000]);
    }
  }

  private void ask(PlaylistRequest request) {
    ask(previews, request);
  }

  private void ask(Previews from, PlaylistRequest request) {
    Preview preview = Objects.requireNonNull(from.find(id));
    loop.execute(() -> preview.playlist(request, answers::add));
  }

  private String playlist() throws InterruptedException {
    Answer answer = answers.poll(10, TimeUnit.SECONDS);
    assertThat(answer).isInstanceOf(Answer.Playlist.class);
    return ((Answer.Playlist) answer).playlist().text("T", false);
  }

  @Test
  void itIsThereAtOnceForWhoComesLate() throws Exception {
    pictures(120);
    ask(PlaylistRequest.ANY);
    assertThat(playlist()).contains("#EXTINF:0.76000,\n1-1.m4s?token=T");
  }

  @Test
  void whoComesBeforeTheFirstPictureWaitsForIt() throws Exception {
    ask(PlaylistRequest.ANY);
    assertThat(answers.poll(100, TimeUnit.MILLISECONDS)).isNull();
    pictures(20);
    assertThat(playlist()).contains("1-1.m4s");
  }

  @Test
  void aPartIsGivenAsSoonAsItIsThere() throws Exception {
    pictures(50);
    ask(PlaylistRequest.ANY);
    playlist();
    ask(new PlaylistRequest(2L, 1, false));
    pictures(20);
    assertThat(answers).isEmpty();
    pictures(10);
    assertThat(playlist()).contains("1-2.1.m4s").doesNotContain("#EXTINF:2.00000,\n1-2.m4s");
    ask(new PlaylistRequest(5L, null, false));
    assertThat(answers.poll(10, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            Answer.Refused.class, refused -> assertThat(refused.status()).isEqualTo(400));
  }

  @Test
  void nobodyWatchesAfterAWhileAndEveryByteComesBack() throws Exception {
    pictures(20);
    long logAlone = memory.held();
    ask(PlaylistRequest.ANY);
    String first = playlist();
    assertThat(memory.held()).isGreaterThan(logAlone);
    Until.isTrue(SOON, "it has stopped", () -> memory.held() == logAlone);

    ask(PlaylistRequest.ANY);
    String second = playlist();
    assertThat(first).contains("#EXT-X-MEDIA-SEQUENCE:1\n");
    assertThat(second).contains("#EXT-X-MEDIA-SEQUENCE:2\n").contains("#EXT-X-DISCONTINUITY\n");
    end(broadcast);
    Until.isTrue(SOON, "it is forgotten", () -> previews.find(id) == null);
    assertThat(memory.held()).isZero();
  }

  @Test
  void theLastOfAnEndedBroadcastCanBeWatchedForAWhile() throws Exception {
    pictures(30);
    ask(PlaylistRequest.ANY);
    playlist();
    pictures(40);
    end(broadcast);
    ask(PlaylistRequest.ANY);
    String last = playlist();
    assertThat(last).endsWith("#EXT-X-ENDLIST\n");
    PlaylistChecker checker = new PlaylistChecker();
    assertThat(checker.check(last).stream().mapToDouble(PlaylistChecker.Entry::seconds).sum())
        .isCloseTo(2.8, offset(0.0001));
    Until.isTrue(SOON, "it is forgotten", () -> previews.find(id) == null);
  }

  @Test
  void whatIsStoredAndHasEndedIsNotWatchedThough() {
    onLoop(() -> begin(stored, broadcast));
    pictures(60);
    onLoop(
        () -> {
          stored.ended(broadcast, EndReason.ENCODER);
          return true;
        });
    assertThat(stored.find(id)).as("it can be watched for a while").isNotNull();
    assertThat(stored.watched()).isZero();
    Until.isTrue(SOON, "it is forgotten", () -> stored.find(id) == null);
  }

  @Test
  void anEncoderThatComesBackSlowerHasOtherPartsUnlessSomebodyWatches() throws Exception {
    onLoop(() -> begin(stored, broadcast));
    pictures(100);
    comesBack();
    pictures(50, 100);
    ask(stored, PlaylistRequest.ANY);
    String slow = playlist();
    assertThat(slow).contains("PART-TARGET=0.52500").doesNotContain("#EXT-X-MEDIA-SEQUENCE:1\n");
    PlaylistChecker checker = new PlaylistChecker();
    checker.check(slow);

    comesBack();
    pictures(50);
    ask(stored, PlaylistRequest.ANY);
    checker.check(playlist());
  }

  private static boolean begin(Previews previews, Broadcast of) {
    previews.opened(of);
    return true;
  }

  @Test
  void aBroadcastThatIsBackKeepsItsPreviewWhenThatOfBeforeIsForgotten() {
    Previews brief = new Previews(memory, _ -> new Forgetful(), 100);
    onLoop(() -> begin(brief, broadcast));
    pictures(60);
    Preview old = Objects.requireNonNull(brief.find(id));
    onLoop(
        () -> {
          brief.ended(broadcast, EndReason.HANDED_OVER);
          return true;
        });
    Broadcast back = open(2);
    onLoop(() -> begin(brief, back));
    Preview anew = Objects.requireNonNull(brief.find(id));
    assertThat(anew).isNotSameAs(old);
    Until.isTrue(SOON, "that of before is over", () -> onLoop(() -> old.held() == 0));

    assertThat(brief.find(id)).isSameAs(anew);
    end(back);
    brief.close();
  }

  @Test
  void whereABroadcastIsBackBeforeItsEndWasHeardItsRecordingIsEndedOnce() {
    List<Counted> recordings = new CopyOnWriteArrayList<>();
    Previews kept =
        new Previews(
            memory,
            _ -> {
              recordings.add(new Counted());
              return recordings.getLast();
            },
            IDLE_MS);
    onLoop(() -> begin(kept, broadcast));
    pictures(60);
    Broadcast back = open(2);
    onLoop(() -> begin(kept, back));
    Until.isTrue(SOON, "the first is ended", () -> onLoop(() -> recordings.get(0).ends == 1));
    assertThat(recordings.get(0).segments).as("the last half second too").isEqualTo(2);

    onLoop(
        () -> {
          kept.ended(broadcast, EndReason.NODE_LOST);
          return true;
        });
    assertThat(onLoop(() -> recordings.get(0).ends)).isEqualTo(1);
    assertThat(onLoop(() -> recordings.get(1).ends)).as("it goes on").isZero();
    onLoop(
        () -> {
          kept.ended(back, EndReason.ENCODER);
          return true;
        });
    assertThat(onLoop(() -> recordings.get(1).ends)).isEqualTo(1);
    end(back);
    kept.close();
  }

  private void comesBack() {
    onLoop(
        () -> {
          stored.interrupted(broadcast);
          return true;
        });
  }

  @Test
  void whereTheNodeIsFullNothingIsWatched() throws Exception {
    pictures(30);
    assertThat(memory.tryReserve(50 << 20)).isTrue();
    ask(PlaylistRequest.ANY);
    assertThat(answers.poll(10, TimeUnit.SECONDS)).isEqualTo(Answer.NOT_FOUND);
    memory.release(50 << 20);
    ask(PlaylistRequest.ANY);
    playlist();
  }

  @Test
  void aSlowViewerHoldsWhatItIsSentAndNothingElse() throws Exception {
    pictures(30);
    ask(PlaylistRequest.ANY);
    playlist();
    Preview preview = Objects.requireNonNull(previews.find(id));
    loop.execute(() -> preview.file(new MediaName.Whole(1, 1), answers::add));
    Answer answer = answers.poll(10, TimeUnit.SECONDS);
    assertThat(answer).isInstanceOf(Answer.Media.class);
    ByteBuf bytes = ((Answer.Media) answer).bytes();
    end(broadcast);
    Until.isTrue(SOON, "it is forgotten", () -> previews.find(id) == null);
    assertThat(memory.held()).isGreaterThan(20_000);
    bytes.release();
    assertThat(memory.held()).isZero();
  }

  @Test
  void theNewestKeyframeIsAFilmOfOnePicture() throws Exception {
    pictures(60);
    long before = memory.held();
    Preview preview = Objects.requireNonNull(previews.find(id));
    loop.execute(() -> preview.still(answers::add));
    Answer answer = answers.poll(10, TimeUnit.SECONDS);
    assertThat(answer).isInstanceOf(Answer.Media.class);
    ByteBuf film = ((Answer.Media) answer).bytes();
    MediaChecker checker = new MediaChecker();
    List<Boxes.Box> boxes = Boxes.read(film);
    assertThat(boxes).extracting(box -> box.type()).containsExactly("ftyp", "moov", "moof", "mdat");
    checker.begin(film.slice(0, film.readableBytes()));
    film.release();
    assertThat(memory.held()).isEqualTo(before);
  }
}
