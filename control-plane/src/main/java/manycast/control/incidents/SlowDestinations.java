package manycast.control.incidents;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import manycast.control.broadcasts.RelayState;
import manycast.control.samples.DestinationSample;
import manycast.control.samples.IngestSample;
import manycast.control.web.Wording;
import org.jspecify.annotations.Nullable;

/**
 * Destinations that fell behind. One alone, while the others are well, has a bad way; all of them
 * at once have a node, or its connection, that cannot carry them.
 */
final class SlowDestinations {
  /** Samples come every ten seconds: the one that shows the worst may lie just outside. */
  private static final Duration SLACK = Duration.ofSeconds(10);

  private static final double RTT_TIMES = 2;

  private SlowDestinations() {}

  private record Slow(UUID destination, Instant start, @Nullable Instant end) {
    boolean overlaps(Slow other) {
      return (other.end == null || !start.isAfter(other.end))
          && (end == null || !other.start.isAfter(end));
    }
  }

  static List<Incident> of(Story story) {
    List<Slow> all = slow(story);
    var incidents = new ArrayList<Incident>();
    Set<Slow> told = new HashSet<>();
    for (Slow one : all) {
      if (told.contains(one)) {
        continue;
      }
      List<Slow> together = all.stream().filter(one::overlaps).toList();
      Set<UUID> hit = together.stream().map(Slow::destination).collect(Collectors.toSet());
      if (hit.size() > 1 && well(story, one, hit) == 0) {
        incidents.add(ofAll(story, together, hit));
        told.addAll(together);
      } else {
        incidents.add(ofOne(story, one));
        told.add(one);
      }
    }
    return incidents;
  }

  private static List<Slow> slow(Story story) {
    var all = new ArrayList<Slow>();
    Map<UUID, Instant> since = new HashMap<>();
    for (Occurrence event : story.occurrences()) {
      UUID destination = event.destinationId();
      if (event.type().equals("broadcast.ended")) {
        since.forEach((id, start) -> all.add(new Slow(id, start, event.at())));
        since.clear();
      }
      if (destination == null) {
        continue;
      }
      switch (event.type()) {
        case "destination.behind" -> since.putIfAbsent(destination, event.at());
        case "destination.caught_up",
            "destination.retrying",
            "destination.failed",
            "destination.ended" -> {
          Instant start = since.remove(destination);
          if (start != null) {
            all.add(new Slow(destination, start, event.at()));
          }
        }
        default -> {}
      }
    }
    since.forEach((id, start) -> all.add(new Slow(id, start, null)));
    return all;
  }

  /** How many other destinations were live and in time throughout. */
  private static long well(Story story, Slow slow, Set<UUID> hit) {
    Map<UUID, Boolean> others =
        story.destinations(slow.start().minus(SLACK), slow.end()).stream()
            .filter(sample -> !hit.contains(sample.destinationId()))
            .collect(
                Collectors.toMap(
                    DestinationSample::destinationId,
                    sample -> sample.state() == RelayState.LIVE && !sample.behind(),
                    Boolean::logicalAnd));
    return others.values().stream().filter(Boolean::booleanValue).count();
  }

  private static Incident ofAll(Story story, List<Slow> together, Set<UUID> hit) {
    Instant start = together.stream().map(Slow::start).min(Instant::compareTo).orElseThrow();
    Instant end =
        together.stream().anyMatch(slow -> slow.end() == null)
            ? null
            : together.stream()
                .map(Slow::end)
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(null);
    var evidence = new ArrayList<String>();
    evidence.add(
        hit.stream().map(story::name).sorted().collect(Collectors.joining(", "))
            + " fell behind together, and no other was in time");
    nodesPart(story, start, end, evidence);
    return new Incident(
        start,
        end,
        Hop.NODE,
        null,
        "All destinations fell behind at once: our node or its connection could not carry them.",
        evidence);
  }

  private static Incident ofOne(Story story, Slow slow) {
    UUID destination = slow.destination();
    Instant from = slow.start().minus(SLACK);
    List<DestinationSample> samples =
        story.of(destination, from, slow.end() == null ? null : slow.end().plus(SLACK));
    var evidence = new ArrayList<String>();
    Long lag = Usual.most(samples, DestinationSample::lagMs);
    if (lag != null) {
      evidence.add("lag up to " + Wording.seconds(lag));
    }
    Long rtt = Usual.most(samples, DestinationSample::rttMs);
    double usualRtt = Usual.rttMs(story, destination);
    if (rtt != null && rtt > 5 && rtt > RTT_TIMES * usualRtt) {
      evidence.add(
          String.format(
              Locale.ROOT, "round trip time up to %d ms, usually %.0f ms", rtt, usualRtt));
    }
    long resent = growth(samples, DestinationSample::retransmits);
    if (resent > 0) {
      evidence.add(Wording.count(resent, "segment", "segments") + " sent again");
    }
    Long unsent = Usual.most(samples, DestinationSample::unsentBytes);
    if (unsent != null && unsent > 0) {
      evidence.add(Wording.bytes(unsent) + " waited for the connection");
    }
    long dropped = growth(samples, DestinationSample::framesDropped);
    if (dropped > 0) {
      evidence.add(Wording.count(dropped, "frame", "frames") + " skipped");
    }
    Long fitting = Usual.most(samples, DestinationSample::fittingBitrateBps);
    if (fitting != null) {
      evidence.add("the connection would carry " + Wording.bitrate(fitting));
    }
    long well = well(story, slow, Set.of(destination));
    if (well > 0) {
      evidence.add(
          Wording.count(well, "other destination was", "other destinations were") + " in time");
    }
    boolean ours = well == 0 && nodesPart(story, from, slow.end(), evidence);
    String name = story.name(destination);
    return new Incident(
        slow.start(),
        slow.end(),
        ours ? Hop.NODE : Hop.ROUTE,
        destination,
        ours
            ? name + " fell behind while our node was at the end of its power."
            : name + " fell behind: the way there, or the server, took less than your stream has.",
        evidence);
  }

  /** Adds what speaks against the node, and answers whether anything does. */
  private static boolean nodesPart(
      Story story, Instant from, @Nullable Instant to, List<String> evidence) {
    List<IngestSample> node = story.ingest(from, to);
    double busy =
        node.stream()
            .mapToDouble(sample -> sample.loopBusy() == null ? 0 : sample.loopBusy())
            .max()
            .orElse(0);
    long hung = BusyNode.hung(node);
    if (busy >= BusyNode.BUSY) {
      evidence.add("the event loop used up to " + Math.round(busy * 100) + " % of a processor");
    }
    if (hung > 0) {
      evidence.add("a loop of the node hung " + hung + " times");
    }
    return busy >= BusyNode.BUSY || hung > 0;
  }

  /** By how much a total grew, through connections that begin again at 0. */
  private static long growth(
      List<DestinationSample> samples, Function<DestinationSample, @Nullable Long> total) {
    long growth = 0;
    Long before = null;
    for (DestinationSample sample : samples) {
      Long now = total.apply(sample);
      if (now != null && before != null) {
        growth += now >= before ? now - before : now;
      }
      before = now == null ? before : now;
    }
    return growth;
  }
}
