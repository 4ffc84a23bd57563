package manycast.control.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manycast.control.dashboard.StreamPage.Pair;
import manycast.control.live.LiveView;
import manycast.control.web.Wording;
import org.jspecify.annotations.Nullable;

/** What is known of the encoder's tracks, in words: one line for a glance, and every figure. */
final class TrackWords {
  private TrackWords() {}

  /** All that is known of one track, or of the tracks together. */
  record Details(String key, String title, List<Pair> pairs) {}

  /** What a glance should tell: the default tracks, and what belongs to all of them. */
  static List<Pair> glance(LiveView.Ingest ingest) {
    var pairs = new ArrayList<Pair>();
    LiveView.Track video = first(ingest, "video");
    LiveView.Track audio = first(ingest, "audio");
    if (video != null) {
      add(pairs, "picture", "Picture", size(video));
      add(pairs, "frame-rate", "Frame rate", rates(video));
      add(
          pairs,
          "video",
          "Video",
          joined(codec(video), Boolean.TRUE.equals(video.reorderedPictures()) ? "B-frames" : null));
      LiveView.KeyframeInterval keyframes = video.keyframeInterval();
      if (keyframes != null) {
        add(
            pairs,
            "keyframes",
            "Keyframe every",
            "%s, mean %s, most %s"
                .formatted(
                    Wording.seconds(keyframes.lastMs()),
                    bare(keyframes.meanMs()),
                    bare(keyframes.longestMs())));
      }
    } else {
      add(pairs, "video", "Video", "none");
    }
    String sound =
        audio == null ? "none" : joined(codec(audio), sampleRate(audio), channels(audio));
    add(pairs, "audio", "Audio", sound);
    if (ingest.audioAheadMs() != null) {
      add(pairs, "audio-ahead", "A/V offset", offset(ingest.audioAheadMs()));
    }
    LiveView.Track timed = video == null ? audio : video;
    if (timed != null && timed.jitterMs() != null) {
      add(pairs, "jitter", "Jitter", timed.jitterMs() + " ms");
    }
    if (timed != null && timed.missingFrames() != null && timed.frames() != null) {
      add(
          pairs,
          "missing",
          "Frames missing",
          Wording.count(timed.missingFrames()) + " of " + Wording.count(timed.frames()));
    }
    long more = ingest.tracks().stream().filter(track -> track.number() != 0).count();
    if (more > 0) {
      add(pairs, "more", "Beside these", Wording.count(more, "further track", "further tracks"));
    }
    return List.copyOf(pairs);
  }

  /** Seconds whose unit stands beside. */
  private static String bare(long milliseconds) {
    return Wording.seconds(milliseconds).replace(" s", "");
  }

  private static String offset(long audioAheadMs) {
    return audioAheadMs == 0
        ? "none"
        : "sound " + Math.abs(audioAheadMs) + (audioAheadMs > 0 ? " ms earlier" : " ms later");
  }

  private static LiveView.@Nullable Track first(LiveView.Ingest ingest, String kind) {
    return ingest.tracks().stream()
        .filter(track -> track.kind().equals(kind) && track.number() == 0)
        .findFirst()
        .orElse(null);
  }

  /** Measured against announced: {@code 59.94 of 60 fps}. */
  private static @Nullable String rates(LiveView.Track track) {
    Double announced = track.frameRate();
    Double measured = track.measuredFrameRate();
    if (announced == null || measured == null) {
      Double known = measured == null ? announced : measured;
      return known == null ? null : rate(known) + " fps";
    }
    return rate(measured) + " of " + rate(announced) + " fps";
  }

