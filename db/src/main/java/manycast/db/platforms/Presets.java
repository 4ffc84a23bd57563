package manycast.db.platforms;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the presets. A file that has something wrong with it is refused as a whole, with every
 * fault in one message, so that a test of the build finds it.
 */
public final class Presets {
  /** Stands for all codecs. */
  static final String EVERY_CODEC = "*";

  /** The codecs' words. */
  public static final Set<String> CODECS =
      Set.of("h264", "hevc", "av1", "vp9", "aac", "opus", "mp3", "flac", "ac3", "eac3");

  private static final String FILE = "platforms.json";
  private static final Set<String> FIELDS =
      Set.of("id", "title", "servers", "codecs", "hint", "testSuffix", "backupOf", "limits");

  private final List<String> faults = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();

  private Presets() {}

  /** All of them in the order to offer them; {@code custom} is among them. */
  public static List<Preset> read() {
    try (InputStream in = Presets.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + " is missing from the class path");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those of such a file's text; throws {@link IllegalArgumentException} with all its faults. */
  static List<Preset> parse(String json) {
    return new Presets().all(json);
  }

  private List<Preset> all(String json) {
    List<Preset> presets = new ArrayList<>();
    try {
      Map<String, Object> file = JsonUtil.parseJson(json);
      if (!(file.get("version") instanceof String version)
          || !version.matches("\\d{4}-\\d{2}-\\d{2}")) {
        faults.add("version must be the day of the facts, as in 2026-08-21");
      }
      if (file.get("platforms") instanceof List<?> listed) {
        for (Object entry : listed) {
          if (entry instanceof Map<?, ?> fields) {
            presets.add(preset(fields));
          } else {
            faults.add(entry + " is no object");
          }
        }
      }
    } catch (JoseException e) {
      throw new IllegalArgumentException(FILE + ": " + e.getMessage(), e);
    }
    if (!ids.contains("custom")) {
      faults.add("custom is missing");
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(FILE + ": " + String.join("; ", faults));
    }
    return List.copyOf(presets);
  }

  private Preset preset(Map<?, ?> fields) {
    String id = text(fields, "id", "an entry");
    if (!id.matches("[a-z0-9-]+") || !ids.add(id)) {
      faults.add("id \"" + id + "\": an id has a-z, 0-9 and - and is there once");
    }
    for (Object field : fields.keySet()) {
      if (!FIELDS.contains(String.valueOf(field))) {
        faults.add(id + ": " + field + " is no field of a preset");
      }
    }
    List<String> servers = texts(fields, "servers", id);
    servers.forEach(server -> checkServer(server, id));
    List<String> codecs = texts(fields, "codecs", id);
    if (!codecs.equals(List.of(EVERY_CODEC)) && (codecs.isEmpty() || !CODECS.containsAll(codecs))) {
      faults.add(
          id + ": codecs " + codecs + " must be some of " + CODECS.stream().sorted().toList());
    }
    return new Preset(
        id,
        text(fields, "title", id),
        servers,
        codecs,
        text(fields, "hint", id),
        fields.containsKey("testSuffix") ? text(fields, "testSuffix", id) : null,
        backupOf(fields, id),
        limits(fields, id));
  }

  /** A primary server stands before its backup, so that its id is known. */
  private @Nullable String backupOf(Map<?, ?> fields, String id) {
    if (!fields.containsKey("backupOf")) {
      return null;
    }
    String primary = text(fields, "backupOf", id);
    if (primary.equals(id) || !ids.contains(primary)) {
      faults.add(id + ": backupOf must be the id of an entry before it");
    }
    return primary;
  }

  private Limits limits(Map<?, ?> fields, String id) {
    if (fields.get("limits") instanceof Map<?, ?> limits) {
      return new LimitsReader(limits, id, faults).read();
    }
    faults.add(id + ": limits must be an object");
    return new LimitsReader(Map.of(), id, new ArrayList<>()).read();
  }

  private void checkServer(String server, String id) {
    try {
      URI uri = URI.create(server);
      boolean rtmp = "rtmp".equals(uri.getScheme()) || "rtmps".equals(uri.getScheme());
      if (rtmp && uri.getHost() != null && uri.getPath().length() > 1) {
        return;
      }
      faults.add(id + ": " + server + " is not rtmp(s)://HOST/APP");
    } catch (IllegalArgumentException e) {
      faults.add(id + ": " + server + " is no URL");
    }
  }

  private String text(Map<?, ?> fields, String name, String of) {
    if (fields.get(name) instanceof String text && !text.isBlank()) {
      return text;
    }
    faults.add(of + ": " + name + " must be a text");
    return "";
  }

  private List<String> texts(Map<?, ?> fields, String name, String of) {
    List<String> texts = new ArrayList<>();
    if (fields.get(name) instanceof List<?> listed) {
      for (Object entry : listed) {
        texts.add(String.valueOf(entry));
      }
    } else {
      faults.add(of + ": " + name + " must be a list");
    }
    return texts;
  }
}
