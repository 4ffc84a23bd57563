package manycast.media.owner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What each way of not answering is taken for, over real sockets. */
class OtherNodesTest {
  private static final UUID STREAM = new UUID(0, 1);
  private static final String PUBLISHER = "/v1/streams/" + STREAM + "/publisher";
  private static final String RELEASE = "/v1/streams/" + STREAM + "/release";

  private final HttpServer server = HttpServer.create();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final OtherNodes nodes = new OtherNodes(id -> "token-for-" + id);
  private final Owner owner;

  OtherNodesTest() throws IOException {
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    owner = owner(server.getAddress().getPort());
  }

  private static Owner owner(int port) {
    return new Owner("other", "http://127.0.0.1:" + port, STREAM, 7, false);
  }

  @AfterEach
  void stop() {
    nodes.close();
    server.stop(0);
  }

  private void at(String path, int status, String body) {
    server.createContext(path, exchange -> answer(exchange, status, body));
  }

  private void answer(HttpExchange exchange, int status, String body) throws IOException {
    String said = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    heard.add(exchange.getRequestMethod() + " " + authorization + " " + said);
    exchange.sendResponseHeaders(status, body.length());
    exchange.getResponseBody().write(body.getBytes(UTF_8));
    exchange.close();
  }

  @Test
  void hearsOfThePublisher() {
    at(PUBLISHER, 200, "{\"epoch\":7,\"silentMs\":1234}");
    assertThat(nodes.publisher(owner)).isEqualTo(new OwnerAnswer.Publisher(7, 1234));
    assertThat(heard).containsExactly("GET Bearer token-for-other ");
  }

  @Test
  void takesAProcessWithAnotherIdForTheEndOfTheOwner() {
    at(PUBLISHER, 401, "{}");
    at("/readyz", 200, "{\"nodeId\":\"another\"}");
    assertThat(nodes.publisher(owner)).isEqualTo(new OwnerAnswer.Gone());
  }

  @Test
  void knowsAnOwnerThatIsNotReadyByItsName() {
    at(PUBLISHER, 404, "{}");
    at("/readyz", 503, "{\"nodeId\":\"other\"}");
    assertThat(nodes.publisher(owner)).isEqualTo(new OwnerAnswer.NoWord());
  }

  @Test
  void concludesNothingFromWhatNamesNoNode() {
    at("/", 404, "{\"status\":404}");
    assertThat(nodes.publisher(owner)).isEqualTo(new OwnerAnswer.Unreachable());
  }

  @Test
  void takesARefusedConnectionForTheEndOfTheOwner() {
    server.stop(0);
    assertThat(nodes.publisher(owner)).isEqualTo(new OwnerAnswer.Gone());
  }

  @Test
  void concludesNothingFromAnOwnerThatHangs() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(nodes.publisher(owner(silent.getLocalPort())))
          .isEqualTo(new OwnerAnswer.Unreachable());
    }
  }

  @Test
  void concludesNothingFromNonsense() {
    at(PUBLISHER, 200, "nonsense");
    assertThat(nodes.publisher(owner)).isEqualTo(new OwnerAnswer.Unreachable());
  }

  @Test
  void asksForARelease() {
    at(RELEASE, 202, "{}");
    assertThat(nodes.release(owner)).isTrue();
    assertThat(heard).containsExactly("POST Bearer token-for-other {\"epoch\":7}");
  }

  @Test
  void hearsThatAnOwnerKeepsItsBroadcast() {
    at(RELEASE, 409, "{}");
    assertThat(nodes.release(owner)).isFalse();
  }
}
