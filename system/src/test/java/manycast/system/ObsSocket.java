package manycast.system;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The remote control of OBS: version 5 of the obs-websocket protocol, without a password. */
final class ObsSocket implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final int HELLO = 0;
  private static final int IDENTIFY = 1;
  private static final int IDENTIFIED = 2;
  private static final int REQUEST = 6;
  private static final int RESPONSE = 7;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final AtomicLong requests = new AtomicLong();
  private final CompletableFuture<Boolean> greeted = new CompletableFuture<>();
  private final CompletableFuture<Boolean> identified = new CompletableFuture<>();
  private final WebSocket socket;

  /** Connects and identifies itself; fails where nobody listens yet. */
  ObsSocket(int port) {
    this.socket =
        http.newWebSocketBuilder()
            .subprotocols("obswebsocket.json")
            .connectTimeout(Duration.ofSeconds(2))
            .buildAsync(URI.create("ws://127.0.0.1:" + port), new Incoming())
            .orTimeout(ANSWER.toSeconds(), TimeUnit.SECONDS)
            .join();
    greeted.orTimeout(ANSWER.toSeconds(), TimeUnit.SECONDS).join();
    // Without subscriptions: no event is of use here.
    send(IDENTIFY, Map.of("rpcVersion", 1, "eventSubscriptions", 0));
    identified.orTimeout(ANSWER.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** Asks OBS for something and waits for what it answers; a refusal fails the test. */
  JsonNode request(String type) {
    String id = String.valueOf(requests.incrementAndGet());
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(id, answer);
    send(REQUEST, Map.of("requestType", type, "requestId", id));
    JsonNode data = answer.orTimeout(ANSWER.toSeconds(), TimeUnit.SECONDS).join();
    if (!data.get("requestStatus").get("result").asBoolean()) {
      throw new AssertionError(type + " was refused by OBS: " + data);
    }
    return data.path("responseData");
  }

  private void send(int operation, Map<String, ?> data) {
    socket.sendText(JSON.writeValueAsString(Map.of("op", operation, "d", data)), true).join();
  }

  private void on(JsonNode message) {
    JsonNode data = message.get("d");
    switch (message.get("op").asInt()) {
      case HELLO -> greeted.complete(true);
      case IDENTIFIED -> identified.complete(true);
      case RESPONSE -> {
        CompletableFuture<JsonNode> answer = asked.remove(data.get("requestId").asString());
        if (answer != null) {
          answer.complete(data);
        }
      }
      default -> {
        // Nothing else was asked for.
      }
    }
  }

  private final class Incoming implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @org.jspecify.annotations.Nullable CompletionStage<?> onText(
        WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        on(JSON.readTree(text.toString()));
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }
}
