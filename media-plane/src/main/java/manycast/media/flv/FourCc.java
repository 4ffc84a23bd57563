package manycast.media.flv;

import manycast.media.frame.Codec;
import org.jspecify.annotations.Nullable;

/** The four letters that name a codec in an Enhanced RTMP tag (ERTMP, Enhanced Video and Audio). */
public enum FourCc {
  AVC1(Codec.H264, "avc1"),
  HVC1(Codec.HEVC, "hvc1"),
  VVC1(Codec.VVC, "vvc1"),
  AV01(Codec.AV1, "av01"),
  VP09(Codec.VP9, "vp09"),
  VP08(Codec.VP8, "vp08"),
  MP4A(Codec.AAC, "mp4a"),
  OPUS(Codec.OPUS, "Opus"),
  FLAC(Codec.FLAC, "fLaC"),
  AC3(Codec.AC3, "ac-3"),
  EAC3(Codec.EAC3, "ec-3"),
  MP3(Codec.MP3, ".mp3");

  /** The bytes that it takes. */
  public static final int LENGTH = 4;

  private final Codec codec;
  private final int value;

  FourCc(Codec codec, String letters) {
    this.codec = codec;
    this.value =
        letters.charAt(0) << 24
            | letters.charAt(1) << 16
            | letters.charAt(2) << 8
            | letters.charAt(3);
  }

  /** The four bytes as a number. */
  public int value() {
    return value;
  }

  /** Whether it names a codec of pictures. */
  public boolean isVideo() {
    return ordinal() <= VP08.ordinal();
  }

  /** The codec of pictures that this names, or null. */
  public static @Nullable Codec video(int value) {
    return codec(value, AVC1.ordinal(), VP08.ordinal());
  }

  /** The codec of sound that this names, or null. */
  public static @Nullable Codec audio(int value) {
    return codec(value, MP4A.ordinal(), MP3.ordinal());
  }

  /** The letters of a codec that Enhanced RTMP can carry, or null. */
  public static @Nullable FourCc of(Codec codec) {
    for (FourCc fourCc : ALL) {
      if (fourCc.codec == codec) {
        return fourCc;
      }
    }
    return null;
  }

  /** The four bytes as text for people: what is no plain letter is shown as a question mark. */
  public static String text(int value) {
    StringBuilder text = new StringBuilder(LENGTH);
    for (int shift = 24; shift >= 0; shift -= 8) {
      int letter = value >> shift & 0xFF;
      text.append(letter > ' ' && letter < 0x7F ? (char) letter : '?');
    }
    return text.toString();
  }

  private static final FourCc[] ALL = values();

  private static @Nullable Codec codec(int value, int from, int to) {
    for (int i = from; i <= to; i++) {
      if (ALL[i].value == value) {
        return ALL[i].codec;
      }
    }
    return null;
  }
}
