package manycast.control.live;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import manycast.control.broadcasts.RelayState;
import manycast.control.destinations.DestinationView;
import manycast.control.destinations.Tracks;
import manycast.control.platforms.Platforms;
import manycast.control.warnings.Arriving;
import manycast.control.warnings.Place;
import manycast.control.warnings.StreamWarnings;
import manycast.control.warnings.Warning;
import manycast.db.platforms.Preset;
import org.springframework.stereotype.Component;

/**
 * Asks the rules of {@code warnings} about what a node tells of an encoder, and remembers which
 * warnings stand, so that one whose figure wavers does not come and go.
 */
@Component
class SettingsAdvice {
  /** A broadcast that nobody has asked about for so long begins without warnings again. */
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  /** More broadcasts than a process should be asked about; later ones are judged afresh. */
  private static final int MOST_BROADCASTS = 4_000;

  private record Standing(Set<String> codes, Instant asked) {}

  private final Platforms platforms;
  private final Map<UUID, Standing> standing = new ConcurrentHashMap<>();

  SettingsAdvice(Platforms platforms) {
    this.platforms = platforms;
  }

  /** What should be changed while a broadcast runs, besides what the node itself found. */
  List<LiveView.Warning> of(
      LiveRows rows, LiveView.Ingest ingest, List<LiveView.Destination> destinations) {
    Instant now = Instant.now();
    Instant startedAt = rows.broadcast().startedAt();
    UUID broadcastId = rows.broadcast().id();
    Set<UUID> taking =
        destinations.stream()
            .filter(
                destination ->
                    destination.state() == RelayState.LIVE || destination.framesSent() > 0)
            .map(LiveView.Destination::id)
            .collect(Collectors.toSet());
    List<Place> places = places(rows.configured(), rows.lastSent(), startedAt, taking);
    List<Warning> warnings =
        StreamWarnings.of(arriving(ingest, startedAt, now, standing(broadcastId, now)), places);
    remember(broadcastId, warnings, now);
    return inView(warnings);
  }

  /**
   * What should be changed while no broadcast runs.
   *
   * @param lastSent when the last broadcast began that was sent to a destination
   */
  List<LiveView.Warning> beforehand(
      List<DestinationView> destinations, Map<UUID, Instant> lastSent) {
    return inView(
        StreamWarnings.beforehand(places(destinations, lastSent, Instant.now(), Set.of())));
  }

  /** Those of the destinations whose key is good for one broadcast, or some hours, only. */
  List<UUID> withPassingKeys(List<DestinationView> destinations) {
    return destinations.stream()
        .filter(
            destination ->
                platforms
                    .preset(destination.platform())
                    .filter(SettingsAdvice::keysPass)
                    .isPresent())
        .map(DestinationView::id)
        .toList();
  }

  private static boolean keysPass(Preset preset) {
    return preset.limits().keyOnce() || preset.limits().keyHours() != null;
  }

  private Set<String> standing(UUID broadcastId, Instant now) {
    Standing known = standing.get(broadcastId);
    return known == null || known.asked().isBefore(now.minus(REMEMBERED))
        ? Set.of()
        : known.codes();
  }

  private void remember(UUID broadcastId, List<Warning> warnings, Instant now) {
    if (warnings.isEmpty()) {
      standing.remove(broadcastId);
      return;
    }
    if (standing.size() >= MOST_BROADCASTS) {
      standing.values().removeIf(known -> known.asked().isBefore(now.minus(REMEMBERED)));
    }
    if (standing.size() < MOST_BROADCASTS || standing.containsKey(broadcastId)) {
      Set<String> codes = warnings.stream().map(Warning::code).collect(Collectors.toSet());
      standing.put(broadcastId, new Standing(codes, now));
    }
  }

  private List<Place> places(
      List<DestinationView> destinations,
      Map<UUID, Instant> lastSent,
      Instant begins,
      Set<UUID> taking) {
    return destinations.stream()
        .filter(DestinationView::enabled)
        .flatMap(
            destination ->
                platforms.preset(destination.platform()).stream()
                    .map(preset -> place(destination, preset, lastSent, begins, taking)))
        .toList();
  }

  private static Place place(
      DestinationView destination,
      Preset preset,
      Map<UUID, Instant> lastSent,
      Instant begins,
      Set<UUID> taking) {
    Tracks tracks = destination.tracks();
    Instant setAt = destination.keySetAt();
    Instant sent = lastSent.get(destination.id());
    Integer hours = preset.limits().keyHours();
    // Where keys live for some hours, one that was good for a broadcast later than that is one of
    // those that last.
    boolean lasts =
        sent != null && hours != null && sent.isAfter(setAt.plus(Duration.ofHours(hours)));
    return new Place(
        destination.name(),
        preset,
        destination.url().toLowerCase(Locale.ROOT).startsWith("rtmps:"),
        tracks == null ? 0 : tracks.video(),
        tracks == null ? 0 : tracks.audio(),
        destination.delayMs(),
        new Place.Key(
            destination.streamKeyFingerprint(),
            Duration.between(setAt, begins),
            sent != null && sent.isAfter(setAt),
            lasts || taking.contains(destination.id())));
  }

  private static Arriving arriving(
      LiveView.Ingest ingest, Instant startedAt, Instant now, Set<String> standing) {
    var pictures = new ArrayList<Arriving.Picture>();
    var sounds = new ArrayList<Arriving.Sound>();
    for (LiveView.Track track : ingest.tracks()) {
      if (track.kind().equals("video")) {
        pictures.add(picture(track));
      } else {
        sounds.add(
            new Arriving.Sound(
                track.number(),
                track.codec(),
                track.sampleRate(),
                track.channels(),
                track.meanBitrateBps()));
      }
    }
    return new Arriving(
        Duration.between(startedAt, now),
        Duration.ofMillis(Objects.requireNonNullElse(ingest.uptimeMs(), 0L)),
        Objects.requireNonNullElse(ingest.timestampCorrections(), 0L),
        new Arriving.Times(
            Objects.requireNonNullElse(ingest.silentMs(), 0L),
            ingest.audioDriftMs(),
            ingest.leadMs(),
            ingest.pace()),
        pictures,
        sounds,
        standing);
  }

  private static Arriving.Picture picture(LiveView.Track track) {
    LiveView.KeyframeInterval keyframes = track.keyframeInterval();
    LiveView.BitrateSwing swing = track.bitrateSwing();
    return new Arriving.Picture(
        track.number(),
        track.codec(),
        track.profile(),
        track.level(),
        track.width(),
        track.height(),
        track.measuredFrameRate() == null ? track.frameRate() : track.measuredFrameRate(),
        keyframes == null ? null : (Long) keyframes.lastMs(),
        keyframes == null ? null : (Long) keyframes.meanMs(),
        keyframes == null ? null : (Long) keyframes.longestMs(),
        track.sinceKeyframeMs(),
        track.reorderedPictures(),
        new Arriving.Flow(
            track.meanBitrateBps(),
            track.usualBitrateBps(),
            swing == null ? null : (Long) swing.peakBps(),
            swing == null ? null : (Long) swing.meanBps(),
            track.missingShare()));
  }

  private static List<LiveView.Warning> inView(List<Warning> warnings) {
    return warnings.stream()
        .map(warning -> new LiveView.Warning(warning.code(), warning.text()))
        .toList();
  }
}
