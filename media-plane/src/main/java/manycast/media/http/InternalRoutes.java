package manycast.media.http;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.BroadcastState;
import manycast.media.broadcast.Broadcasts;
import manycast.media.http.HttpListener.Request;
import manycast.media.http.HttpListener.Response;
import manycast.media.probe.ProbeReport;
import manycast.media.probe.ProbeTargets.UnavailableException;
import manycast.media.probe.Probes;
import manycast.media.relay.Relays;
import manycast.media.token.ServiceTokens;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The internal port: health and metrics for everybody who reaches it, {@code /v1} for processes
 * with a service token.
 */
public final class InternalRoutes implements HttpListener.Routes {
  private static final Logger LOG = LoggerFactory.getLogger(InternalRoutes.class);
  private static final JsonMapper JSON = JsonMapper.shared();

  /**
   * Loops that have not answered by then are left out: a point query never waits for one that is
   * stuck.
   */
  private static final int LOOP_ANSWER_MS = 400;

  /** An encoder that has sent nothing for so long may be one that has gone elsewhere. */
  private static final int SILENT_MS = 3_000;

  private final String nodeId;
  private final Health health;
  private final Supplier<String> metrics;
  private final ServiceTokens tokens;
  private final Broadcasts broadcasts;
  private final Relays relays;
  private final Probes probes;

  /**
   * Routes of this node.
   *
   * @param metrics the metrics in Prometheus' text form
   */
  public InternalRoutes(
      String nodeId,
      Health health,
      Supplier<String> metrics,
      ServiceTokens tokens,
      Broadcasts broadcasts,
      Relays relays,
      Probes probes) {
    this.nodeId = nodeId;
    this.health = health;
    this.metrics = metrics;
    this.tokens = tokens;
    this.broadcasts = broadcasts;
    this.relays = relays;
    this.probes = probes;
  }

  @Override
  public Response answer(Request request) {
    if (request.path().equals("/metrics") && !request.isPost()) {
      return new Response(200, "text/plain; version=0.0.4; charset=utf-8", metrics.get());
    }
    if (!request.path().startsWith("/v1/")) {
      return health.answer(request);
    }
    if (!tokens.isGenuine(request.authorization())) {
      return Response.json(401, "{\"status\":401,\"title\":\"a service token is needed\"}");
    }
    String[] path = request.path().substring("/v1/".length()).split("/", -1);
    return request.isPost() ? order(path, request.body()) : v1(path);
  }

  private Response order(String[] path, String body) {
    if (path.length == 1 && path[0].equals("probes")) {
      return beginProbe(body);
    }
    UUID id = path.length == 3 ? uuid(path[1]) : null;
    if (id == null || !path[0].equals("streams") || !path[2].equals("release")) {
      return Response.notFound();
    }
    long epoch;
    try {
      JsonNode order = JSON.readTree(body);
      if (!order.path("epoch").isIntegralNumber()) {
        return problem(422, "epoch is missing: the number that /publisher answers");
      }
      epoch = order.path("epoch").asLong();
    } catch (JacksonException e) {
      return problem(400, "the body is no JSON");
    }
    Broadcast broadcast = broadcasts.ofStream(id);
    if (broadcast == null) {
      return Response.notFound();
    }
    List<Object> answers = onLoops(List.of(broadcast), there -> release(there, epoch));
    return answers.isEmpty() ? Response.notFound() : (Response) answers.getFirst();
  }

  /**
   * Another node has the encoder: whoever asks has seen this epoch, and media is not lost by it.
   */
  private static Response release(Broadcast broadcast, long epoch) {
    if (broadcast.claim().epoch() != epoch) {
      return problem(409, "the epoch is " + broadcast.claim().epoch());
    }
    if (broadcast.state() == BroadcastState.LIVE
        && broadcast.ingest().silentMs(Broadcast.nowMs()) < SILENT_MS) {
      return problem(409, "its encoder sends media");
    }
    broadcast.handOver(0);
    return Response.json(202, "{\"status\":202}");
  }

