package manycast.control.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the API's events as they come, in a thread of its own. */
public final class EventReaderClient implements AutoCloseable {
  /** One event as it stood on the wire. */
  public record Received(String id, String type, JsonNode data) {}

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final int status;
  private final InputStream body;
  private volatile boolean ended;
  private volatile int comments;

  /** Opens; has been let in or refused when this returns. */
  public EventReaderClient(ApiClient caller, @Nullable String lastEventId) {
    HttpRequest.Builder request = caller.request("/events").header("Accept", "text/event-stream");
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    try {
      HttpResponse<InputStream> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      status = response.statusCode();
      body = response.body();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    Thread.ofVirtual().start(this::read);
  }

  public int status() {
    return status;
  }

  /** All so far. */
  public List<Received> received() {
    return received;
  }

  /** All so far by type. */
  public List<String> types() {
    return received.stream().map(Received::type).toList();
  }

  /** Waits until there are so many. */
  public List<Received> await(int count) {
    Eventually.holds(count + " events, there are " + types(), () -> received.size() >= count);
    return received;
  }

  /** Whether the server has ended it. */
  public boolean ended() {
    return ended;
  }

  public int comments() {
    return comments;
  }

  private void read() {
    try (var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      String id = "";
      String type = "";
      String data = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(":")) {
          comments++;
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("event: ")) {
          type = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        } else if (line.isEmpty() && !type.isEmpty()) {
          received.add(new Received(id, type, ApiClient.JSON.readTree(data)));
          type = "";
        }
      }
    } catch (IOException e) {
      // Cut, by either side.
    } finally {
      ended = true;
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
