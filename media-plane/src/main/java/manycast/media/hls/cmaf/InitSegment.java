package manycast.media.hls.cmaf;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;

/** What a player is given before the first fragment of its tracks (ISO 14496-12 §8, annex). */
public final class InitSegment {
  private static final int[] UNITY_MATRIX = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000};
  private static final int MOVIE_TIMESCALE = 1000;
  private static final int ENABLED_AND_IN_MOVIE = 3;

  /** "und" in three times five bits (§8.4.2.3). */
  private static final int LANGUAGE_UNDETERMINED = 0x55C4;

  private InitSegment() {}

  /** Its bytes; equal for equal formats. */
  public static byte[] of(List<? extends TrackFormat> tracks) {
    ByteBuf buffer = Unpooled.buffer(1024);
    BoxWriter out = new BoxWriter(buffer);
    out.box("ftyp", () -> out.text("iso6").u32(0).text("iso6").text("mp41").text("cmfc"));
    out.box(
        "moov",
        () -> {
          out.fullBox("mvhd", 0, 0, () -> writeMovieHeader(out));
          tracks.forEach(track -> out.box("trak", () -> writeTrack(out, track)));
          out.box(
              "mvex",
              () ->
                  tracks.forEach(
                      track ->
                          out.fullBox("trex", 0, 0, () -> out.u32(track.id()).u32(1).zeros(12))));
        });
    return ByteBufUtil.getBytes(buffer);
  }

  private static void writeMovieHeader(BoxWriter out) {
    out.zeros(8).u32(MOVIE_TIMESCALE).u32(0).u32(0x0001_0000).u16(0x0100).zeros(10);
    writeMatrix(out);
    out.zeros(24).u32(TrackFormat.Audio.ID + 1);
  }

  private static void writeMatrix(BoxWriter out) {
    for (int value : UNITY_MATRIX) {
      out.u32(value);
    }
  }

  private static void writeTrack(BoxWriter out, TrackFormat track) {
    out.fullBox(
        "tkhd",
        0,
        ENABLED_AND_IN_MOVIE,
        () -> {
          out.zeros(8).u32(track.id()).zeros(4).u32(0).zeros(8).u16(0).u16(0);
          out.u16(track instanceof TrackFormat.Audio ? 0x0100 : 0).u16(0);
          writeMatrix(out);
          switch (track) {
            case TrackFormat.Video video -> out.u32(video.width() << 16).u32(video.height() << 16);
            case TrackFormat.Audio _ -> out.u32(0).u32(0);
          }
        });
    out.box("mdia", () -> writeMedia(out, track));
  }

  private static void writeMedia(BoxWriter out, TrackFormat track) {
    boolean video = track instanceof TrackFormat.Video;
    out.fullBox(
        "mdhd",
        0,
        0,
        () -> out.zeros(8).u32(track.timescale()).u32(0).u16(LANGUAGE_UNDETERMINED).u16(0));
    out.fullBox("hdlr", 0, 0, () -> out.u32(0).text(video ? "vide" : "soun").zeros(12).zeros(1));
    out.box(
        "minf",
        () -> {
          if (video) {
            out.fullBox("vmhd", 0, 1, () -> out.zeros(8));
          } else {
            out.fullBox("smhd", 0, 0, () -> out.zeros(4));
          }
          out.box(
              "dinf",
              () -> out.fullBox("dref", 0, 0, () -> out.u32(1).fullBox("url ", 0, 1, () -> {})));
          out.box("stbl", () -> writeSampleTable(out, track));
        });
  }

  /** All samples are in fragments: these tables are empty but for what a sample looks like. */
  private static void writeSampleTable(BoxWriter out, TrackFormat track) {
    out.fullBox(
        "stsd",
        0,
        0,
        () -> {
          out.u32(1);
          track.writeSampleEntry(out);
        });
    out.fullBox("stts", 0, 0, () -> out.u32(0));
    out.fullBox("stsc", 0, 0, () -> out.u32(0));
    out.fullBox("stsz", 0, 0, () -> out.u32(0).u32(0));
    out.fullBox("stco", 0, 0, () -> out.u32(0));
  }
}
