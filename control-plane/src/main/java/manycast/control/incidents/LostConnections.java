package manycast.control.incidents;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manycast.control.broadcasts.RelayState;
import manycast.control.samples.DestinationSample;
import manycast.control.web.Wording;
import manycast.db.failures.FailureReason;
import org.jspecify.annotations.Nullable;

/**
 * A destination that was tried again, or given up. What its server said, and what kind of failure
 * it was, tells a platform that refuses from a way that is broken; all of them broken at once is
 * our own network.
 */
final class LostConnections {
  /** What began within so long of each other has one cause. */
  private static final Duration TOGETHER = Duration.ofSeconds(15);

  private LostConnections() {}

  /** A destination's trouble as it goes on. */
  private static final class Trouble {
    private final UUID destination;
    private final Instant start;
    private @Nullable Instant end;
    private @Nullable FailureReason reason;
    private @Nullable String error;
    private int failures;

    Trouble(UUID destination, Instant start) {
      this.destination = destination;
      this.start = start;
    }

    void failed(Occurrence event) {
      failures += event.times();
      FailureReason told = FailureReason.of(event.code());
      if (told != null) {
        reason = told;
        error = event.error();
      }
    }

    boolean isOfTheNetwork() {
      return reason == null || hop(reason) == Hop.ROUTE;
    }
  }

  static List<Incident> of(Story story) {
    List<Trouble> all = troubles(story);
    var incidents = new ArrayList<Incident>();
    var told = new LinkedHashSet<Trouble>();
    for (Trouble one : all) {
      if (told.contains(one)) {
        continue;
      }
      List<Trouble> together =
          all.stream()
              .filter(other -> other.isOfTheNetwork() && one.isOfTheNetwork())
              .filter(
                  other -> Duration.between(one.start, other.start).abs().compareTo(TOGETHER) <= 0)
              .toList();
      if (together.stream().map(trouble -> trouble.destination).distinct().count() > 1
          && nobodyElseWasWell(story, together)) {
        incidents.add(ofAll(story, together));
        told.addAll(together);
      } else {
        incidents.add(ofOne(story, one));
        told.add(one);
      }
    }
    return incidents;
  }

  private static List<Trouble> troubles(Story story) {
    var all = new ArrayList<Trouble>();
    Map<UUID, Trouble> open = new HashMap<>();
    for (Occurrence event : story.occurrences()) {
      UUID destination = event.destinationId();
      if (event.type().equals("broadcast.ended")) {
        open.values().forEach(trouble -> trouble.end = event.at());
        open.clear();
      }
      if (destination == null) {
        continue;
      }
      switch (event.type()) {
        case "destination.retrying", "destination.failed" ->
            open.computeIfAbsent(
                    destination,
                    id -> {
                      var trouble = new Trouble(id, event.at());
                      all.add(trouble);
                      return trouble;
                    })
                .failed(event);
        case "destination.live", "destination.ended" -> {
          Trouble over = open.remove(destination);
          if (over != null) {
            over.end = event.at();
          }
        }
        default -> {}
      }
    }
    return all;
  }

  /** Whether every destination that was live shortly before is among them. */
  private static boolean nobodyElseWasWell(Story story, List<Trouble> together) {
    Instant first = together.stream().map(one -> one.start).min(Instant::compareTo).orElseThrow();
    Set<UUID> hit =
        together.stream().map(trouble -> trouble.destination).collect(Collectors.toSet());
    return story.destinations(first, first.plus(TOGETHER)).stream()
        .filter(sample -> sample.state() == RelayState.LIVE)
        .map(DestinationSample::destinationId)
        .allMatch(hit::contains);
  }

  private static Incident ofAll(Story story, List<Trouble> together) {
    Instant start = together.stream().map(one -> one.start).min(Instant::compareTo).orElseThrow();
    boolean over = together.stream().allMatch(trouble -> trouble.end != null);
    Instant end =
        over
            ? together.stream()
                .flatMap(trouble -> Stream.ofNullable(trouble.end))
                .max(Instant::compareTo)
                .orElse(null)
            : null;
    return new Incident(
        start,
        end,
        Hop.NODE,
        null,
        "All destinations lost their connections at once: our node's network failed.",
        List.of(
            together.stream()
                    .map(trouble -> story.name(trouble.destination))
                    .distinct()
                    .collect(Collectors.joining(", "))
                + " within "
                + TOGETHER.toSeconds()
                + " s",
            "no other destination was live then"));
  }

  private static Incident ofOne(Story story, Trouble trouble) {
    FailureReason reason = trouble.reason;
    String name = story.name(trouble.destination);
    var evidence = new ArrayList<String>();
    String said = FailureReason.words(trouble.error);
    if (said != null) {
      evidence.add("it said: “" + said + "”");
    }
    if (trouble.failures > 1) {
      evidence.add(trouble.failures + " failures in a row");
    }
    long well =
        story.destinations(trouble.start, trouble.start.plus(TOGETHER)).stream()
            .filter(sample -> sample.state() == RelayState.LIVE)
            .map(DestinationSample::destinationId)
            .filter(id -> !id.equals(trouble.destination))
            .distinct()
            .count();
    if (well > 0) {
      evidence.add(
          Wording.count(well, "other destination was", "other destinations were")
              + " live meanwhile");
    }
    return new Incident(
        trouble.start,
        trouble.end,
        reason == null ? Hop.ROUTE : hop(reason),
        trouble.destination,
        name
            + ": "
            + (reason == null ? "The connection to the server was lost." : reason.sentence()),
        evidence);
  }

  /** Who is to blame for a failure of this kind. */
  static Hop hop(FailureReason reason) {
    return switch (reason) {
      case DNS, REFUSED, UNREACHABLE, TIMEOUT, STALLED, RESET -> Hop.ROUTE;
      case TLS_UNTRUSTED,
          TLS_HOST,
          HANDSHAKE,
          BAD_KEY,
          LOGIN_NEEDED,
          LOGIN_REFUSED,
          REJECTED,
          CLOSED_EARLY ->
          Hop.PLATFORM;
      case INCOMPATIBLE_CODEC -> Hop.ENCODER;
      case ADDRESS_FORBIDDEN, INTERNAL -> Hop.NODE;
    };
  }
}
