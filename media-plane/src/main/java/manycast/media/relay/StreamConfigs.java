package manycast.media.relay;

import java.util.function.Consumer;
import manycast.media.broadcast.BroadcastClaim;

/** Where configuration comes from. Safe from any thread; never blocks. */
public interface StreamConfigs {
  /**
   * Reads the configuration of a broadcast's stream and hands it over, on any thread; tries until
   * it is there.
   */
  void load(BroadcastClaim claim, Consumer<StreamConfig> then);
}
