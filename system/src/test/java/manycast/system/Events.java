package manycast.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The account's server-sent events from the moment it is opened; owns its connection. */
final class Events implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String DATA = "data:";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<JsonNode> seen = new CopyOnWriteArrayList<>();

  Events(URI base, String token) throws IOException, InterruptedException {
    HttpResponse<Stream<String>> response =
        http.send(
            HttpRequest.newBuilder(base.resolve("/api/v1/events"))
                .header("Authorization", "Bearer " + token)
                .build(),
            HttpResponse.BodyHandlers.ofLines());
    if (response.statusCode() != 200) {
      throw new IOException("the events are answered with " + response.statusCode());
    }
    Thread.ofVirtual().start(() -> response.body().forEach(this::read));
  }

  private void read(String line) {
    if (line.startsWith(DATA)) {
      seen.add(JSON.readTree(line.substring(DATA.length())));
    }
  }

  /** The envelopes that have come. */
  List<JsonNode> seen() {
    return List.copyOf(seen);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
