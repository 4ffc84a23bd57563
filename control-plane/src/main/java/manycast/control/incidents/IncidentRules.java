package manycast.control.incidents;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import manycast.control.samples.Odd;

/** From a broadcast's story to its incidents, in the order in which they began. */
public final class IncidentRules {
  /** Which samples the rules have to see; of the others some are enough, to know what is usual. */
  static final Odd ODD =
      new Odd(
          WeakIngest.SILENT_MS,
          WeakIngest.LOW_FRAME_RATE,
          WeakIngest.FRAMES_MISSED,
          WeakIngest.JITTER_MS,
          WeakIngest.JITTER_TIMES,
          BusyNode.BUSY,
          BusyNode.FULL);

  private IncidentRules() {}

  /** All that went wrong, as far as samples and events show it. */
  public static List<Incident> of(Story story) {
    var incidents = new ArrayList<Incident>();
    incidents.addAll(Interruptions.of(story));
    incidents.addAll(WeakIngest.of(story, List.copyOf(incidents)));
    incidents.addAll(BusyNode.of(story));
    incidents.addAll(LostConnections.of(story));
    incidents.addAll(SlowDestinations.of(story));
    incidents.sort(Comparator.comparing(Incident::start));
    return List.copyOf(incidents);
  }
}
