package manycast.media.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaPlaylistTest {
  private static final Targets TARGETS = new Targets(2, 500);
  private static final Instant AT = Instant.parse("2026-03-01T12:00:00.120Z");

  @Test
  void listsSegmentsAndTheirNewestParts() throws Exception {
    Golden.check("playlist", new MediaPlaylist(3, TARGETS, segments(), 18, false).text("T", false));
  }

  @Test
  void tellsWhoHasTheOldOnesOnlyWhatIsNew() throws Exception {
    MediaPlaylist playlist = new MediaPlaylist(3, TARGETS, segments(), 18, false);
    Golden.check("playlist-delta", playlist.text("T", true));
    PlaylistChecker whole = new PlaylistChecker();
    whole.check(playlist.text("T", false));
    whole.check(PlaylistChecker.merge(playlist.text("T", false), playlist.text("T", true)));
  }

  @Test
  void endsOnce() throws Exception {
    List<Segment> segments = segments();
    segments.removeLast();
    String text = new MediaPlaylist(3, TARGETS, segments, 18, true).text("T", false);
    assertThat(text).endsWith("#EXT-X-ENDLIST\n").doesNotContain("PRELOAD-HINT");
    new PlaylistChecker().check(text);
  }

  @ParameterizedTest
  @CsvSource({
    "'3-i0.mp4', Init",
    "'3-17.m4s', Whole",
    "'3-17.2.m4s', Slice",
    "'3-17.m4s.', ''",
    "'3-.m4s', ''",
    "'-3-17.m4s', ''",
    "'3-i17.m4s', ''",
    "'9999999999999999999-1.m4s', ''"
  })
  void aNameStandsForOneFile(String text, String kind) {
    MediaName name = MediaName.parse(text);
    assertThat(name == null ? "" : name.getClass().getSimpleName()).isEqualTo(kind);
    if (name != null) {
      assertThat(name).hasToString(text);
    }
  }

  @Test
  void aRequestMayAskForASegmentAndAPartOfIt() {
    assertThat(PlaylistRequest.parse(Map.of())).isEqualTo(PlaylistRequest.ANY);
    assertThat(
            PlaylistRequest.parse(
                Map.of(
                    "_HLS_msn", List.of("4"),
                    "_HLS_part", List.of("1"),
                    "_HLS_skip", List.of("YES"))))
        .isEqualTo(new PlaylistRequest(4L, 1, true));
    assertThat(PlaylistRequest.parse(Map.of("_HLS_part", List.of("1")))).isNull();
    assertThat(PlaylistRequest.parse(Map.of("_HLS_msn", List.of("x")))).isNull();
    assertThat(PlaylistRequest.parse(Map.of("_HLS_msn", List.of("-1")))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "'bytes=0-', 0, 10",
    "'bytes=2-4', 2, 3",
    "'bytes=-3', 7, 3",
    "'bytes=4-99', 4, 6",
    "'bytes=10-', -1, 0",
    "'bytes=-', -1, 0",
    "'bytes=1-2,4-5', -1, 0",
    "'pages=1-2', -1, 0"
  })
  void aRangeIsOnePieceOfAFile(String header, int from, int length) {
    assertThat(ByteRange.parse(header, 10))
        .isEqualTo(from < 0 ? null : new ByteRange(from, length));
  }

  /** Eleven of two seconds, the ninth of another run, and one that grows. */
  private static List<Segment> segments() {
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      List<Part> parts = new ArrayList<>();
      for (int part = 0; part < 4; part++) {
        parts.add(new Part(500_000, part == 0, true, Unpooled.EMPTY_BUFFER));
      }
      segments.add(
          new Segment(
              7 + i,
              i < 8 ? 0 : 1,
              i == 8,
              i < 8 ? 1 : 2,
              AT.plusSeconds(2L * i).toString(),
              parts,
              true));
    }
    segments.add(
        new Segment(
            18,
            1,
            false,
            2,
            AT.plusSeconds(22).toString(),
            List.of(new Part(500_000, true, true, Unpooled.EMPTY_BUFFER)),
            false));
    return segments;
  }
}
