package manycast.control.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A caller of the API. */
public final class ApiClient {
  public static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String DESCRIPTION = "/api/v1/openapi.json";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static @Nullable ApiDescription description;

  private final String url;
  private final String token;

  ApiClient(String url, String token) {
    this.url = url;
    this.token = token;
  }

  /** An answer as it came. */
  public record Answer(HttpResponse<String> http) {
    /** Fails, showing the body, when the status is another one. */
    public Answer expect(int status) {
      assertThat(http.statusCode())
          .as(http.request().method() + " " + http.uri() + ": " + http.body())
          .isEqualTo(status);
      return this;
    }

    public int status() {
      return http.statusCode();
    }

    public JsonNode json() {
      return JSON.readTree(http.body());
    }

    public String text(String field) {
      return json().required(field).stringValue();
    }

    /** The names of the fields that a 422 complains about. */
    public List<String> faultyFields() {
      expect(422);
      assertThat(http.headers().firstValue("Content-Type")).hasValue("application/problem+json");
      return json()
          .required("errors")
          .valueStream()
          .map(error -> error.required("field").stringValue())
          .toList();
    }

    public @Nullable String header(String name) {
      return http.headers().firstValue(name).orElse(null);
    }
  }

  public Answer get(String path) {
    return send(request(path).GET());
  }

  public Answer post(String path, String body) {
    return send(json(path, "POST", body));
  }

  public Answer post(String path) {
    return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
  }

  public Answer post(String path, String body, String idempotencyKey) {
    return send(json(path, "POST", body).header("Idempotency-Key", idempotencyKey));
  }

  public Answer patch(String path, String body) {
    return send(json(path, "PATCH", body));
  }

  public Answer delete(String path) {
    return send(request(path).DELETE());
  }

  /** A request to the API with the token, path behind {@code /api/v1}. */
  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + "/api/v1" + path))
        .timeout(Duration.ofSeconds(20))
        .header("Authorization", "Bearer " + token);
  }

  public String token() {
    return token;
  }

  /** Any request at all; an answer of the API is checked against the API's description. */
  public static Answer send(HttpRequest.Builder request) {
    try {
      Answer answer = new Answer(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()));
      checkAgainstDescription(answer);
      return answer;
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** A plain GET of any URL, without a token. */
  public static Answer open(String url) {
    return send(HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(20)));
  }

  private static void checkAgainstDescription(Answer answer) {
    URI uri = answer.http().uri();
    if (!uri.getPath().startsWith("/api/v1/") || uri.getPath().equals(DESCRIPTION)) {
      return;
    }
    String method = answer.http().request().method();
    assertThat(
            description(uri)
                .faults(
                    method,
                    uri.getPath(),
                    answer.status(),
                    answer.header("Content-Type"),
                    answer.http().body()))
        .as("not as described: %s %s: %s", method, uri.getPath(), answer.http().body())
        .isEmpty();
  }

  /** All control planes of a run describe the same API: the first one is asked. */
  private static synchronized ApiDescription description(URI uri) {
    if (description == null) {
      description = new ApiDescription(open(uri.resolve(DESCRIPTION).toString()).http().body());
    }
    return description;
  }

  private HttpRequest.Builder json(String path, String method, String body) {
    return request(path)
        .header("Content-Type", "application/json")
        .method(method, HttpRequest.BodyPublishers.ofString(body));
  }
}
