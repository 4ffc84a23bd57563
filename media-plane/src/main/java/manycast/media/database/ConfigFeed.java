package manycast.media.database;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import manycast.db.events.Connector;
import manycast.db.events.Event;
import manycast.db.events.EventFeed;
import manycast.db.events.EventListener;
import manycast.db.events.EventPosition;
import manycast.media.relay.Relays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the changes of configuration, and has the relays of the streams concerned read theirs
 * anew.
 */
public final class ConfigFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigFeed.class);
  private static final String CHANNEL = "manycast_config";

  private final EventFeed feed;

  /** A feed that runs already. */
  public ConfigFeed(Connector connections, Relays relays) {
    this.feed = new EventFeed(connections, List.of(CHANNEL), new Reload(relays));
  }

  @Override
  public void close() {
    feed.close();
  }

  private record Reload(Relays relays) implements EventListener {
    @Override
    public void connected(EventPosition from) {
      relays.reloadAll();
    }

    @Override
    public void events(List<Event> events) {
      Set<UUID> streams = new LinkedHashSet<>();
      for (Event event : events) {
        if (event.streamId() != null) {
          streams.add(event.streamId());
        }
      }
      streams.forEach(relays::reload);
    }

    @Override
    public void disconnected(Exception why) {
      LOG.debug("no events: {}", why.getMessage());
    }
  }
}
