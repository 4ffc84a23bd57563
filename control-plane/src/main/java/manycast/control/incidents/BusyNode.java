package manycast.control.incidents;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import manycast.control.samples.IngestSample;
import org.jspecify.annotations.Nullable;

/** A node that is near what it can do: its event loop, or its bound of memory. */
final class BusyNode {
  static final double BUSY = 0.9;
  static final double FULL = 0.9;
  private static final int SAMPLES = 2;

  private BusyNode() {}

  static List<Incident> of(Story story) {
    var incidents = new ArrayList<Incident>();
    runs(
        incidents,
        story,
        sample -> sample.loopBusy() == null ? 0 : sample.loopBusy(),
        BUSY,
        "Our node was at the end of its power: media went out late.",
        "the broadcast's event loop used up to %d %% of a processor");
    runs(
        incidents,
        story,
        sample -> sample.memoryShare() == null ? 0 : sample.memoryShare(),
        FULL,
        "Our node was short of memory: destinations that lagged had to skip sooner.",
        "it held up to %d %% of the media bytes that it may");
    return incidents;
  }

  private static void runs(
      List<Incident> incidents,
      Story story,
      ToDoubleFunction<IngestSample> share,
      double limit,
      String sentence,
      String evidence) {
    var run = new ArrayList<IngestSample>();
    for (IngestSample sample : story.measured().ingest()) {
      boolean over = share.applyAsDouble(sample) >= limit;
      if (!run.isEmpty() && (!over || Story.apart(run.getLast(), sample))) {
        add(incidents, run, story.over(run.getLast(), sample), share, sentence, evidence);
        run.clear();
      }
      if (over) {
        run.add(sample);
      }
    }
    add(incidents, run, story.endedAt(), share, sentence, evidence);
  }

  private static void add(
      List<Incident> incidents,
      List<IngestSample> run,
      @Nullable Instant end,
      ToDoubleFunction<IngestSample> share,
      String sentence,
      String evidence) {
    if (run.size() < SAMPLES) {
      return;
    }
    double most = run.stream().mapToDouble(share).max().orElse(0);
    var said = new ArrayList<String>();
    said.add(evidence.formatted(Math.round(most * 100)));
    long blocked = hung(run);
    if (blocked > 0) {
      said.add("a loop of it hung " + blocked + " times");
    }
    incidents.add(new Incident(run.getFirst().at(), end, Hop.NODE, null, sentence, said));
  }

  /** How often a loop hung within these samples of one process. */
  static long hung(List<IngestSample> samples) {
    if (samples.size() < 2
        || !samples.getFirst().nodeId().equals(samples.getLast().nodeId())
        || samples.getFirst().loopsBlocked() == null
        || samples.getLast().loopsBlocked() == null) {
      return 0;
    }
    return samples.getLast().loopsBlocked() - samples.getFirst().loopsBlocked();
  }
}
