package manycast.control.destinations;

import java.util.List;
import java.util.UUID;
import manycast.control.input.FieldFault;
import manycast.control.platforms.Platform;
import org.jspecify.annotations.Nullable;

/**
 * The form that a destination is added or changed with. It never holds a stream key.
 *
 * @param delay in seconds
 * @param videoTrack its number; empty with {@code audioTrack} for the default tracks
 * @param fingerprint of the key that stays when none is given; null for a new destination
 * @param back where "cancel" leads; null where the form stands on the stream's own page
 */
public record DestinationForm(
    String title,
    String action,
    String button,
    String name,
    String platform,
    String url,
    String delay,
    String videoTrack,
    String audioTrack,
    @Nullable String fingerprint,
    @Nullable String back,
    List<Choice> platforms,
    Faults faults) {

  /** A platform to choose, with the server that most use there. */
  public record Choice(String id, String name, String url, String hint) {
    static Choice of(Platform platform) {
      String url = platform.servers().isEmpty() ? "" : platform.servers().getFirst();
      return new Choice(platform.id(), platform.title(), url, platform.hint());
    }
  }

  /** What is wrong with each field, as a sentence; null where nothing is. */
  public record Faults(
      @Nullable String name,
      @Nullable String platform,
      @Nullable String url,
      @Nullable String streamKey,
      @Nullable String delay,
      @Nullable String tracks) {
    static final Faults NONE = new Faults(null, null, null, null, null, null);

    static Faults of(List<FieldFault> faults) {
      return new Faults(
          of(faults, "name"),
          of(faults, "platform"),
          of(faults, "url"),
          of(faults, "streamKey"),
          of(faults, "delayMs") == null ? null : "This must be a number of seconds, 0 to 60.",
          of(faults, "tracks"));
    }

    private static @Nullable String of(List<FieldFault> faults, String field) {
      return faults.stream()
          .filter(fault -> fault.field().equals(field))
          .map(fault -> "This " + fault.detail() + ".")
          .findFirst()
          .orElse(null);
    }
  }

  /** An empty one on the stream's page. */
  public static DestinationForm forNew(UUID streamId, List<Platform> platforms) {
    return new DestinationForm(
        "Add a destination",
        "/streams/" + streamId + "/destinations",
        "Add destination",
        "",
        "custom",
        "",
        DelayInSeconds.written(0),
        "",
        "",
        null,
        null,
        choices(platforms),
        Faults.NONE);
  }

  static DestinationForm forChange(DestinationView view, UUID streamId, List<Platform> platforms) {
    return new DestinationForm(
        "Edit " + view.name(),
        "/destinations/" + view.id(),
        "Save",
        view.name(),
        view.platform(),
        view.url(),
        DelayInSeconds.written(view.delayMs()),
        view.tracks() == null ? "" : String.valueOf(view.tracks().video()),
        view.tracks() == null ? "" : String.valueOf(view.tracks().audio()),
        view.streamKeyFingerprint(),
        "/streams/" + streamId,
        choices(platforms),
        Faults.NONE);
  }

  /** The same as it was sent, with what is wrong with it; {@code givenBack} as {@link #back}. */
  DestinationForm refused(
      String givenName,
      String givenPlatform,
      String givenUrl,
      String givenDelay,
      String givenVideoTrack,
      String givenAudioTrack,
      @Nullable String givenBack,
      Faults why) {
    return new DestinationForm(
        title,
        action,
        button,
        givenName,
        givenPlatform,
        givenUrl,
        givenDelay,
        givenVideoTrack,
        givenAudioTrack,
        fingerprint,
        givenBack,
        platforms,
        why);
  }

  /** Whether the choice of tracks is worth showing at once. */
  public boolean tracksShown() {
    return faults.tracks() != null || !videoTrack.isEmpty() || !audioTrack.isEmpty();
  }

  /** Whether an empty key means that the present one stays. */
  public boolean keyKept() {
    return fingerprint != null;
  }

  private static List<Choice> choices(List<Platform> platforms) {
    return platforms.stream().map(Choice::of).toList();
  }
}
