package manycast.control.probes;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import manycast.control.accounts.Actor;
import manycast.control.broadcasts.Broadcast;
import manycast.control.broadcasts.BroadcastService;
import manycast.control.broadcasts.RelayState;
import manycast.control.destinations.DestinationService;
import manycast.control.destinations.DestinationView;
import manycast.control.nodes.NodeProbes;
import manycast.control.nodes.NodeProbes.Begun;
import manycast.control.nodes.NodeProbes.Report;
import manycast.control.nodes.NodeService;
import manycast.control.nodes.NodeService.Address;
import manycast.control.platforms.Platform;
import manycast.control.platforms.Platforms;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import org.springframework.web.server.ResponseStatusException;

/**
 * Has a node test the connection to a destination as it is saved, and waits for what comes of it.
 * Nothing is tested while something is sent there, and a publish is tried only where nobody sees it
 * or whoever asks says so.
 */
@Service
public class ConnectionTests {
  /** A node ends a test by itself after 30 s. */
  private static final Duration PATIENCE = Duration.ofSeconds(35);

  /** A page waits no longer than for so many nodes that hang. */
  private static final int MOST_ASKED = 3;

  private static final Duration ASK_EVERY = Duration.ofMillis(200);

  private final DestinationService destinations;
  private final BroadcastService broadcasts;
  private final NodeService nodes;
  private final NodeProbes probes;
  private final Platforms platforms;
  private final TestLimits limits;

  ConnectionTests(
      DestinationService destinations,
      BroadcastService broadcasts,
      NodeService nodes,
      NodeProbes probes,
      Platforms platforms,
      TestLimits limits) {
    this.destinations = destinations;
    this.broadcasts = broadcasts;
    this.nodes = nodes;
    this.probes = probes;
    this.platforms = platforms;
    this.limits = limits;
  }

  /**
   * Tests it now; takes up to half a minute.
   *
   * @param publish whether to publish there too, which everybody may see
   * @throws ResponseStatusException with status 429 where the account has asked too often
   */
  public ConnectionTestView run(Actor actor, UUID destinationId, boolean publish) {
    DestinationView destination = destinations.get(actor.accountId(), destinationId);
    UUID streamId = destinations.streamOf(actor.accountId(), destinationId).id();
    if (destination.state() == RelayState.LIVE || destination.state() == RelayState.CONNECTING) {
      return live(destinationId);
    }
    Duration wait = limits.enter(actor.accountId(), Instant.now());
    if (!wait.isZero()) {
      throw new ResponseStatusException(
          HttpStatus.TOO_MANY_REQUESTS,
          "At most %d connections are tested in %d minutes; the next one in %d s."
              .formatted(
                  TestLimits.MOST, TestLimits.WINDOW.toMinutes(), Math.max(1, wait.toSeconds())));
    }
    Platform platform = platforms.find(destination.platform()).orElse(null);
    String suffix = platform == null ? null : platform.testSuffix();
    boolean publishes = publish || suffix != null;
    String added = suffix == null ? "" : suffix;
    for (Address node : nodesFor(streamId)) {
      switch (probes.begin(node, destinationId, publishes, added)) {
        case Begun.Running(UUID id) -> {
          return await(node, id, destinationId, publishes);
        }
        case Begun.Live _ -> {
          return live(destinationId);
        }
        case Begun.Busy _, Begun.Unheard _ -> {
          // The next one may have time.
        }
      }
    }
    return ConnectionTestView.notRun(
        destinationId, "No media node has answered, so nobody could try. Try again in a moment.");
  }

  private static ConnectionTestView live(UUID destinationId) {
    return ConnectionTestView.notRun(
        destinationId,
        "Your stream is being sent there now. A second connection with the same key could end it, so nothing was tried: its row on the stream's page says how it is.");
  }

  /** The one that would send there now comes first. */
  private List<Address> nodesFor(UUID streamId) {
    String owner = broadcasts.current(streamId).map(Broadcast::nodeId).orElse("");
    return nodes.present().stream()
        .sorted(Comparator.comparing((Address node) -> !node.nodeId().equals(owner)))
        .limit(MOST_ASKED)
        .toList();
  }

  private ConnectionTestView await(Address node, UUID id, UUID destinationId, boolean publishes) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    Report last = null;
    while (System.nanoTime() < until) {
      Report report = probes.find(node, id);
      last = report == null ? last : report;
      if (report != null && report.over()) {
        return view(report, destinationId, publishes);
      }
      try {
        Thread.sleep(ASK_EVERY);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    return ConnectionTestView.notRun(
        destinationId,
        last == null
            ? "The media node does not answer. Try again in a moment."
            : "The test did not come to an end.");
  }

  private static ConnectionTestView view(Report report, UUID destinationId, boolean publishes) {
    boolean failed = report.steps().stream().anyMatch(step -> step.result().equals("failed"));
    String sentence =
        failed
            ? "Something is wrong on the way."
            : publishes
                ? "Everything works: the server takes your stream."
                : "The server can be reached. Whether it takes the stream key shows only at a publish, which could start your show there.";
    return new ConnectionTestView(
        destinationId,
        failed ? "failed" : "passed",
        sentence,
        publishes,
        report.steps().stream()
            .map(
                step ->
                    new ConnectionTestView.Step(
                        step.step(), step.result(), step.ms(), step.sentence(), step.said()))
            .toList());
  }
}
