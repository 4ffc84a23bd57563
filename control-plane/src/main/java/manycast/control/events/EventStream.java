package manycast.control.events;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import manycast.control.web.Bearers;
import manycast.control.web.Caller;
import manycast.control.web.Scope;
import manycast.db.events.Event;
import manycast.db.events.EventPosition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.json.JsonMapper;

/**
 * One caller's stream of server-sent events, written by the thread of its request until the caller
 * goes, the token is revoked or the process stops.
 */
final class EventStream {
  private static final Logger log = LoggerFactory.getLogger(EventStream.class);
  private static final Duration COMMENT = Duration.ofSeconds(15);

  /** How often the token is looked at: a revoked one is to be cut off within 5 s. */
  private static final Duration CHECK = Duration.ofSeconds(2);

  private static final int PAGE = 200;

  private final Caller caller;
  private final Inbox inbox;
  private final EventLog events;
  private final OutwardEvents outward;
  private final Bearers bearers;
  private final JsonMapper json;
  private final OutputStream out;
  private EventPosition position;
  private boolean readLog;
  private long lastWritten = System.nanoTime();

  /**
   * The inbox has been watching since before {@code position} was read, so that nothing falls
   * between.
   *
   * @param position the last event that the caller knows
   */
  EventStream(
      Caller caller,
      Inbox inbox,
      EventPosition position,
      EventLog events,
      OutwardEvents outward,
      Bearers bearers,
      JsonMapper json,
      OutputStream out) {
    this.caller = caller;
    this.inbox = inbox;
    this.position = position;
    this.events = events;
    this.outward = outward;
    this.bearers = bearers;
    this.json = json;
    this.out = out;
    this.readLog = true;
  }

  /**
   * Writes until the caller is gone, which is told as the exception of the last write, or may not
   * know more.
   */
  void write(BooleanSupplier stopping) throws IOException, InterruptedException {
    long lastCheck = System.nanoTime();
    while (!stopping.getAsBoolean()) {
      if (readLog) {
        readLog();
      }
      Inbox.Content content = inbox.take(readLog ? 500 : CHECK.toMillis());
      readLog |= content.readLog();
      if (!readLog) {
        send(content.events());
      }
      long now = System.nanoTime();
      if (now - lastCheck >= CHECK.toNanos()) {
        lastCheck = now;
        if (!mayStillWatch()) {
          return;
        }
      }
      if (now - lastWritten >= COMMENT.toNanos()) {
        text(":\n\n");
      }
    }
  }

  /** A caller whose place in the log is lost is told so once, and goes on from here. */
  void reset() throws IOException {
    text(
        "id: "
            + position
            + "\nevent: reset\ndata: {\"id\":\""
            + position
            + "\",\"type\":\"reset\"}\n\n");
  }

  /**
   * Reads forward from the caller's own place, whatever came meanwhile; while the database is away,
   * tried again.
   */
  private void readLog() throws IOException {
    try {
      List<Event> page;
      do {
        page = events.after(caller.accountId(), caller.may(Scope.ADMIN), position, PAGE);
        send(page);
      } while (page.size() == PAGE);
      readLog = false;
    } catch (SQLException e) {
      log.debug("the event log cannot be read for now: {}", e.toString());
    }
  }

  private void send(List<Event> happened) throws IOException {
    var message = new StringBuilder();
    for (Event event : happened) {
      if (!event.position().isAfter(position)) {
        continue; // Read from the log already.
      }
      position = event.position();
      if (outward.shows(event, caller.accountId(), caller.may(Scope.ADMIN))) {
        message
            .append("id: ")
            .append(event.position())
            .append("\nevent: ")
            .append(event.type())
            .append("\ndata: ")
            .append(json.writeValueAsString(outward.envelope(event)))
            .append("\n\n");
      }
    }
    if (!message.isEmpty()) {
      text(message.toString());
    }
  }

  /** A revoked or expired token ends the stream; a database that is away does not. */
  private boolean mayStillWatch() {
    try {
      Optional<Caller> now = bearers.stillValid(caller.tokenId());
      return now.isPresent()
          && now.get().may(Scope.EVENTS_READ)
          && now.get().may(Scope.ADMIN) == caller.may(Scope.ADMIN);
    } catch (DataAccessException | TransactionException e) {
      return true;
    }
  }

  private void text(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
    lastWritten = System.nanoTime();
  }
}
