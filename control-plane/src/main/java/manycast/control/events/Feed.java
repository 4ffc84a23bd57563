package manycast.control.events;

import java.sql.Connection;
import java.util.List;
import manycast.control.database.WhenReady;
import manycast.control.settings.Settings;
import manycast.db.events.Connector;
import manycast.db.events.Event;
import manycast.db.events.EventFeed;
import manycast.db.events.EventListener;
import manycast.db.events.EventPosition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * The one event feed of this process; it begins when the database has first come, and then sees to
 * itself.
 */
@Component
@Order(3)
class Feed implements WhenReady, EventListener, DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(Feed.class);
  private static final List<String> CHANNELS =
      List.of("manycast_config", "manycast_broadcast", "manycast_node");

  private final Connector connections;
  private final EventHub hub;
  private @Nullable EventFeed feed;
  private boolean away;

  Feed(Settings settings, EventHub hub) {
    var database = settings.database();
    this.connections =
        Connector.to(
            database.url(),
            database.user(),
            database.password().value(),
            "manycast control plane, events");
    this.hub = hub;
  }

  @Override
  public synchronized void databaseCame(Connection connection) {
    if (feed == null) {
      feed = new EventFeed(connections, CHANNELS, this);
    }
  }

  @Override
  public synchronized void destroy() {
    if (feed != null) {
      feed.close();
    }
  }

  @Override
  public void connected(EventPosition from) {
    if (away) {
      log.info("Reading the event log again.");
      away = false;
    }
    hub.missed();
  }

  @Override
  public void events(List<Event> events) {
    hub.happened(events);
  }

  @Override
  public void disconnected(Exception why) {
    if (!away) {
      log.warn("The event log cannot be read for now: {}", why.getMessage());
      away = true;
    }
  }
}
