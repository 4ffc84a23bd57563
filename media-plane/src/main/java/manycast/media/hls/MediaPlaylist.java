package manycast.media.hls;

import java.util.List;
import manycast.media.hls.MediaName.Init;
import manycast.media.hls.MediaName.Slice;
import manycast.media.hls.MediaName.Whole;

/**
 * A media playlist as it stands at one moment (RFC 8216 §4.3.3, and its low-latency successor, HLS
 * 2, draft-pantos-hls-rfc8216bis).
 *
 * @param epoch of the broadcast, for the names of its files
 * @param segments oldest first; the last one may be incomplete
 * @param nextSegment the number of the first segment that is not complete
 * @param ended whether no segment follows
 */
record MediaPlaylist(
    long epoch, Targets targets, List<Segment> segments, long nextSegment, boolean ended) {
  private static final int VERSION = 9;

  /** Parts of older segments are of no use to anybody (HLS 2 §6.2.2). */
  private static final int PARTS_WITHIN_TARGETS = 3;

  private static final int SKIP_UNTIL_TARGETS = 6;
  private static final int HOLD_BACK_PARTS = 3;
  private static final long MICROS = 1_000_000;

  /**
   * Its text.
   *
   * @param token put into every URI
   * @param skip whether the player has an older one and needs only what is new
   */
  String text(String token, boolean skip) {
    StringBuilder out = new StringBuilder(4096);
    out.append("#EXTM3U\n#EXT-X-VERSION:").append(VERSION).append('\n');
    line(out, "#EXT-X-TARGETDURATION:", targets.segmentSeconds());
    out.append("#EXT-X-PART-INF:PART-TARGET=");
    seconds(out, targets.partMs() * 1000L).append('\n');
    out.append("#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=");
    seconds(out, HOLD_BACK_PARTS * targets.partMs() * 1000L).append(",CAN-SKIP-UNTIL=");
    seconds(out, skipMicros()).append('\n');
    Segment first = segments.getFirst();
    line(out, "#EXT-X-MEDIA-SEQUENCE:", first.number());
    line(
        out,
        "#EXT-X-DISCONTINUITY-SEQUENCE:",
        first.discontinuities() - (first.discontinuity() ? 1 : 0));
    int skipped = skip ? skippable() : 0;
    if (skipped > 0) {
      line(out, "#EXT-X-SKIP:SKIPPED-SEGMENTS=", skipped);
    }
    writeSegments(out, token, skipped);
    if (ended) {
      out.append("#EXT-X-ENDLIST\n");
    } else {
      Segment last = segments.getLast();
      int part = last.complete() ? 0 : last.parts().size();
      out.append("#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"");
      uri(out, new Slice(epoch, nextSegment, part), token).append("\"\n");
    }
    return out.toString();
  }

  private void writeSegments(StringBuilder out, String token, int skipped) {
    long fromEnd = Segment.micros(segments);
    int init = -1;
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      if (i >= skipped) {
        if (segment.discontinuity()) {
          out.append("#EXT-X-DISCONTINUITY\n");
        }
        if (segment.init() != init) {
          out.append("#EXT-X-MAP:URI=\"");
          uri(out, new Init(epoch, segment.init()), token).append("\"\n");
        }
        out.append("#EXT-X-PROGRAM-DATE-TIME:").append(segment.dateTime()).append('\n');
        if (fromEnd <= PARTS_WITHIN_TARGETS * targets.segmentSeconds() * MICROS) {
          writeParts(out, token, segment);
        }
        if (segment.complete()) {
          out.append("#EXTINF:");
          seconds(out, segment.micros()).append(",\n");
          uri(out, new Whole(epoch, segment.number()), token).append('\n');
        }
      }
      init = segment.init();
      fromEnd -= segment.micros();
    }
  }

  private void writeParts(StringBuilder out, String token, Segment segment) {
    if (!segment.hasListedParts()) {
      return;
    }
    for (int i = 0; i < segment.parts().size(); i++) {
      Part part = segment.parts().get(i);
      out.append("#EXT-X-PART:DURATION=");
      seconds(out, part.micros()).append(",URI=\"");
      uri(out, new Slice(epoch, segment.number(), i), token).append('"');
      out.append(part.independent() ? ",INDEPENDENT=YES\n" : "\n");
    }
  }

  /** How many segments are so old that a player that asks for what is new has them (§6.2.5.1). */
  private int skippable() {
    long fromEnd = Segment.micros(segments);
    int count = 0;
    for (Segment segment : segments) {
      fromEnd -= segment.micros();
      if (fromEnd < skipMicros()) {
        break;
      }
      count++;
    }
    return count;
  }

  private long skipMicros() {
    return SKIP_UNTIL_TARGETS * targets.segmentSeconds() * MICROS;
  }

  private static void line(StringBuilder out, String tag, long value) {
    out.append(tag).append(value).append('\n');
  }

  private static StringBuilder seconds(StringBuilder out, long micros) {
    long tens = (micros + 5) / 10;
    String fraction = String.valueOf(100_000 + tens % 100_000).substring(1);
    return out.append(tens / 100_000).append('.').append(fraction);
  }

  private static StringBuilder uri(StringBuilder out, MediaName name, String token) {
    return out.append(name).append("?token=").append(token);
  }
}
