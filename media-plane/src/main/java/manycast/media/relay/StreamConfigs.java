package manycast.media.relay;

import java.util.UUID;
import java.util.function.Consumer;

/** Where configuration comes from. Safe from any thread; never blocks. */
public interface StreamConfigs {
  /** Reads a stream's configuration and hands it over, on any thread; tries until it is there. */
  void load(UUID streamId, Consumer<StreamConfig> then);
}
