package manycast.media.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import manycast.media.http.HttpListener.Request;
import manycast.media.http.HttpListener.Response;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** {@code /healthz}: the process lives. {@code /readyz}: it takes publishers, or why not. */
public final class Health implements HttpListener.Routes {
  private final String nodeId;
  private final Supplier<@Nullable String> notReady;

  /**
   * Health of this node.
   *
   * @param notReady why it takes no publishers now, or null when it does
   */
  public Health(String nodeId, Supplier<@Nullable String> notReady) {
    this.nodeId = nodeId;
    this.notReady = notReady;
  }

  @Override
  public Response answer(Request request) {
    if (request.isPost()) {
      return Response.notAllowed();
    }
    return switch (request.path()) {
      case "/healthz" -> state(null);
      case "/readyz" -> state(notReady.get());
      default -> Response.notFound();
    };
  }

  private Response state(@Nullable String reason) {
    Map<String, @Nullable Object> state = new LinkedHashMap<>();
    state.put("status", reason == null ? "ok" : "unavailable");
    state.put("nodeId", nodeId);
    state.put("reason", reason);
    return Response.json(reason == null ? 200 : 503, JsonMapper.shared().writeValueAsString(state));
  }
}
