package manycast.control.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import manycast.control.live.LiveView;
import manycast.control.streams.PublishRefusals.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The way to the first broadcast, step by step; it ticks itself.
 *
 * @param shown until the first broadcast is over
 * @param complete whether every step is done
 */
record Checklist(boolean shown, boolean complete, List<Step> steps) {
  static final Checklist HIDDEN = new Checklist(false, false, List.of());

  /**
   * One step.
   *
   * @param state {@code done}, {@code waiting}, or {@code failed} where something has to be done
   *     first
   * @param hint what to do, or what is wrong; null where nothing is to be said
   */
  record Step(String key, String text, String state, @Nullable String hint) {
    /** The state as people read it beside the icon. */
    public String word() {
      return switch (state) {
        case "done" -> "done";
        case "failed" -> "needs you";
        default -> "waiting";
      };
    }
  }

  /**
   * For a stream whose first broadcast is not over.
   *
   * @param rows the destinations as the page shows them
   * @param refused why encoders were turned away lately, newest first
   * @param fingerprint of the key that is accepted
   */
  static Checklist of(
      @Nullable LiveView live,
      List<DestinationRow> rows,
      List<Refusal> refused,
      String fingerprint) {
    var steps = new ArrayList<Step>();
    steps.add(key(live, refused, fingerprint));
    boolean media = live != null && started(live);
    steps.add(
        media
            ? new Step("keyframe", "The first keyframe is there", "done", null)
            : new Step(
                "keyframe",
                "The first keyframe",
                "waiting",
                live == null ? null : "It comes within one keyframe interval of your encoder."));
    List<DestinationRow> wanted = rows.stream().filter(DestinationRow::enabled).toList();
    if (wanted.isEmpty()) {
      steps.add(
          new Step(
              "destination",
              "A destination that is switched on",
              "waiting",
              "Add the place that your stream is to be sent to, below."));
    }
    wanted.forEach(row -> steps.add(destination(row.id(), row)));
    return new Checklist(
        true, steps.stream().allMatch(step -> step.state().equals("done")), List.copyOf(steps));
  }

  private static Step key(@Nullable LiveView live, List<Refusal> refused, String fingerprint) {
    if (live != null) {
      return new Step("key", "Your encoder's stream key was accepted", "done", null);
    }
    if (!refused.isEmpty()) {
      Refusal last = refused.getFirst();
      String deed =
          last.reason().equals("retired_key")
              ? " Give it the present key, " + fingerprint + "."
              : "";
      return new Step(
          "key", "An encoder was turned away", "failed", Happened.of(last).text() + deed);
    }
    return new Step(
        "key",
        "Start your encoder with this stream's key",
        "waiting",
        "Paste server and key into it, then start streaming.");
  }

  /** A broadcast's tracks are known with its first frames, and those begin with a keyframe. */
  private static boolean started(LiveView live) {
    return live.ingest().tracks().stream()
            .anyMatch(track -> track.frames() != null && track.frames() > 0)
        || live.destinations().stream().anyMatch(one -> one.framesSent() > 0);
  }

  private static Step destination(UUID id, DestinationRow row) {
    String key = "destination-" + id;
    return switch (row.state()) {
      case "live" -> new Step(key, row.name() + " is live", "done", null);
      case "failed" -> new Step(key, row.name() + " has failed", "failed", row.why());
      case "retrying" -> new Step(key, row.name() + " is tried again", "waiting", row.why());
      case "connecting" -> new Step(key, row.name() + " is being connected", "waiting", null);
      default -> new Step(key, row.name() + " goes live with your encoder", "waiting", null);
    };
  }
}
