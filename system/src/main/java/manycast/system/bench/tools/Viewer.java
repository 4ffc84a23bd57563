package manycast.system.bench.tools;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manycast.db.identity.ProcessIdentity;
import manycast.db.identity.RegisteredKey;
import manycast.system.bench.load.Arrivals;
import manycast.system.bench.peer.Manycast;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who watches the newest broadcast of a node, as a player of low latency does: each
 * playlist is asked for before it is there, and each part fetched once. Owns its thread.
 */
public final class Viewer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Pattern PART =
      Pattern.compile("#EXT-X-PART:[^\\n]*URI=\"([0-9]+-([0-9]+)\\.([0-9]+)\\.m4s[^\"]*)\"");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;
  private final String token;
  private final Arrivals arrivals = new Arrivals();
  private final Thread thread;
  private volatile @Nullable Exception fault;
  private volatile int parts;
  private int partsBefore;
  private long segment = -1;
  private int part = -1;

  private Viewer(String base, String token) {
    this.base = base;
    this.token = token;
    this.thread = Thread.ofPlatform().name("viewer").start(this::run);
  }

  /**
   * Begins to watch.
   *
   * @param port of the node's previews
   */
  public static Viewer watch(Manycast manycast, int port) throws IOException {
    ProcessIdentity control = ProcessIdentity.generate();
    try (Connection database = manycast.connectAsOwner()) {
      register(database, control.publicKey("control-plane"));
      UUID broadcast = newest(database);
      return new Viewer(
          "http://127.0.0.1:%d/hls/%s/".formatted(port, broadcast),
          control.mintViewerToken(broadcast, Duration.ofMinutes(10)));
    } catch (SQLException e) {
      throw new IOException("asking for the broadcast: " + e.getMessage(), e);
    }
  }

  private static void register(Connection database, RegisteredKey key) throws SQLException {
    try (PreparedStatement insert =
        database.prepareStatement(
            "insert into process_key (id, kind, public_key) values (?, ?, ?)")) {
      insert.setString(1, key.id());
      insert.setString(2, key.kind());
      insert.setBytes(3, key.key().getEncoded());
      insert.executeUpdate();
    }
  }

  private static UUID newest(Connection database) throws SQLException {
    try (PreparedStatement select =
            database.prepareStatement(
                "select id from broadcast where state = 'live' order by started_at desc limit 1");
        ResultSet row = select.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("nothing is live");
      }
      return row.getObject(1, UUID.class);
    }
  }

  /** A window begins: what was seen before does not count. */
  public void windowBegins() {
    arrivals.clear();
    partsBefore = parts;
  }

  /** How long pictures took from the publisher to here, in this window. */
  public Arrivals arrivals() {
    return arrivals;
  }

  /** Makes sure that it has seen something in this window; without one, since it began to watch. */
  public void requireWatching() throws IOException {
    Exception failed = fault;
    if (failed != null) {
      throw new IOException("the viewer failed: " + failed.getMessage(), failed);
    }
    if (parts == partsBefore) {
      throw new IOException(
          parts == 0
              ? "the viewer has seen nothing"
              : "the viewer has seen nothing in this window, %d parts before".formatted(parts));
    }
  }

  private void run() {
    String wish = "";
    try {
      while (!Thread.interrupted()) {
        String playlist =
            new String(fetch("index.m3u8?token=" + token + wish), StandardCharsets.UTF_8);
        Matcher listed = PART.matcher(playlist);
        long newestSegment = segment;
        int newestPart = part;
        while (listed.find()) {
          long ofSegment = Long.parseLong(listed.group(2));
          int number = Integer.parseInt(listed.group(3));
          if (ofSegment > segment || (ofSegment == segment && number > part)) {
            byte[] bytes = fetch(listed.group(1));
            arrivals.add(bytes, System.nanoTime());
            parts++;
          }
          newestSegment = ofSegment;
          newestPart = number;
        }
        segment = newestSegment;
        part = newestPart;
        wish = "&_HLS_msn=%d&_HLS_part=%d&_HLS_skip=YES".formatted(segment, part + 1);
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      fault = e;
    }
  }

  private byte[] fetch(String name) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        client.send(
            HttpRequest.newBuilder(URI.create(base + name)).timeout(PATIENCE).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new IOException("the preview answered " + response.statusCode());
    }
    return response.body();
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    client.close();
  }
}
