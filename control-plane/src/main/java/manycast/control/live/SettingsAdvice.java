package manycast.control.live;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import manycast.control.destinations.DestinationView;
import manycast.control.destinations.Tracks;
import manycast.control.warnings.Arriving;
import manycast.control.warnings.Place;
import manycast.control.warnings.StreamWarnings;
import manycast.db.platforms.Preset;
import org.jspecify.annotations.Nullable;

/** Asks the rules of {@code warnings} about what a node tells of an encoder. */
final class SettingsAdvice {
  private SettingsAdvice() {}

  /**
   * What the encoder's user should change, besides what the node itself found.
   *
   * @param presets of a platform's word
   */
  static List<LiveView.Warning> of(
      LiveView.Ingest ingest,
      List<DestinationView> destinations,
      Instant startedAt,
      Function<String, Optional<Preset>> presets) {
    List<Place> places =
        destinations.stream()
            .filter(DestinationView::enabled)
            .flatMap(
                destination ->
                    presets.apply(destination.platform()).stream()
                        .map(preset -> place(destination, preset)))
            .toList();
    return StreamWarnings.of(arriving(ingest, startedAt), places).stream()
        .map(warning -> new LiveView.Warning(warning.code(), warning.text()))
        .toList();
  }

  private static Place place(DestinationView destination, Preset preset) {
    Tracks tracks = destination.tracks();
    return new Place(
        destination.name(),
        preset,
        destination.url().toLowerCase(Locale.ROOT).startsWith("rtmps:"),
        tracks == null ? 0 : tracks.video(),
        tracks == null ? 0 : tracks.audio());
  }

  private static Arriving arriving(LiveView.Ingest ingest, Instant startedAt) {
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
        Duration.between(startedAt, Instant.now()),
        Duration.ofMillis(Objects.requireNonNullElse(ingest.uptimeMs(), 0L)),
        Objects.requireNonNullElse(ingest.timestampCorrections(), 0L),
        pictures,
        sounds);
  }

  private static Arriving.Picture picture(LiveView.Track track) {
    LiveView.@Nullable KeyframeInterval keyframes = track.keyframeInterval();
    return new Arriving.Picture(
        track.number(),
        track.codec(),
        track.width(),
        track.height(),
        track.measuredFrameRate() == null ? track.frameRate() : track.measuredFrameRate(),
        keyframes == null ? null : (Long) keyframes.lastMs(),
        keyframes == null ? null : (Long) keyframes.meanMs(),
        keyframes == null ? null : (Long) keyframes.longestMs(),
        track.sinceKeyframeMs(),
        track.reorderedPictures(),
        track.meanBitrateBps());
  }
}