  /** Each track, then what belongs to all of them; empty where no track is known. */
  static List<Details> details(LiveView.Ingest ingest) {
    if (ingest.tracks().isEmpty()) {
      return List.of();
    }
    var all = new ArrayList<Details>();
    for (LiveView.Track track : ingest.tracks()) {
      String kind = isVideo(track) ? "Video" : "Audio";
      all.add(
          new Details(
              track.kind() + "-" + track.number(),
              track.number() == 0 ? kind : kind + ", track " + track.number(),
              pairs(track)));
    }
    var rest = new ArrayList<Pair>();
    if (ingest.audioAheadMs() != null) {
      rest.add(new Pair("audio-ahead", "Sound before picture", ingest.audioAheadMs() + " ms"));
    }
    addCount(rest, "corrections", "Corrected times", ingest.timestampCorrections());
    addCount(rest, "dropped", "Dropped messages", ingest.droppedMessages());
    all.add(new Details("all", "All together", List.copyOf(rest)));
    return List.copyOf(all);
  }

  private static List<Pair> pairs(LiveView.Track track) {
    var pairs = new ArrayList<Pair>();
    add(pairs, "codec", "Codec", codec(track));
    add(pairs, "resolution", "Picture", size(track));
    add(
        pairs,
        "bit-depth",
        "Bit depth",
        track.bitDepth() == null ? null : track.bitDepth() + " bit");
    add(pairs, "frame-rate", "Frame rate, announced", perSecond(track.frameRate()));
    add(pairs, "measured-rate", "Frame rate, measured", perSecond(track.measuredFrameRate()));
    LiveView.KeyframeInterval keyframes = track.keyframeInterval();
    if (keyframes != null) {
      add(
          pairs,
          "keyframes",
          "Keyframes: last, mean, longest",
          Stream.of(keyframes.lastMs(), keyframes.meanMs(), keyframes.longestMs())
              .map(Wording::seconds)
              .collect(Collectors.joining(", ")));
    }
    Boolean reordered = track.reorderedPictures();
    add(pairs, "b-frames", "B-frames", reordered == null ? null : reordered ? "yes" : "no");
    add(pairs, "sample-rate", "Sample rate", sampleRate(track));
    add(pairs, "channels", "Channels", channels(track));
    if (track.bitrateBps() != null) {
      add(pairs, "bitrate", "Bitrate", Wording.bitrate(track.bitrateBps()));
    }
    add(pairs, "jitter", "Jitter", track.jitterMs() == null ? null : track.jitterMs() + " ms");
    addCount(pairs, "frames", "Frames", track.frames());
    addCount(pairs, "missing", "Missing frames", track.missingFrames());
    return List.copyOf(pairs);
  }

  private static void add(List<Pair> pairs, String key, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      pairs.add(new Pair(key, name, value));
    }
  }

  private static void addCount(List<Pair> pairs, String key, String name, @Nullable Long count) {
    add(pairs, key, name, count == null ? null : Wording.count(count));
  }

  /** A rate as people write it: {@code 60}, {@code 29.97}. */
  static String rate(double rate) {
    return rate == Math.rint(rate)
        ? String.valueOf((long) rate)
        : String.format(Locale.ROOT, "%.2f", rate);
  }

  private static @Nullable String perSecond(@Nullable Double rate) {
    return rate == null ? null : rate(rate) + " per second";
  }

  private static @Nullable String size(LiveView.Track track) {
    return track.width() == null || track.height() == null
        ? null
        : track.width() + " × " + track.height();
  }

  private static String codec(LiveView.Track track) {
    return Stream.of(track.codec(), track.profile(), track.level())
        .filter(Objects::nonNull)
        .collect(Collectors.joining(" "));
  }

  private static @Nullable String sampleRate(LiveView.Track track) {
    return track.sampleRate() == null ? null : rate(track.sampleRate() / 1000.0) + " kHz";
  }

  private static @Nullable String channels(LiveView.Track track) {
    Integer channels = track.channels();
    if (channels == null) {
      return null;
    }
    return switch (channels) {
      case 1 -> "mono";
      case 2 -> "stereo";
      default -> channels + " channels";
    };
  }

  private static boolean isVideo(LiveView.Track track) {
    return track.kind().equals("video");
  }

  private static String joined(@Nullable String... words) {
    return Stream.of(words)
        .filter(Objects::nonNull)
        .filter(word -> !word.isEmpty())
        .collect(Collectors.joining(", "));
  }
}
