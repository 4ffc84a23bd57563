package manycast.launcher.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The REST API as its users call it. */
public final class Api implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final URI base;
  private final String token;
  private final JsonMapper json = new JsonMapper();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  /**
   * @param base such as {@code http://127.0.0.1:8080}
   */
  public Api(URI base, String token) {
    this.base = base;
    this.token = token;
  }

  /**
   * What was answered.
   *
   * @param body a missing node when there was none
   */
  public record Answer(int status, JsonNode body) {
    boolean isOk() {
      return status / 100 == 2;
    }

    /** The problem's own words, for a person. */
    String problem() {
      return "%d %s"
          .formatted(status, body.path("detail").asString(body.path("title").asString("")));
    }
  }

  /**
   * Calls {@code /api/v1} and a path.
   *
   * @param fields of the JSON body; empty for none
   * @throws IOException when nobody answers, or not in JSON
   */
  public Answer call(String method, String path, Map<String, ?> fields)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve("/api/v1" + path))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(
                method,
                fields.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(json.writeValueAsString(fields)))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    try {
      return new Answer(
          response.statusCode(),
          response.body().isEmpty() ? json.missingNode() : json.readTree(response.body()));
    } catch (JacksonException e) {
      throw new IOException(
          "%s %s was answered with %d and no JSON".formatted(method, path, response.statusCode()),
          e);
    }
  }

  /** The same, for a call that has to succeed. */
  JsonNode must(String method, String path, Map<String, ?> fields)
      throws IOException, InterruptedException {
    Answer answer = call(method, path, fields);
    if (!answer.isOk()) {
      throw new IOException("%s %s: %s".formatted(method, path, answer.problem()));
    }
    return answer.body();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
