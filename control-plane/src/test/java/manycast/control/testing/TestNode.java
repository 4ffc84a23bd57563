package manycast.control.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import manycast.db.identity.InvalidTokenException;
import manycast.db.identity.JdbcPublicKeys;
import manycast.db.identity.ProcessIdentity;
import manycast.db.identity.ServiceTokenVerifier;
import manycast.db.testing.TestDatabase;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a media node: its rows in the database, written as the media plane's role, and its
 * answers.
 */
public final class TestNode implements AutoCloseable {
  private final TestDatabase database;
  private final ProcessIdentity identity = ProcessIdentity.generate();
  private final HttpServer server;
  private final ServiceTokenVerifier verifier;
  private final List<String> askedBy = new CopyOnWriteArrayList<>();
  private volatile String broadcasts = "[]";
  private final List<String> probesAsked = new CopyOnWriteArrayList<>();
  private final List<String> probeTold = new CopyOnWriteArrayList<>();
  private volatile boolean hangs;
  private final AtomicInteger held = new AtomicInteger();

  /** Registers itself and listens. */
  public TestNode(TestDatabase database) {
    this.database = database;
    this.verifier =
        new ServiceTokenVerifier(
            identity.id(), new JdbcPublicKeys(database.dataSource(TestDatabase.MEDIA)));
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/broadcasts", this::answer);
    server.createContext("/v1/probes", this::answerProbe);
    server.start();
    try (Connection connection = database.media()) {
      identity.register(connection);
      try (PreparedStatement node =
          connection.prepareStatement("select register_node(?, ?, ?, '0.1.0')")) {
        node.setString(1, identity.id());
        node.setString(2, "http://127.0.0.1:" + server.getAddress().getPort());
        node.setString(3, "rtmp://live.example.com:1935/live");
        node.execute();
      }
      try (PreparedStatement node =
          connection.prepareStatement("update node set preview_url = ? where id = ?")) {
        node.setString(1, previewUrl());
        node.setString(2, identity.id());
        node.execute();
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  public String id() {
    return identity.id();
  }

  /** Where browsers would find its previews. */
  public String previewUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Has an encoder begin to publish with the key; the broadcast's id. */
  public UUID goLive(String streamKey) {
    UUID broadcastId = UUID.randomUUID();
    try (Connection connection = database.media();
        PreparedStatement claim =
            connection.prepareStatement(
                "select outcome from claim_broadcast(?, ?, ?, 'rtmp', '203.0.113.7', 'OBS')")) {
      claim.setBytes(1, TestControlPlane.SECRET_KEY.mediaKeys().streamKeyHmac(streamKey));
      claim.setObject(2, broadcastId);
      claim.setString(3, identity.id());
      try (ResultSet row = claim.executeQuery()) {
        row.next();
        if (!row.getString(1).equals("claimed")) {
          throw new AssertionError("the publish was refused: " + row.getString(1));
        }
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return broadcastId;
  }

  /** Ends the broadcast as its encoder's goodbye does. */
  public void end(UUID broadcastId) {
    database.execute(
        "select end_broadcast(id, epoch, 'encoder') from broadcast where id = '"
            + broadcastId
            + "'");
  }

  /** Writes the row of a relay. */
  public void relay(UUID broadcastId, String destinationId, String state, long bytesSent) {
    database.execute(
        "insert into relay (broadcast_id, destination_id, name, platform, state, bytes_sent) values ('%s', '%s', 'as it was', 'custom', '%s', %d)"
            .formatted(broadcastId, destinationId, state, bytesSent));
  }

  /**
   * Writes a sample of the ingest, so many seconds ago.
   *
   * @param set more columns and their values, as in {@code silent_ms = 4000}, comma-separated
   */
  public void sampleIngest(UUID broadcastId, int secondsAgo, long bitrateBps, String set) {
    sample(broadcastId, null, secondsAgo, "live", bitrateBps, set);
  }

  /** Writes a sample of a destination, so many seconds ago. */
  public void sampleDestination(
      UUID broadcastId,
      String destinationId,
      int secondsAgo,
      String state,
      long bitrateBps,
      String set) {
    sample(broadcastId, destinationId, secondsAgo, state, bitrateBps, set);
  }

  private void sample(
      UUID broadcastId,
      @Nullable String destinationId,
      int secondsAgo,
      String state,
      long bitrateBps,
      String set) {
    makePartitions();
    var columns = new StringBuilder();
    var values = new StringBuilder();
    for (String pair : set.isEmpty() ? new String[0] : set.split(", ")) {
      columns.append(", ").append(pair.split(" = ")[0]);
      values.append(", ").append(pair.split(" = ")[1]);
    }
    database.execute(
        """
        insert into sample (taken_at, broadcast_id, destination_id, node_id, state, bitrate_bps, frames, frames_missing%s)
          values (now() - interval '%d seconds', '%s', %s, '%s', '%s', %d, 0, 0%s)"""
            .formatted(
                columns,
                secondsAgo,
                broadcastId,
                destinationId == null ? "null" : "'" + destinationId + "'",
                id(),
                state,
                bitrateBps,
                values));
  }

  /** As if somebody had run yesterday too: a test may run just after midnight. */
  public void makePartitions() {
    database.execute(
        """
        select keep_sample_partitions();
        do $$ declare d date := (now() at time zone 'UTC')::date - 1; begin
          execute format('create table if not exists %I partition of sample for values from (%L) to (%L)',
            'sample_' || to_char(d, 'YYYYMMDD'), d::timestamp at time zone 'UTC', (d + 1)::timestamp at time zone 'UTC');
        end $$""");
  }

  /** Has the broadcast have begun so many seconds ago. */
  public void began(UUID broadcastId, int secondsAgo) {
    database.execute(
        "update broadcast set started_at = now() - interval '%d seconds' where id = '%s'"
            .formatted(secondsAgo, broadcastId));
  }

  /** What it answers from now on: the JSON array of its broadcasts. */
  public void tells(String json) {
    broadcasts = json;
  }

  /** What it answers of a connection test: first this, later that. */
  public void tells(String later, String first) {
    probeTold.clear();
    probeTold.addAll(List.of(first, later));
  }

  /** The orders to test a connection that it has got. */
  public List<String> probesAsked() {
    return probesAsked;
  }

  /** From now on it takes connections and answers nothing. */
  public void hang(boolean now) {
    hangs = now;
  }

  /** How many questions it has taken and not answered. */
  public int held() {
    return held.get();
  }

  /** The processes that asked, each with a token that this node could verify. */
  public List<String> askedBy() {
    return askedBy;
  }

  @Override
  public void close() {
    server.stop(0);
    database.execute(
        "update broadcast set state = 'ended', ended_at = now(), end_reason = 'node_lost' where node_id = '"
            + id()
            + "' and state <> 'ended'");
    database.execute("update node set state = 'gone' where id = '" + id() + "'");
  }

  private void answerProbe(HttpExchange exchange) throws IOException {
    if (hangs) {
      held.incrementAndGet();
      return;
    }
    try (exchange) {
      String header = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
      verifier.verify(header.replaceFirst("^Bearer ", ""));
      boolean begins = exchange.getRequestMethod().equals("POST");
      if (begins) {
        probesAsked.add(
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      }
      String told =
          begins ? "" : probeTold.size() > 1 ? probeTold.removeFirst() : probeTold.getFirst();
      byte[] body =
          (begins ? "{\"id\": \"" + UUID.randomUUID() + "\"}" : told)
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(begins ? 202 : 200, body.length);
      exchange.getResponseBody().write(body);
    } catch (InvalidTokenException e) {
      exchange.sendResponseHeaders(401, -1);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    if (hangs) {
      held.incrementAndGet();
      return;
    }
    try (exchange) {
      String header = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
      askedBy.add(verifier.verify(header.replaceFirst("^Bearer ", "")));
      byte[] body =
          "{\"nodeId\": \"%s\", \"asOf\": \"%s\", \"broadcasts\": %s}"
              .formatted(id(), Instant.now(), broadcasts)
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } catch (InvalidTokenException e) {
      exchange.sendResponseHeaders(401, -1);
    }
  }
}
