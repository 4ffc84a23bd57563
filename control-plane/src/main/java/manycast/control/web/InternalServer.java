package manycast.control.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import manycast.control.settings.Settings;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Health and metrics on loopback, by the JDK's own small server: it answers while the other one is
 * busy, and costs nothing at start.
 */
@Component
public class InternalServer implements SmartLifecycle {
  private static final String JSON = "application/json";

  private final Settings settings;
  private final Health health;
  private final PrometheusMeterRegistry meters;
  private final JsonMapper json;
  private @Nullable HttpServer server;

  InternalServer(
      Settings settings, Health health, PrometheusMeterRegistry meters, JsonMapper json) {
    this.settings = settings;
    this.health = health;
    this.meters = meters;
    this.json = json;
  }

  @Override
  public void start() {
    try {
      HttpServer started =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.internalPort()), 0);
      started.createContext("/healthz", exchange -> answer(exchange, "/healthz", health.alive()));
      started.createContext("/readyz", exchange -> answer(exchange, "/readyz", health.ready()));
      started.createContext("/metrics", this::metrics);
      started.createContext(
          "/",
          exchange -> respond(exchange, 404, "text/plain", "There is nothing at this address.\n"));
      started.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      started.start();
      server = started;
    } catch (IOException e) {
      throw new IllegalStateException(
          "MANYCAST_INTERNAL_PORT="
              + settings.internalPort()
              + " cannot be listened on: "
              + e.getMessage(),
          e);
    }
  }

  @Override
  public void stop() {
    if (server != null) {
      server.stop(0);
      server = null;
    }
  }

  @Override
  public boolean isRunning() {
    return server != null;
  }

  /** The port it really listens on. */
  public int port() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange, String path, Health.Answer answer) throws IOException {
    if (exchange.getRequestURI().getPath().equals(path)) {
      respond(exchange, answer.httpStatus(), JSON, json.writeValueAsString(answer));
    } else {
      respond(exchange, 404, "text/plain", "There is nothing at this address.\n");
    }
  }

  private void metrics(HttpExchange exchange) throws IOException {
    respond(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", meters.scrape());
  }

  private static void respond(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(status, head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }
}
