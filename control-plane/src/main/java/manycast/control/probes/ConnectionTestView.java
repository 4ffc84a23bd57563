package manycast.control.probes;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;

/**
 * What came of a connection test, as the API answers it and as the page shows it.
 *
 * @param outcome {@code passed}, {@code failed} or {@code not_run}
 * @param sentence what that means
 * @param published whether a publish was tried
 */
@Schema(name = "ConnectionTest")
public record ConnectionTestView(
    UUID destinationId,
    @Schema(allowableValues = {"passed", "failed", "not_run"}) String outcome,
    String sentence,
    boolean published,
    List<Step> steps) {
  /**
   * One step.
   *
   * @param ms how long it took
   * @param said the server's own words; may be empty
   */
  @Schema(name = "ConnectionTestStep")
  public record Step(
      @Schema(allowableValues = {"dns", "tcp", "tls", "handshake", "connect", "publish", "media"})
          String step,
      @Schema(allowableValues = {"ok", "failed", "skipped"}) String result,
      long ms,
      String sentence,
      String said) {
    /** Its name on a page. */
    public String title() {
      return switch (step) {
        case "dns" -> "Name";
        case "tcp" -> "Connection";
        case "tls" -> "Encryption";
        case "handshake" -> "RTMP";
        case "connect" -> "Address";
        case "publish" -> "Stream key";
        case "media" -> "Picture and sound";
        default -> step;
      };
    }
  }

  static ConnectionTestView notRun(UUID destinationId, String why) {
    return new ConnectionTestView(destinationId, "not_run", why, false, List.of());
  }

  /** Whether nothing was wrong with what was tried. */
  public boolean passed() {
    return outcome.equals("passed");
  }

  /** Whether a step went wrong. */
  public boolean failed() {
    return outcome.equals("failed");
  }

  /** Whether all was tried but the publish. */
  public boolean mayPublish() {
    return passed() && !published;
  }
}
