package manycast.db.events;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a listener of every event on some channels, in order and once, for as long as it lives:
 * through a connection of its own that listens, that is proven alive by a query whenever it has
 * been silent, and that is opened again with growing pauses. A notification is only a wake-up; the
 * log is read forward from the feed's position. Owns one platform thread, which starts at once.
 */
public final class EventFeed implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventFeed.class);
  private static final Pattern CHANNEL = Pattern.compile("[a-z_]+");

  /** Also how long a connection may be silent before it is asked. */
  private static final int POLL_MS = 2000;

  /** Longer than the roles' statement_timeout. */
  private static final int SOCKET_TIMEOUT_MS = 7000;

  private static final int PAGE = 500;
  private static final long CLOSE_MS = 5000;

  private final Connector connections;
  private final Set<String> channels;
  private final EventListener listener;
  private final EventReader reader = new EventReader();
  private final Backoff backoff = new Backoff();
  private final Thread thread;

  private volatile boolean closed;
  private volatile @Nullable Connection current;

  /** Where the feed stands; null until it first connects. Only the feed's thread touches it. */
  private @Nullable EventPosition position;

  public EventFeed(Connector connections, List<String> channels, EventListener listener) {
    for (String channel : channels) {
      if (!CHANNEL.matcher(channel).matches()) {
        throw new IllegalArgumentException("no channel: " + channel);
      }
    }
    this.connections = connections;
    this.channels = Set.copyOf(channels);
    this.listener = listener;
    this.thread = Thread.ofPlatform().daemon().name("event-feed").unstarted(this::run);
    thread.start();
  }

  /**
   * Ends the feed; when it returns the listener is not called any more, unless it is stuck in a
   * call.
   */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    Connection connection = current;
    if (connection != null) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        log.debug("closing the event feed", e);
      }
    }
    if (Thread.currentThread() != thread) {
      try {
        thread.join(CLOSE_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    while (!closed) {
      try (Connection connection = connections.open()) {
        current = connection;
        follow(connection);
      } catch (InterruptedException e) {
        // Only close() interrupts.
        return;
      } catch (SQLException e) {
        lost(e);
      } catch (RuntimeException e) {
        if (!closed) {
          log.error("a listener to events failed", e);
        }
        lost(e);
      } finally {
        current = null;
      }
    }
  }

  private void lost(Exception why) {
    if (closed) {
      return;
    }
    try {
      listener.disconnected(why);
    } catch (RuntimeException e) {
      log.error("a listener to events failed", e);
    }
    try {
      Thread.sleep(backoff.nextMs());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  private void follow(Connection connection) throws SQLException, InterruptedException {
    connection.setAutoCommit(true);
    connection.setNetworkTimeout(Runnable::run, SOCKET_TIMEOUT_MS);
    try (Statement statement = connection.createStatement()) {
      for (String channel : channels) {
        statement.execute("listen " + channel);
      }
    }
    // After LISTEN: what is committed from here on is either read or announced.
    EventPosition reached = resume(connection);
    position = reached;
    if (closed) {
      return;
    }
    listener.connected(reached);
    reached = readForward(connection, reached);
    backoff.reset();

    PGConnection notifications = connection.unwrap(PGConnection.class);
    Announced announced = new Announced();
    while (!closed) {
      announced.add(notifications.getNotifications(POLL_MS));
      reached = readForward(connection, reached);
      for (long wait = announced.nextWaitMs(reached); wait > 0; ) {
        // Committed, but an older transaction still runs: no notification will tell when it ends.
        Thread.sleep(wait);
        announced.add(notifications.getNotifications());
        reached = readForward(connection, reached);
        wait = closed ? 0 : announced.nextWaitMs(reached);
      }
    }
  }

  /** Where to go on. A position ahead of the log belongs to another server's numbering. */
  private EventPosition resume(Connection connection) throws SQLException {
    EventPosition held = position;
    EventPosition head = reader.head(connection);
    return held == null || held.isAfter(head) ? head : held;
  }

  private EventPosition readForward(Connection connection, EventPosition from) throws SQLException {
    EventPosition reached = from;
    boolean more = true;
    while (more && !closed) {
      EventReader.Page page = reader.readPage(connection, reached, PAGE, channels);
      reached = page.reached();
      // Before the listener is told: what it fails on does not come again.
      position = reached;
      if (!page.events().isEmpty()) {
        listener.events(page.events());
      }
      more = page.full();
    }
    return reached;
  }

  /** The furthest event that was announced, and how often we looked for it in vain. */
  private static final class Announced {
    private static final long FIRST_MS = 5;
    private static final long LONGEST_MS = 200;

    private EventPosition furthest = EventPosition.START;
    private long waitMs = FIRST_MS;

    void add(PGNotification @Nullable [] notifications) {
      if (notifications == null) {
        return;
      }
      for (PGNotification notification : notifications) {
        EventPosition announced = positionIn(notification.getParameter());
        if (announced != null && announced.isAfter(furthest)) {
          furthest = announced;
        }
      }
    }

    /** 0 when all that was announced has been read; else 5, 10, 20 … 200. */
    long nextWaitMs(EventPosition reached) {
      if (!furthest.isAfter(reached)) {
        waitMs = FIRST_MS;
        return 0;
      }
      long wait = waitMs;
      waitMs = Math.min(LONGEST_MS, waitMs * 2);
      return wait;
    }

    /**
     * The payload is {@code {"event" : "<position>"}}; anything else is a wake-up like any other.
     */
    private static @Nullable EventPosition positionIn(String payload) {
      String[] parts = payload.split("\"", -1);
      if (parts.length != 5) {
        return null;
      }
      try {
        return EventPosition.parse(parts[3]);
      } catch (IllegalArgumentException e) {
        return null;
      }
    }
  }
}
