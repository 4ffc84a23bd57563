package manycast.db.platforms;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a platform.
 *
 * @param id the word in a destination's {@code platform}
 * @param title its name as people know it
 * @param servers server addresses to offer, none where each streamer gets an own one
 * @param codecs what it takes over RTMP, of {@link Presets#CODECS}, or {@code *} alone for all
 * @param testSuffix what, added to the key, makes a publish one that nobody sees; null where
 *     nothing does
 * @param backupOf id of the preset whose second server this is; null where it is none
 * @param hint where to find the address and the key
 * @param limits what it is known to bear
 */
public record Preset(
    String id,
    String title,
    List<String> servers,
    List<String> codecs,
    String hint,
    @Nullable String testSuffix,
    @Nullable String backupOf,
    Limits limits) {
  /** Keeps copies. */
  public Preset {
    servers = List.copyOf(servers);
    codecs = List.copyOf(codecs);
  }

  /** Whether there is no codec that it is known to refuse. */
  public boolean takesEveryCodec() {
    return codecs.contains(Presets.EVERY_CODEC);
  }
}
