package manycast.control.nodes;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import manycast.control.nodes.NodeService.Address;
import manycast.db.identity.ProcessIdentity;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Has a node test the connection to a destination, and asks how far it is. Blocks. */
@Component
public class NodeProbes implements DisposableBean {
  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final int LONGEST_ANSWER = 256 * 1024;

  private final ProcessIdentity identity;
  private final JsonMapper json;
  private volatile @Nullable HttpClient client;

  NodeProbes(ProcessIdentity identity, JsonMapper json) {
    this.identity = identity;
    this.json = json;
  }

  /**
   * How far a test is.
   *
   * @param over whether every step has its result
   */
  public record Report(boolean over, List<Step> steps) {}

  /**
   * One step.
   *
   * @param step such as {@code dns}
   * @param result {@code ok}, {@code failed} or {@code skipped}
   * @param said the server's own words; may be empty
   */
  public record Step(String step, String result, long ms, String sentence, String said) {}

  /** What came of asking a node to begin. */
  public sealed interface Begun {
    record Running(UUID id) implements Begun {}

    /** It sends there now. */
    record Live() implements Begun {}

    /** It tests as much as it may. */
    record Busy() implements Begun {}

    /** It doesn't answer, or not as a node does. */
    record Unheard() implements Begun {}
  }

  /** Has this node begin. */
  public Begun begin(Address node, UUID destinationId, boolean publish, String keySuffix) {
    String order =
        json.writeValueAsString(
            Map.of("destinationId", destinationId, "publish", publish, "keySuffix", keySuffix));
    try {
      HttpResponse<String> answer =
          send(
              request(node, "/v1/probes")
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(order))
                  .build());
      return switch (answer.statusCode()) {
        case 202 ->
            new Begun.Running(
                UUID.fromString(json.readTree(answer.body()).path("id").asString("")));
        case 409 -> new Begun.Live();
        case 429 -> new Begun.Busy();
        default -> new Begun.Unheard();
      };
    } catch (IOException | JacksonException | IllegalArgumentException e) {
      return new Begun.Unheard();
    }
  }

  /** How far that test is; null where the node cannot say. */
  public @Nullable Report find(Address node, UUID id) {
    try {
      HttpResponse<String> answer = send(request(node, "/v1/probes/" + id).GET().build());
      if (answer.statusCode() != 200) {
        return null;
      }
      JsonNode body = json.readTree(answer.body());
      return json.treeToValue(body, Report.class);
    } catch (IOException | JacksonException e) {
      return null;
    }
  }

  private HttpRequest.Builder request(Address node, String path) {
    return HttpRequest.newBuilder(URI.create(node.url() + path))
        .timeout(ANSWER)
        .header("Authorization", "Bearer " + identity.mint(node.nodeId()));
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return client()
          .send(
              request,
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofString(), LONGEST_ANSWER));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Made when first needed, as the poller's. */
  private HttpClient client() {
    HttpClient present = client;
    if (present == null) {
      present =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(ANSWER)
              .followRedirects(HttpClient.Redirect.NEVER)
              .build();
      client = present;
    }
    return present;
  }

  @Override
  public void destroy() {
    HttpClient used = client;
    if (used != null) {
      used.shutdownNow();
    }
  }
}
