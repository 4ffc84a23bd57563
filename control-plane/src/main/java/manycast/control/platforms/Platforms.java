package manycast.control.platforms;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The platforms a destination can name, from {@code platforms.json}; the list is read when it is
 * first asked for.
 */
@Component
public class Platforms {
  private final JsonMapper json;
  private volatile Map<String, Platform> byId = Map.of();

  Platforms(JsonMapper json) {
    this.json = json;
  }

  public boolean has(String id) {
    return byId().containsKey(id);
  }

  public Optional<Platform> find(String id) {
    return Optional.ofNullable(byId().get(id));
  }

  /** All of them in the order to offer them. */
  public List<Platform> all() {
    return List.copyOf(byId().values());
  }

  /** Their ids in one line. */
  public String ids() {
    return String.join(", ", byId().keySet());
  }

  private Map<String, Platform> byId() {
    if (byId.isEmpty()) {
      byId = read();
    }
    return byId;
  }

  private Map<String, Platform> read() {
    try (InputStream file = Platforms.class.getResourceAsStream("platforms.json")) {
      if (file == null) {
        throw new IllegalStateException("platforms.json is missing from the class path");
      }
      var platforms = new LinkedHashMap<String, Platform>();
      for (Platform platform : json.readValue(file, Platform[].class)) {
        platforms.put(platform.id(), platform);
      }
      return platforms;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
