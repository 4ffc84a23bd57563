package manycast.control.platforms;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manycast.db.platforms.Preset;
import manycast.db.platforms.Presets;
import org.springframework.stereotype.Component;

/** The platforms a destination can name; the presets are read when they are first asked for. */
@Component
public class Platforms {
  private volatile Map<String, Platform> byId = Map.of();
  private volatile Map<String, Preset> presets = Map.of();

  public boolean has(String id) {
    return byId().containsKey(id);
  }

  public Optional<Platform> find(String id) {
    return Optional.ofNullable(byId().get(id));
  }

  /** All that is known of one. */
  public Optional<Preset> preset(String id) {
    byId();
    return Optional.ofNullable(presets.get(id));
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
      read();
    }
    return byId;
  }

  private void read() {
    var known = new LinkedHashMap<String, Preset>();
    var platforms = new LinkedHashMap<String, Platform>();
    for (Preset preset : Presets.read()) {
      known.put(preset.id(), preset);
      platforms.put(
          preset.id(),
          new Platform(
              preset.id(), preset.title(), preset.servers(), preset.hint(), preset.testSuffix()));
    }
    presets = known;
    byId = platforms;
  }
}
