package manycast.media.owner;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks the other nodes of the installation over their internal HTTP, with service tokens of this
 * one. Owns a client, made when it is first needed; and nothing of JSON is loaded before.
 */
public final class OtherNodes implements Owners, AutoCloseable {
  private static final Duration CONNECT = Duration.ofMillis(700);
  private static final Duration ANSWER = Duration.ofSeconds(1);
  private static final int LONGEST_ANSWER = 64 << 10;
  private static final int ACCEPTED = 202;
  private static final int OK = 200;

  private final UnaryOperator<String> tokenFor;
  private @Nullable HttpClient client;

  /**
   * Asks for a node with this id's key.
   *
   * @param tokenFor mints a service token for the node with this id
   */
  public OtherNodes(UnaryOperator<String> tokenFor) {
    this.tokenFor = tokenFor;
  }

  @Override
  public OwnerAnswer publisher(Owner owner) {
    try {
      HttpResponse<String> answer =
          send(request(owner, "/v1/streams/" + owner.streamId() + "/publisher").GET().build());
      JsonNode publisher =
          answer.statusCode() == OK ? JsonMapper.shared().readTree(answer.body()) : null;
      if (publisher != null
          && publisher.path("epoch").isIntegralNumber()
          && publisher.path("silentMs").isIntegralNumber()) {
        return new OwnerAnswer.Publisher(
            publisher.path("epoch").asLong(), publisher.path("silentMs").asLong());
      }
      String there = nodeIdAt(owner);
      if (there.isEmpty()) {
        return new OwnerAnswer.Unreachable();
      }
      return there.equals(owner.nodeId()) ? new OwnerAnswer.NoWord() : new OwnerAnswer.Gone();
    } catch (IOException | JacksonException e) {
      return refusesTcp(owner) ? new OwnerAnswer.Gone() : new OwnerAnswer.Unreachable();
    }
  }

  /** What the HTTP client throws does not tell a refusal from a way that does not lead there. */
  private static boolean refusesTcp(Owner owner) {
    URI url = URI.create(owner.url());
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), (int) CONNECT.toMillis());
      return false;
    } catch (ConnectException e) {
      return String.valueOf(e.getMessage()).contains("refused");
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * The id of the node at the owner's address, also of one that is not ready; empty where the
   * answer names none. Another node took the owner's place; what names nobody, such as a proxy
   * before the owner, is no way to it.
   */
  private String nodeIdAt(Owner owner) throws IOException {
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(URI.create(owner.url() + "/readyz"))
                .timeout(ANSWER)
                .GET()
                .build());
    return JsonMapper.shared().readTree(answer.body()).path("nodeId").asString("");
  }

  @Override
  public boolean release(Owner owner) {
    try {
      HttpRequest.BodyPublisher epoch =
          HttpRequest.BodyPublishers.ofString(
              JsonMapper.shared().writeValueAsString(Map.of("epoch", owner.epoch())));
      return send(request(owner, "/v1/streams/" + owner.streamId() + "/release")
                  .header("Content-Type", "application/json")
                  .POST(epoch)
                  .build())
              .statusCode()
          == ACCEPTED;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpRequest.Builder request(Owner owner, String path) {
    return HttpRequest.newBuilder(URI.create(owner.url() + path))
        .header("Authorization", "Bearer " + tokenFor.apply(owner.nodeId()))
        .timeout(ANSWER);
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return client().send(request, BodyHandlers.limiting(BodyHandlers.ofString(), LONGEST_ANSWER));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private synchronized HttpClient client() {
    HttpClient made = client;
    if (made == null) {
      made =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(CONNECT)
              .followRedirects(HttpClient.Redirect.NEVER)
              .proxy(HttpClient.Builder.NO_PROXY)
              .build();
      client = made;
    }
    return made;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }
}
