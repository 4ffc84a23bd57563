package manycast.control.destinations;

import java.util.List;
import java.util.UUID;
import manycast.control.destinations.DestinationService.NamedStream;
import manycast.control.input.FieldFault;
import manycast.control.platforms.Platform;
import org.jspecify.annotations.Nullable;

/**
 * The form that a destination is added or changed with. It never holds a stream key in clear.
 *
 * @param accepts what is known of the chosen platform
 * @param held the key that an earlier answer of this form brought; null when there is none
 * @param split what a pasted address was taken apart into just now; null when nothing was
 */
public record DestinationForm(
    Task task,
    Values values,
    List<Choice> platforms,
    PlatformWords accepts,
    HeldKeys.@Nullable Held held,
    @Nullable Split split,
    Faults faults) {
  /** The page of all destinations. */
  static final String LIST = "/destinations";

  /**
   * What the form is for.
   *
   * @param fingerprint of the key that stays when none is given; null for a new destination
   * @param back where "cancel" leads; null where the form stands on the stream's own page
   * @param fromList whether it leads back to the list of all destinations
   * @param stream its name, where the form is a page of its own
   */
  public record Task(
      String title,
      String action,
      String button,
      @Nullable String fingerprint,
      @Nullable String back,
      boolean fromList,
      @Nullable String stream) {}

  /**
   * What stands in the fields.
   *
   * @param delay in seconds
   * @param videoTrack its number; empty with {@code audioTrack} for the default tracks
   * @param whole whether the user said that the address is in one piece
   */
  public record Values(
      String name,
      String platform,
      String url,
      String delay,
      String videoTrack,
      String audioTrack,
      boolean whole) {
    static final Values NONE =
        new Values("", "custom", "", DelayInSeconds.written(0), "", "", false);

    static Values of(DestinationInput input) {
      return new Values(
          input.name(),
          input.platform(),
          input.url(),
          input.delay(),
          input.videoTrack(),
          input.audioTrack(),
          input.whole());
    }

    static Values of(DestinationView view) {
      Tracks tracks = view.tracks();
      return new Values(
          view.name(),
          view.platform(),
          view.url(),
          DelayInSeconds.written(view.delayMs()),
          tracks == null ? "" : String.valueOf(tracks.video()),
          tracks == null ? "" : String.valueOf(tracks.audio()),
          false);
    }
  }

  /** A platform to choose, with the server that most use there; empty where each has an own one. */
  public record Choice(String id, String name, String url) {
    static Choice of(Platform platform) {
      String url = platform.servers().isEmpty() ? "" : platform.servers().getFirst();
      return new Choice(platform.id(), platform.title(), url);
    }
  }

  /**
   * An address taken apart.
   *
   * @param key how the key is shown; null where only a missing app was added
   * @param characters how many the key has
   */
  public record Split(String server, @Nullable String key, int characters) {}

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
    return forNew("/streams/" + streamId, platforms, null, false, null);
  }

  /** An empty one on a page of its own. */
  static DestinationForm forNew(NamedStream stream, List<Platform> platforms, boolean fromList) {
    String back = fromList ? LIST : stream.page();
    return forNew(stream.page(), platforms, back, fromList, stream.name());
  }

  private static DestinationForm forNew(
      String streamPage,
      List<Platform> platforms,
      @Nullable String back,
      boolean fromList,
      @Nullable String stream) {
    var task =
        new Task(
            "Add a destination",
            streamPage + "/destinations",
            "Add destination",
            null,
            back,
            fromList,
            stream);
    return of(task, Values.NONE, platforms);
  }

  static DestinationForm forChange(
      DestinationView view, NamedStream stream, List<Platform> platforms, boolean fromList) {
    var task =
        new Task(
            "Edit " + view.name(),
            "/destinations/" + view.id(),
            "Save",
            view.streamKeyFingerprint(),
            fromList ? LIST : stream.page(),
            fromList,
            stream.name());
    return of(task, Values.of(view), platforms);
  }

  private static DestinationForm of(Task task, Values values, List<Platform> platforms) {
    return new DestinationForm(
        task,
        values,
        platforms.stream().map(Choice::of).toList(),
        PlatformWords.of(platforms, values.platform()),
        null,
        null,
        Faults.NONE);
  }

  /** The same with what was sent in its fields. */
  DestinationForm filled(
      DestinationInput input,
      List<Platform> present,
      HeldKeys.@Nullable Held key,
      @Nullable Split taken,
      Faults why) {
    return new DestinationForm(
        task,
        Values.of(input),
        platforms,
        PlatformWords.of(present, input.platform()),
        key,
        taken,
        why);
  }

  /** Whether the choice of tracks is worth showing at once. */
  public boolean tracksShown() {
    return faults.tracks() != null
        || !values.videoTrack().isEmpty()
        || !values.audioTrack().isEmpty();
  }

  /** Whether an empty key means that there is one already. */
  public boolean keyKept() {
    return held != null || task.fingerprint() != null;
  }

  /** How the key that is there is shown; its first characters only while it is not stored yet. */
  public String keyShown() {
    return held == null ? "••••••••" : held.masked();
  }

  /** Of the key that is there. */
  public String keyFingerprint() {
    return held != null ? held.fingerprint() : String.valueOf(task.fingerprint());
  }
}
