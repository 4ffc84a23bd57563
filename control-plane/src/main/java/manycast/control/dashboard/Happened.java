package manycast.control.dashboard;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import manycast.control.events.RecentEvents;
import manycast.control.streams.PublishRefusals;
import manycast.control.web.Wording;
import manycast.db.failures.FailureReason;

/** Something that happened to a stream, as one sentence. */
record Happened(Instant at, String atText, String text) {
  private static final Map<String, String> ENDS =
      Map.of(
          "encoder", "the encoder stopped",
          "stopped", "ended in the dashboard",
          "encoder_lost", "the encoder was lost",
          "node_lost", "the media node was lost",
          "disabled", "the stream was disabled",
          "deleted", "the stream was deleted",
          "shutdown", "Manycast was shut down");

  /**
   * Of an event of the log.
   *
   * @param names the present destinations' names
   */
  static Happened of(RecentEvents.Line line, Map<UUID, String> names) {
    String name =
        line.destinationId() == null
            ? ""
            : names.getOrDefault(line.destinationId(), "A removed destination");
    String text =
        switch (line.type()) {
          case "broadcast.started" -> "The broadcast began.";
          case "broadcast.interrupted" -> "The encoder was lost; waiting for it.";
          case "broadcast.resumed" -> "The encoder came back.";
          case "broadcast.ended" ->
              "The broadcast ended: " + ended(line.data().path("endReason").asString("")) + ".";
          case "destination.live" -> name + " is live.";
          case "destination.behind" -> name + " has fallen behind.";
          case "destination.caught_up" -> name + " has caught up.";
          case "destination.retrying" -> name + " is tried again." + why(line);
          case "destination.failed" -> name + " has failed." + why(line);
          case "destination.ended" -> name + " is done.";
          case "destination.updated" -> name + " was added, changed or removed.";
          case "stream.updated" -> "The stream was created, changed or removed.";
          case "usage.limit_reached" -> "A limit of the plan is reached.";
          case "publish.refused" ->
              "An encoder was turned away: "
                  + refusal(line.data().path("reason").asString(""))
                  + ".";
          default -> line.type();
        };
    return new Happened(line.occurredAt(), Wording.clock(line.occurredAt()), text);
  }

  /** Of an encoder that was turned away. */
  static Happened of(PublishRefusals.Refusal refusal) {
    return new Happened(
        refusal.occurredAt(),
        Wording.clock(refusal.occurredAt()),
        refusal.remoteAddress()
            + ": "
            + refusal(refusal.reason())
            + " (key "
            + refusal.keyFingerprint()
            + ").");
  }

  /** How a broadcast ended, in words that go on a sentence. */
  static String ended(String reason) {
    return ENDS.getOrDefault(reason, reason);
  }

  private static String why(RecentEvents.Line line) {
    FailureReason reason = FailureReason.of(line.data().path("lastErrorCode").asString(null));
    return reason == null ? "" : " " + reason.sentence();
  }

  private static String refusal(String reason) {
    return switch (reason) {
      case "retired_key" -> "it used a stream key that was replaced";
      case "disabled" -> "the stream is disabled";
      case "in_use" -> "another encoder is live with this key";
      case "stopped" -> "the broadcast was ended here";
      case "limit" -> "a limit is reached";
      default -> reason;
    };
  }
}
