package manycast.control.incidents;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import manycast.control.samples.IngestSample;
import manycast.control.web.Wording;
import org.jspecify.annotations.Nullable;

/**
 * A broadcast that waited for its encoder. Who let go of it says so in the event; an encoder that
 * crashes closes its connection out of full swing, while one that loses its network goes silent, or
 * weak, before.
 */
final class Interruptions {
  /** A node closes a connection that was silent for 15 s. */
  private static final Duration BEFORE = Duration.ofSeconds(30);

  private static final double WEAK = 0.6;

  private Interruptions() {}

  static List<Incident> of(Story story) {
    var incidents = new ArrayList<Incident>();
    Occurrence lost = null;
    for (Occurrence event : story.occurrences()) {
      switch (event.type()) {
        case "broadcast.interrupted" -> lost = lost == null ? event : lost;
        case "broadcast.resumed" -> {
          if (lost != null) {
            incidents.add(incident(story, lost, event.at(), true));
            lost = null;
          }
        }
        case "broadcast.ended" -> {
          if (lost != null) {
            incidents.add(incident(story, lost, event.at(), false));
            lost = null;
          }
        }
        default -> {}
      }
    }
    if (lost != null) {
      incidents.add(incident(story, lost, null, false));
    }
    return incidents;
  }

  private static Incident incident(
      Story story, Occurrence lost, @Nullable Instant end, boolean cameBack) {
    var evidence = new ArrayList<String>();
    Duration away = end == null ? Duration.ZERO : Duration.between(lost.at(), end);
    // A loss that is only noticed by the encoder's return has no length that anybody knows.
    if (away.toSeconds() > 0) {
      evidence.add((cameBack ? "away for " : "it had not come back after ") + Wording.length(away));
    }
    if (lost.nodeId() != null) {
      return ofNode(story, lost, end, evidence);
    }
    List<IngestSample> before = story.ingest(lost.at().minus(BEFORE), lost.at());
    double usual = Usual.of(story.measured()).bitrateBps();
    long silent =
        before.stream()
            .mapToLong(sample -> sample.silentMs() == null ? 0 : sample.silentMs())
            .max()
            .orElse(0);
    long weakest = before.stream().mapToLong(IngestSample::bitrateBps).min().orElse(-1);
    if (silent >= WeakIngest.SILENT_MS) {
      evidence.add("no media had come for " + Wording.seconds(silent) + " and more before");
      return new Incident(
          lost.at(),
          end,
          Hop.UPLINK,
          null,
          "The connection from your encoder broke off: nothing came over it any more.",
          evidence);
    }
    if (weakest >= 0 && weakest < WEAK * usual) {
      evidence.add(
          "its bitrate had fallen to "
              + Wording.bitrate(weakest)
              + " from "
              + Wording.bitrate(Math.round(usual)));
      return new Incident(
          lost.at(),
          end,
          Hop.UPLINK,
          null,
          "The connection from your encoder grew weak and broke off.",
          evidence);
    }
    if (weakest >= 0) {
      evidence.add("media had come at " + Wording.bitrate(weakest) + " until then");
    }
    return new Incident(
        lost.at(),
        end,
        Hop.ENCODER,
        null,
        "Your encoder closed its connection without a goodbye: it crashed, or was closed or"
            + " restarted.",
        evidence);
  }

  private static Incident ofNode(
      Story story, Occurrence lost, @Nullable Instant end, List<String> evidence) {
    evidence.add("the node let go of the broadcast or was gone itself");
    String before = nodeAt(story.ingest(story.startedAt(), lost.at()));
    String after = end == null ? null : nodeAt(story.ingest(end, null).reversed());
    if (before != null && after != null && !before.equals(after)) {
      evidence.add("another process carried it afterwards");
    }
    return new Incident(
        lost.at(),
        end,
        Hop.NODE,
        null,
        "Our node was stopped, restarted or lost; your encoder had to connect again.",
        evidence);
  }

  private static @Nullable String nodeAt(List<IngestSample> samples) {
    return samples.isEmpty() ? null : samples.getLast().nodeId();
  }
}
