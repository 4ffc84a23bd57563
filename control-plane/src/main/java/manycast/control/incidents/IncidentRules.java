package manycast.control.incidents;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** From a broadcast's story to its incidents, in the order in which they began. */
public final class IncidentRules {
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
