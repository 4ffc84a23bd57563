package manycast.media.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import manycast.media.broadcast.BroadcastClaim;
import manycast.media.hls.RecordedSegment;
import manycast.media.hls.Recording;
import manycast.media.testing.Until;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SegmentStoreIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final UUID BROADCAST = UUID.fromString("0198c0de-0000-7000-8000-000000000001");
  private static final String NAME = "live/" + BROADCAST + "/3/";

  @TempDir Path folder;
  private final List<ByteBuf> sent = new ArrayList<>();

  @AfterEach
  void everyBufferComesBack() {
    Until.isTrue(
        SOON, "all is released", () -> sent.stream().allMatch(bytes -> bytes.refCnt() == 0));
  }

  @Test
  void keepsSegmentsAndAnEndedPlaylistInAFolder() throws Exception {
    try (SegmentStore store = SegmentStore.inFolder(folder)) {
      Recording recording = store.begin(claim());
      for (int i = 1; i <= 3; i++) {
        recording.add(segment(i, i == 3 ? 1 : 0));
      }
      recording.end();
      Until.isTrue(SOON, "it is written", store::isIdle);
    }
    Path its = folder.resolve(BROADCAST.toString()).resolve("3");
    assertThat(Files.readString(its.resolve("index.m3u8")))
        .isEqualTo(
            """
            #EXTM3U
            #EXT-X-VERSION:7
            #EXT-X-PLAYLIST-TYPE:EVENT
            #EXT-X-TARGETDURATION:2
            #EXT-X-MEDIA-SEQUENCE:1
            #EXT-X-MAP:URI="init-0.mp4"
            #EXT-X-PROGRAM-DATE-TIME:2026-03-01T12:00:02Z
            #EXTINF:2.00000,
            000001.m4s
            #EXT-X-PROGRAM-DATE-TIME:2026-03-01T12:00:04Z
            #EXTINF:2.00000,
            000002.m4s
            #EXT-X-DISCONTINUITY
            #EXT-X-MAP:URI="init-1.mp4"
            #EXT-X-PROGRAM-DATE-TIME:2026-03-01T12:00:06Z
            #EXTINF:2.00000,
            000003.m4s
            #EXT-X-ENDLIST
            """);
    assertThat(its.resolve("000002.m4s")).hasContent("segment 2");
    assertThat(its.resolve("init-1.mp4")).hasContent("init 1");
  }

  @Test
  void movesAllToABucketThatIsKilledAndComesBack() throws Exception {
    try (S3Server s3 = new S3Server();
        SegmentStore store = SegmentStore.inBucket(folder, bucket(s3))) {
      Recording recording = store.begin(claim());
      recording.add(segment(1, 0));
      Until.isTrue(SOON, "it is there", () -> s3.objects().containsKey(NAME + "000001.m4s"));
      s3.kill();
      recording.add(segment(2, 0));
      recording.add(segment(3, 0));
      recording.end();
      Thread.sleep(1_500); // several attempts
      s3.restart();
      Until.isTrue(SOON, "it is stored", store::isIdle);

      assertThat(s3.refused()).isZero();
      assertThat(s3.objects().keySet())
          .containsExactly(
              NAME + "000001.m4s",
              NAME + "000002.m4s",
              NAME + "000003.m4s",
              NAME + "index.m3u8",
              NAME + "init-0.mp4");
      assertThat(text(s3, "index.m3u8")).endsWith("000003.m4s\n#EXT-X-ENDLIST\n");
      assertThat(filesLeft()).isEmpty();
    }
  }

  @Test
  void whatAProcessLeavesTheNextOneStores() throws Exception {
    try (S3Server s3 = new S3Server()) {
      s3.kill();
      try (SegmentStore store = SegmentStore.inBucket(folder, bucket(s3))) {
        Recording recording = store.begin(claim());
        recording.add(segment(1, 0));
        recording.add(segment(2, 0));
        Until.isTrue(SOON, "it is on disk", () -> filesLeft().size() == 4);
        // As if it were killed: no end.
      }
      s3.restart();
      try (SegmentStore next = SegmentStore.inBucket(folder, bucket(s3))) {
        Until.isTrue(SOON, "it is stored", next::isIdle);
        assertThat(text(s3, "index.m3u8")).endsWith("000002.m4s\n#EXT-X-ENDLIST\n");
        assertThat(s3.objects()).hasSize(4);
        assertThat(filesLeft()).isEmpty();
      }
    }
  }

  @Test
  void leavesAloneWhatAnotherLivingProcessHas() throws Exception {
    try (S3Server s3 = new S3Server();
        SegmentStore living = SegmentStore.inBucket(folder, bucket(s3))) {
      s3.kill();
      Recording recording = living.begin(claim());
      recording.add(segment(1, 0));
      Until.isTrue(SOON, "it is on disk", () -> filesLeft().size() == 3);
      try (SegmentStore other = SegmentStore.inBucket(folder, bucket(s3))) {
        assertThat(other.isIdle()).isTrue();
      }
      s3.restart();
      recording.end();
      Until.isTrue(SOON, "it is stored", living::isIdle);
    }
  }

  private static String text(S3Server s3, String file) {
    return new String(s3.objects().getOrDefault(NAME + file, new byte[0]), StandardCharsets.UTF_8);
  }

  private List<Path> filesLeft() {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).filter(file -> !file.endsWith("lock")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static S3Bucket bucket(S3Server s3) {
    return new S3Bucket(
        s3.endpoint(),
        S3Server.BUCKET,
        "live/",
        new SignatureV4(S3Server.REGION, S3Server.KEY_ID, new SignatureV4.Secret(S3Server.SECRET)));
  }

  private static BroadcastClaim claim() {
    return new BroadcastClaim(BROADCAST, 3, UUID.randomUUID(), UUID.randomUUID(), "a stream");
  }

  private RecordedSegment segment(int number, int init) {
    ByteBuf bytes = Unpooled.copiedBuffer("segment " + number, StandardCharsets.UTF_8);
    sent.add(bytes);
    return new RecordedSegment(
        number,
        bytes,
        init,
        ("init " + init).getBytes(StandardCharsets.UTF_8),
        init == 1,
        Instant.parse("2026-03-01T12:00:00Z").plusSeconds(2L * number).toString(),
        2_000_000,
        2);
  }
}
