package manycast.control.nodes;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import manycast.control.database.DatabaseWatch;
import manycast.control.database.WhenReady;
import manycast.control.nodes.NodeService.Address;
import manycast.db.identity.ProcessIdentity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks each node for the figures of all its broadcasts, once a second, while anybody watches or
 * asked lately. Nobody waits for a node here longer than he wants: there is the last answer and its
 * age.
 */
@Component
public class NodePoller implements SmartLifecycle, WhenReady {
  private static final Logger log = LoggerFactory.getLogger(NodePoller.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration DEADLINE = Duration.ofMillis(500);

  /** For so long after a single question the next one is expected. */
  private static final Duration LATELY = Duration.ofSeconds(10);

  private static final CompletableFuture<Void> NOT_ASKED = CompletableFuture.completedFuture(null);

  private static final int LONGEST_ANSWER = 8 * 1024 * 1024;

  /** A node's last answer and when it came, by this process's {@code System.nanoTime}. */
  public record Known(NodeAnswer answer, long cameNanos) {
    public Duration age() {
      return Duration.ofNanos(System.nanoTime() - cameNanos);
    }
  }

  private final NodeService nodes;
  private final ProcessIdentity identity;
  private final DatabaseWatch database;
  private final JsonMapper json;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final List<Consumer<NodeAnswer>> listeners = new CopyOnWriteArrayList<>();
  private final Map<String, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();
  private final Set<String> silent = ConcurrentHashMap.newKeySet();
  private final AtomicInteger watching = new AtomicInteger();
  private final Object wakeUp = new Object();
  private volatile long askedNanos = System.nanoTime() - LATELY.toNanos();
  private volatile CompletableFuture<Map<String, CompletableFuture<Void>>> nextRound =
      new CompletableFuture<>();
  private volatile List<Address> addresses = List.of();
  private volatile @Nullable HttpClient client;
  private volatile @Nullable Thread thread;
  private boolean hurry;

  NodePoller(NodeService nodes, ProcessIdentity identity, DatabaseWatch database, JsonMapper json) {
    this.nodes = nodes;
    this.identity = identity;
    this.database = database;
    this.json = json;
  }

  /** From now until {@link #unwatch} the nodes are asked once a second. */
  public void watch() {
    watching.incrementAndGet();
    hurry();
  }

  /** Ends one {@link #watch}. */
  public void unwatch() {
    watching.decrementAndGet();
  }

  /** Is told each answer as it comes, on a thread of this poller, which must not be held. */
  public void onAnswer(Consumer<NodeAnswer> listener) {
    listeners.add(listener);
  }

  /** The node's last answer, however old. */
  public Optional<Known> lastOf(String nodeId) {
    return Optional.ofNullable(known.get(nodeId));
  }

  /**
   * Has the nodes asked at once, and waits for this one's answer, but no longer than that; what
   * came is in {@link #lastOf}.
   */
  public void askNow(String nodeId, Duration patience) {
    CompletableFuture<?> answer =
        nextRound.thenCompose(asked -> asked.getOrDefault(nodeId, NOT_ASKED));
    askedNanos = System.nanoTime();
    hurry();
    try {
      answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      log.trace("answered from what is known");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says that somebody asked, so that the next question finds fresh figures. */
  public void noteInterest() {
    boolean slept = !wanted();
    askedNanos = System.nanoTime();
    if (slept) {
      hurry();
    }
  }

  /**
   * Pages that lost us come back now: they find figures, and nobody waits while the ways to the
   * nodes are opened for the first time.
   */
  @Override
  public void databaseCame(Connection connection) {
    noteInterest();
  }

  @Override
  public void start() {
    // Named before it runs: it goes on only for as long as it is the one that is named.
    Thread poller = Thread.ofPlatform().daemon().name("node-poller").unstarted(this::run);
    thread = poller;
    poller.start();
  }

  @Override
  public void stop() {
    Thread running = thread;
    thread = null;
    if (running != null) {
      running.interrupt();
    }
    HttpClient used = client;
    if (used != null) {
      used.shutdownNow();
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  private boolean wanted() {
    return watching.get() > 0 || System.nanoTime() - askedNanos < LATELY.toNanos();
  }

  private void hurry() {
    synchronized (wakeUp) {
      hurry = true;
      wakeUp.notifyAll();
    }
  }

  private void run() {
    while (thread == Thread.currentThread()) {
      try {
        waitForTurn();
        if (wanted()) {
          round();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        log.warn("The nodes could not be asked: {}", e.toString());
      }
    }
  }

  private void waitForTurn() throws InterruptedException {
    synchronized (wakeUp) {
      long until = System.nanoTime() + PERIOD.toNanos();
      while (!hurry) {
        long left =
            wanted() ? TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime()) : Long.MAX_VALUE;
        if (left <= 0) {
          break;
        }
        wakeUp.wait(left == Long.MAX_VALUE ? 0 : left);
      }
      hurry = false;
    }
  }

  /**
   * Asks all at once; each has its own deadline, and a slow one delays nobody's answer but its own.
   */
  private void round() {
    CompletableFuture<Map<String, CompletableFuture<Void>>> round = nextRound;
    nextRound = new CompletableFuture<>();
    var asked = new HashMap<String, CompletableFuture<Void>>();
    try {
      if (database.isReady()) {
        addresses = nodes.present();
      }
      for (Address node : addresses) {
        asked.put(node.nodeId(), askUnlessUnderWay(node));
      }
      known.keySet().retainAll(asked.keySet());
      silent.retainAll(asked.keySet());
    } finally {
      round.complete(asked);
    }
  }

  /** One question at a time: however many want to know, a node that hangs is not asked more. */
  private CompletableFuture<Void> askUnlessUnderWay(Address node) {
    CompletableFuture<Void> present = underWay.get(node.nodeId());
    if (present != null) {
      return present;
    }
    CompletableFuture<Void> answer = ask(node);
    underWay.put(node.nodeId(), answer);
    answer.whenComplete((_, _) -> underWay.remove(node.nodeId(), answer));
    return answer;
  }

  private CompletableFuture<Void> ask(Address node) {
    HttpRequest request;
    try {
      request =
          HttpRequest.newBuilder(URI.create(node.url() + "/v1/broadcasts"))
              .timeout(DEADLINE)
              .header("Authorization", "Bearer " + identity.mint(node.nodeId()))
              .build();
    } catch (IllegalArgumentException e) {
      log.warn("Node {} has the address {}, which is no URL.", node.nodeId(), node.url());
      return NOT_ASKED;
    }
    return client()
        .sendAsync(
            request,
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), LONGEST_ANSWER))
        .orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (response, failure) -> {
              if (failure != null) {
                unheard(node, failure.toString());
              } else {
                take(node, response);
              }
              return null;
            });
  }

  private void take(Address node, HttpResponse<byte[]> response) {
    if (response.statusCode() != 200) {
      unheard(node, "it says " + response.statusCode());
      return;
    }
    try {
      NodeAnswer answer = json.readValue(response.body(), NodeAnswer.class);
      if (!node.nodeId().equals(answer.nodeId())) {
        unheard(node, "at its address answers node " + answer.nodeId());
        return;
      }
      known.put(node.nodeId(), new Known(answer, System.nanoTime()));
      if (silent.remove(node.nodeId())) {
        log.info("Node {} tells its figures again.", node.nodeId());
      }
      listeners.forEach(listener -> listener.accept(answer));
    } catch (JacksonException | IllegalArgumentException e) {
      unheard(node, "its answer cannot be read, " + e.getMessage());
    }
  }

  /** Said once until it is heard again. */
  private void unheard(Address node, String why) {
    if (silent.add(node.nodeId())) {
      log.warn("Node {} does not tell its figures: {}", node.nodeId(), why);
    }
  }

  /** Made when first needed: a process nobody watches through does without. */
  private HttpClient client() {
    HttpClient present = client;
    if (present == null) {
      present =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(DEADLINE)
              .followRedirects(HttpClient.Redirect.NEVER)
              .build();
      client = present;
    }
    return present;
  }
}
