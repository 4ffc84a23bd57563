package manycast.control.destinations;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import manycast.control.platforms.Platform;
import manycast.db.platforms.Preset;
import manycast.db.platforms.Presets;

/**
 * What is known of a platform, as its form says it.
 *
 * @param id its word
 * @param hint where to find address and key
 * @param servers those to offer, none where each streamer gets an own one
 * @param takes what it accepts, a few words each
 */
public record PlatformWords(
    String id, String title, String hint, List<Server> servers, List<String> takes) {
  private static final List<Preset> PRESETS = Presets.read();
  private static final Map<String, String> CODECS =
      Map.of(
          "h264", "H.264",
          "hevc", "HEVC",
          "av1", "AV1",
          "vp9", "VP9",
          "aac", "AAC",
          "opus", "Opus",
          "mp3", "MP3",
          "flac", "FLAC",
          "ac3", "AC-3",
          "eac3", "E-AC-3");

  /**
   * A server to offer.
   *
   * @param host where it is
   * @param encrypted whether what is sent there can be read on the way
   */
  public record Server(String url, String host, boolean encrypted) {
    static Server of(String url) {
      String rest = url.substring(url.indexOf("://") + 3);
      int end = rest.indexOf('/');
      return new Server(
          url,
          (end < 0 ? rest : rest.substring(0, end)).replaceFirst(":\\d+$", ""),
          url.toLowerCase(Locale.ROOT).startsWith("rtmps:"));
    }
  }

  /** A codec's word as people write it; what is not known stays as it is. */
  public static String codec(String word) {
    return CODECS.getOrDefault(word.toLowerCase(Locale.ROOT), word);
  }

  static PlatformWords of(List<Platform> platforms, String id) {
    return platforms.stream()
        .filter(platform -> platform.id().equals(id))
        .findFirst()
        .map(PlatformWords::of)
        .orElseGet(() -> new PlatformWords(id, id, "", List.of(), List.of()));
  }

  static PlatformWords of(Platform platform) {
    return new PlatformWords(
        platform.id(),
        platform.title(),
        platform.hint(),
        platform.servers().stream().map(Server::of).toList(),
        PRESETS.stream()
            .filter(preset -> preset.id().equals(platform.id()))
            .findFirst()
            .map(PlatformWords::takes)
            .orElse(List.of()));
  }

  private static List<String> takes(Preset preset) {
    var words = new ArrayList<String>();
    if (preset.takesEveryCodec()) {
      words.add("any codec your encoder sends");
    } else {
      words.add(String.join(", ", preset.codecs().stream().map(PlatformWords::codec).toList()));
    }
    return List.copyOf(words);
  }
}