  /** Begins a connection test; its steps are asked for by the id that is answered. */
  private Response beginProbe(String body) {
    try {
      JsonNode order = JSON.readTree(body);
      UUID destination = uuid(order.path("destinationId").asString(""));
      if (destination == null) {
        return problem(422, "destinationId is missing: the destination to test");
      }
      boolean publishes = order.path("publish").asBoolean(false);
      return switch (probes.begin(destination, publishes, order.path("keySuffix").asString(""))) {
        case Probes.Begun.Running(UUID id) ->
            Response.json(202, JSON.writeValueAsString(Map.of("id", id)));
        case Probes.Begun.Live _ -> problem(409, "a relay sends there now");
        case Probes.Begun.Unknown _ -> Response.notFound();
        case Probes.Begun.Busy _ -> problem(429, "too many tests run already");
      };
    } catch (JacksonException e) {
      return problem(400, "the body is no JSON");
    } catch (UnavailableException e) {
      return problem(503, String.valueOf(e.getMessage()));
    }
  }

  private static Response probe(@Nullable ProbeReport report) {
    return report == null
        ? Response.notFound()
        : Response.json(200, JSON.writeValueAsString(ProbeView.of(report)));
  }

  private static Response problem(int status, String title) {
    return Response.json(status, JSON.writeValueAsString(Map.of("status", status, "title", title)));
  }

  private Response v1(String[] path) {
    if (path.length == 1 && path[0].equals("broadcasts")) {
      return all();
    }
    UUID id = path.length >= 2 ? uuid(path[1]) : null;
    if (id != null && path.length == 2 && path[0].equals("probes")) {
      return probe(probes.find(id));
    }
    if (id != null && path.length == 2 && path[0].equals("broadcasts")) {
      return one(broadcasts.find(id), this::view);
    }
    if (id != null
        && path.length == 3
        && path[0].equals("streams")
        && path[2].equals("publisher")) {
      return one(broadcasts.ofStream(id), InternalRoutes::publisher);
    }
    return Response.notFound();
  }

  private Response all() {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("nodeId", nodeId);
    answer.put("asOf", Instant.now());
    answer.put("broadcasts", onLoops(broadcasts.live(), this::view));
    return Response.json(200, JSON.writeValueAsString(answer));
  }

  private Response one(@Nullable Broadcast broadcast, Function<Broadcast, Object> view) {
    List<Object> views = broadcast == null ? List.of() : onLoops(List.of(broadcast), view);
    return views.isEmpty()
        ? Response.notFound()
        : Response.json(200, JSON.writeValueAsString(views.getFirst()));
  }

  private Object view(Broadcast broadcast) {
    return BroadcastView.of(broadcast, relays.snapshot(broadcast));
  }

  private static Object publisher(Broadcast broadcast) {
    Map<String, Object> publisher = new LinkedHashMap<>();
    publisher.put("epoch", broadcast.claim().epoch());
    publisher.put("silentMs", broadcast.ingest().silentMs(Broadcast.nowMs()));
    return publisher;
  }

  /** Asks each broadcast on its own loop; those that ended meanwhile are left out. */
  private static List<Object> onLoops(
      Collection<Broadcast> asked, Function<Broadcast, Object> view) {
    List<CompletableFuture<@Nullable Object>> answers = new ArrayList<>();
    for (Broadcast broadcast : asked) {
      answers.add(
          CompletableFuture.supplyAsync(
              () -> broadcast.endReason() == null ? view.apply(broadcast) : null,
              broadcast.loop()));
    }
    long until = Broadcast.nowMs() + LOOP_ANSWER_MS;
    List<Object> views = new ArrayList<>();
    for (CompletableFuture<@Nullable Object> answer : answers) {
      Object there = await(answer, until - Broadcast.nowMs());
      if (there != null) {
        views.add(there);
      }
    }
    return views;
  }

  private static @Nullable Object await(CompletableFuture<@Nullable Object> answer, long ms) {
    try {
      return answer.get(Math.max(0, ms), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn("a loop has not answered a point query within {} ms", LOOP_ANSWER_MS);
      return null;
    } catch (ExecutionException e) {
      LOG.error("a broadcast could not tell its figures", e.getCause());
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private static @Nullable UUID uuid(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
