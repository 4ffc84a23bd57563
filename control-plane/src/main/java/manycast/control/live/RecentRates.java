package manycast.control.live;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import manycast.control.nodes.NodeAnswer;
import manycast.control.nodes.NodePoller;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The bitrates of the last five minutes as this process heard them from nodes, in steps of five
 * seconds: of each broadcast that somebody watches, what came in and what went to each destination.
 */
@Component
public class RecentRates {
  /** One value stands for so long. */
  public static final Duration STEP = Duration.ofSeconds(5);

  /** How far back it goes. */
  public static final Duration SPAN = Duration.ofMinutes(5);

  private static final int STEPS = (int) SPAN.dividedBy(STEP);

  /** More broadcasts than a process should watch; those that come later are not remembered. */
  private static final int MOST_BROADCASTS = 4_000;

  /** The mean over one step that began then. */
  public record Rate(Instant at, long bitrateBps) {}

  /** What came in, and what went to each destination, oldest first; steps nobody saw are absent. */
  public record Rates(List<Rate> ingest, Map<UUID, List<Rate>> destinations) {
    public static final Rates NONE = new Rates(List.of(), Map.of());

    /** The same, and before the first of each what the others know. */
    public Rates after(Rates earlier) {
      var places = new HashMap<>(earlier.destinations());
      destinations.forEach(
          (id, rates) -> places.merge(id, rates, (early, late) -> joined(early, late)));
      return new Rates(joined(earlier.ingest(), ingest), Map.copyOf(places));
    }

    private static List<Rate> joined(List<Rate> earlier, List<Rate> later) {
      if (later.isEmpty()) {
        return earlier;
      }
      Instant from = later.getFirst().at();
      return Stream.concat(
              earlier.stream().filter(rate -> rate.at().isBefore(from)), later.stream())
          .toList();
    }
  }

  private final Map<UUID, Remembered> byBroadcast = new ConcurrentHashMap<>();

  @Autowired
  RecentRates(NodePoller poller) {
    poller.onAnswer(answer -> heard(answer, Instant.now()));
  }

  /** One that is told by hand. */
  RecentRates() {}

  /** Of a broadcast, without the step that still runs: equal until the next step is over. */
  public Rates of(UUID broadcastId) {
    return of(broadcastId, Instant.now());
  }

  Rates of(UUID broadcastId, Instant now) {
    Remembered remembered = byBroadcast.get(broadcastId);
    return remembered == null ? Rates.NONE : remembered.rates(now);
  }

  void heard(NodeAnswer answer, Instant now) {
    for (NodeAnswer.Broadcast broadcast : answer.broadcasts()) {
      Remembered remembered = byBroadcast.get(broadcast.broadcastId());
      if (remembered == null && byBroadcast.size() < MOST_BROADCASTS) {
        remembered =
            byBroadcast.computeIfAbsent(
                broadcast.broadcastId(), _ -> new Remembered(answer.asOf()));
      }
      if (remembered != null) {
        remembered.add(answer.asOf(), broadcast);
      }
    }
    Instant forgotten = now.minus(SPAN);
    byBroadcast.values().removeIf(remembered -> remembered.lastHeard().isBefore(forgotten));
  }

  private static long step(Instant time) {
    return Math.floorDiv(time.toEpochMilli(), STEP.toMillis());
  }

  /** One broadcast's. */
  private static final class Remembered {
    private final Ring ingest = new Ring();
    private final Map<UUID, Ring> destinations = new HashMap<>();
    private Instant lastHeard;

    Remembered(Instant heard) {
      this.lastHeard = heard;
    }

    synchronized Instant lastHeard() {
      return lastHeard;
    }

    synchronized void add(Instant at, NodeAnswer.Broadcast told) {
      lastHeard = at;
      long step = step(at);
      if (told.ingest() != null) {
        ingest.add(step, told.ingest().bitrateBps());
      }
      if (told.destinations() != null) {
        for (NodeAnswer.Destination destination : told.destinations()) {
          destinations
              .computeIfAbsent(destination.id(), _ -> new Ring())
              .add(
                  step,
                  destination.state().equals("live") ? destination.bitrateBps() : Long.valueOf(0));
        }
      }
    }

    synchronized Rates rates(Instant now) {
      long present = step(now);
      var places = new HashMap<UUID, List<Rate>>();
      destinations.forEach((id, ring) -> places.put(id, ring.before(present)));
      return new Rates(ingest.before(present), Map.copyOf(places));
    }
  }

  /** The steps of one curve; each place is named by the step that it holds. */
  private static final class Ring {
    private final long[] steps = new long[STEPS + 1];
    private final long[] sums = new long[STEPS + 1];
    private final int[] counts = new int[STEPS + 1];

    Ring() {
      Arrays.fill(steps, Long.MIN_VALUE);
    }

    void add(long step, @Nullable Long value) {
      if (value == null) {
        return;
      }
      int place = Math.floorMod(step, steps.length);
      if (steps[place] != step) {
        steps[place] = step;
        sums[place] = 0;
        counts[place] = 0;
      }
      sums[place] += value;
      counts[place]++;
    }

    List<Rate> before(long present) {
      var rates = new ArrayList<Rate>();
      for (long step = present - STEPS; step < present; step++) {
        int place = Math.floorMod(step, steps.length);
        if (steps[place] == step) {
          Instant at = Instant.ofEpochMilli(step * STEP.toMillis());
          rates.add(new Rate(at, sums[place] / counts[place]));
        }
      }
      return List.copyOf(rates);
    }
  }
}
