package manycast.media.broadcast;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.Track;
import manycast.media.frame.TrackKind;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the encoder of one broadcast, across its connections. Belongs to the broadcast's
 * loop.
 */
public final class IngestFigures {
  /** A track that pauses so long is not late. */
  private static final int STALE_MS = 1_000;

  private static final Comparator<TrackFigures> BY_KIND_AND_NUMBER =
      Comparator.comparing((TrackFigures figures) -> figures.track().kind())
          .thenComparing(figures -> figures.track().number());

  private String protocol;
  private String remoteAddress;
  private String encoder;
  private Instant since = Instant.now();
  private long sinceMs;
  private final RateMeter rate = new RateMeter();
  private final List<Warning> warnings = new ArrayList<>();
  private final @Nullable TrackFigures[] bySlot =
      new @Nullable TrackFigures[Track.NUMBERS * TrackKind.COUNT];
  private final List<TrackFigures> tracks = new ArrayList<>();
  private long bytes;
  private long lastMediaMs;
  private double audioAheadMs;
  private final DriftMeter drift = new DriftMeter();
  private final ClockMeter clock = new ClockMeter();
  private long timestampCorrections;
  private long droppedMessages;

  /** Something about what the encoder sends that its user should know. */
  public record Warning(String code, String text) {}

  /** Figures of a connection that begins now. */
  public IngestFigures(String protocol, String remoteAddress, String encoder, long nowMs) {
    this.protocol = protocol;
    this.remoteAddress = remoteAddress;
    this.encoder = encoder;
    this.sinceMs = nowMs;
    this.lastMediaMs = nowMs;
  }

  /** The encoder is back, or another one is, on a connection that begins now. */
  public void reconnected(
      String newProtocol, String newRemoteAddress, String newEncoder, long nowMs) {
    protocol = newProtocol;
    remoteAddress = newRemoteAddress;
    encoder = newEncoder;
    since = Instant.now();
    sinceMs = nowMs;
    warnings.clear();
    drift.restart();
    clock.restart();
    tracks.forEach(TrackFigures::reconnected);
  }

  /** The encoder says more exactly what it is than when it connected. */
  public void named(String exactly) {
    encoder = exactly;
  }

  /** Counts a frame that arrived. */
  void received(Frame frame, long nowMs) {
    rate.note(bytes, nowMs);
    bytes += frame.payload().readableBytes();
    lastMediaMs = nowMs;
    if (frame.isMedia()) {
      TrackFigures track = track(frame.track());
      track.received(frame, nowMs);
      if (frame.track().number() == 0) {
        clock.note(frame.dtsMs(), nowMs);
        noteOffset(frame.track().isVideo(), nowMs);
      }
    }
  }

  private void noteOffset(boolean picture, long nowMs) {
    TrackFigures video = bySlot[Track.VIDEO.slot()];
    TrackFigures audio = bySlot[Track.AUDIO.slot()];
    Long pictureMs = video == null ? null : video.newestMs();
    Long soundMs = audio == null ? null : audio.newestMs();
    if (video == null || audio == null || pictureMs == null || soundMs == null) {
      return;
    }
    boolean bothRun =
        nowMs - video.newestArrivalMs() < STALE_MS && nowMs - audio.newestArrivalMs() < STALE_MS;
    if (bothRun) {
      audioAheadMs += (soundMs - pictureMs - audioAheadMs) / 16;
      // Only as pictures come: sound that goes on while pictures are dropped has not moved.
      if (picture) {
        drift.add(soundMs - pictureMs, pictureMs);
      }
    }
  }

  /** The figures of one track, made when they are asked for first. */
  public TrackFigures track(Track track) {
    TrackFigures figures = bySlot[track.slot()];
    if (figures == null) {
      figures = new TrackFigures(track);
      bySlot[track.slot()] = figures;
      tracks.add(figures);
      tracks.sort(BY_KIND_AND_NUMBER);
    }
    return figures;
  }

  /** All tracks of which something has come: pictures before sound, by their numbers. */
  public List<TrackFigures> tracks() {
    return List.copyOf(tracks);
  }

  /** How many message times had to be corrected so far. */
  public void timestampsCorrected(long corrections) {
    timestampCorrections = corrections;
  }

  /** Counts a message that was dropped because it holds nothing that is carried. */
  public void dropMessage() {
    droppedMessages++;
  }

  /** Adds a warning unless it is there. */
  public void warn(String code, String text) {
    for (Warning warning : warnings) {
      if (warning.code().equals(code)) {
        return;
      }
    }
    warnings.add(new Warning(code, text));
  }

  public String protocol() {
    return protocol;
  }

  public String remoteAddress() {
    return remoteAddress;
  }

  public String encoder() {
    return encoder;
  }

  public Instant since() {
    return since;
  }

  /** The default track of pictures, or else the first one there is; null where there is none. */
  public @Nullable TrackFigures video() {
    return firstOf(TrackKind.VIDEO);
  }

  /** The default track of sound, or else the first one there is; null where there is none. */
  public @Nullable TrackFigures audio() {
    return firstOf(TrackKind.AUDIO);
  }

  /** Codec of the pictures, or null. */
  public @Nullable Codec videoCodec() {
    TrackFigures video = video();
    return video == null ? null : video.codec();
  }

  /** Codec of this track, or null where nothing of it has come. */
  public @Nullable Codec codecOf(Track track) {
    TrackFigures figures = bySlot[track.slot()];
    return figures == null ? null : figures.codec();
  }

  /** Codec of the sound, or null. */
  public @Nullable Codec audioCodec() {
    TrackFigures audio = audio();
    return audio == null ? null : audio.codec();
  }

  private @Nullable TrackFigures firstOf(TrackKind kind) {
    for (TrackFigures figures : tracks) {
      if (figures.track().kind() == kind) {
        return figures;
      }
    }
    return null;
  }

  /** How far the sound's time is ahead of the pictures' on arrival, smoothed, in milliseconds. */
  public long audioAheadMs() {
    return Math.round(audioAheadMs);
  }

  /**
   * How much further ahead the sound's time is than when the encoder connected, in milliseconds;
   * negative where it falls behind.
   */
  public long audioDriftMs() {
    return drift.driftMs();
  }

  /** How the encoder's times go against our clock. */
  public ClockMeter clock() {
    return clock;
  }

  /** How many message times had to be corrected because they stepped back or jumped. */
  public long timestampCorrections() {
    return timestampCorrections;
  }

  /** Messages that were dropped because they hold nothing that is carried. */
  public long droppedMessages() {
    return droppedMessages;
  }

  public List<Warning> warnings() {
    return List.copyOf(warnings);
  }

  /** Bits of media a second over the last two seconds. */
  public long bitrateBps(long nowMs) {
    return rate.perSecond(bytes, nowMs) * 8;
  }

  /** How long the encoder has been connected. */
  public long uptimeMs(long nowMs) {
    return nowMs - sinceMs;
  }

  /** Media came, though no frame of it is whole yet. */
  public void heard(long nowMs) {
    lastMediaMs = nowMs;
  }

  /** How long no media has come. */
  public long silentMs(long nowMs) {
    return nowMs - lastMediaMs;
  }
}
