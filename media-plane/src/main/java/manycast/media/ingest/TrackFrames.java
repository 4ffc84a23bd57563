package manycast.media.ingest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.function.Supplier;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.PictureType;
import manycast.media.frame.Timeline;
import manycast.media.frame.Track;
import manycast.media.frame.TrackKind;
import manycast.media.ingest.TrackDescriptions.Description;
import org.jspecify.annotations.Nullable;

/**
 * Makes the frames of each track of one connection, on one timeline. All payloads are lent: a frame
 * takes a count of its own.
 */
final class TrackFrames {
  static final int DTS_TICKS_PER_MS = 90;

  /** Tracks of one kind; more than this no encoder sends, and each one costs memory. */
  private static final int MOST_TRACKS = 16;

  private final Timeline timeline;
  private final @Nullable TrackState[] states =
      new @Nullable TrackState[Track.NUMBERS * TrackKind.COUNT];
  private final int[] tracksOfKind = new int[TrackKind.COUNT];
  private final ChangeLimit configs = new ChangeLimit();
  private final ChangeLimit infos = new ChangeLimit();

  TrackFrames(Timeline timeline) {
    this.timeline = timeline;
  }

  /** What is known of this track, or null when it would be one too many. */
  @Nullable TrackState open(TrackKind kind, int number) {
    int slot = number * TrackKind.COUNT + kind.index();
    TrackState state = states[slot];
    if (state == null && tracksOfKind[kind.index()] < MOST_TRACKS) {
      tracksOfKind[kind.index()]++;
      state = new TrackState(new Track(kind, number));
      states[slot] = state;
    }
    return state;
  }

  /** This config holds for this track since an earlier connection. */
  void restore(Track track, byte[] config) {
    TrackState state = open(track.kind(), track.number());
    if (state != null) {
      state.restore(config);
    }
  }

  /** What is known of this track, or null when nothing of it has come. */
  @Nullable TrackState known(Track track) {
    return states[track.slot()];
  }

  static Taken tooManyTracks(TrackKind kind) {
    return new Taken.NotCarried(
        "tracks",
        "The encoder sends more than %d %s tracks; the further ones are not carried."
            .formatted(MOST_TRACKS, kind == TrackKind.VIDEO ? "video" : "audio"));
  }

  /** A codec config, which is nothing when it is the one that holds already. */
  Taken config(TrackState state, Codec codec, ByteBuf payload, long nowMs) {
    if (!payload.isReadable() && codec != Codec.OPUS) {
      return Taken.NOTHING;
    }
    if (!state.isNewConfig(codec, payload)) {
      return Taken.NOTHING;
    }
    if (!configs.allows(nowMs)) {
      return tooManyConfigs();
    }
    Track track = state.track();
    Description description = TrackDescriptions.ofConfig(track, codec, payload);
    return new Taken.ConfigTaken(
        frame(track, FrameKind.CONFIG, codec, false, payload), description);
  }

  /** One access unit at the time of its message. */
  Taken media(
      TrackState state,
      Codec codec,
      long ms,
      int compositionOffset90k,
      PictureType picture,
      ByteBuf payload) {
    if (!payload.isReadable()) {
      return Taken.NOTHING;
    }
    Track track = state.track();
    Frame frame =
        new Frame(
            track,
            FrameKind.MEDIA,
            codec,
            ms * DTS_TICKS_PER_MS,
            compositionOffset90k,
            picture,
            payload.retain());
    if (state.isFirstToDescribe(codec, picture == PictureType.KEY)) {
      return new Taken.ConfigTaken(
          frame, TrackDescriptions.ofFrame(track, codec, state.config(), payload));
    }
    return new Taken.FrameTaken(frame);
  }

  /** One access unit that leaves with the tag header that it came with. */
  Taken mediaInItsTag(
      TrackState state,
      Codec codec,
      long ms,
      PictureType picture,
      Supplier<Description> firstTime,
      ByteBuf wholeTag) {
    Frame frame =
        new Frame(
            state.track(),
            FrameKind.MEDIA,
            codec,
            ms * DTS_TICKS_PER_MS,
            0,
            picture,
            true,
            wholeTag.retain());
    boolean first = state.isFirstToDescribe(codec, picture == PictureType.KEY);
    return first ? new Taken.ConfigTaken(frame, firstTime.get()) : new Taken.FrameTaken(frame);
  }

  /** A codec config that we cannot read; it leaves with the tag header that it came with. */
  Taken configInItsTag(
      TrackState state,
      Codec codec,
      Supplier<Description> description,
      ByteBuf wholeTag,
      long nowMs) {
    if (!state.isNewConfig(codec, wholeTag)) {
      return Taken.NOTHING;
    }
    if (!configs.allows(nowMs)) {
      return tooManyConfigs();
    }
    return new Taken.ConfigTaken(
        frame(state.track(), FrameKind.CONFIG, codec, true, wholeTag), description.get());
  }

  /** Values about one track, which are nothing when they hold already. */
  Taken info(TrackState state, Codec codec, ByteBuf wholeTag, long nowMs) {
    byte[] said = ByteBufUtil.getBytes(wholeTag);
    if (!state.isNewInfo(said)) {
      return Taken.NOTHING;
    }
    if (!infos.allows(nowMs)) {
      return tooMuchMetadata();
    }
    state.keepInfo(said);
    return new Taken.FrameTaken(frame(state.track(), FrameKind.TRACK_INFO, codec, true, wholeTag));
  }

  /** Pictures and sound can be shown without it. */
  static Taken tooMuchMetadata() {
    return new Taken.NotCarried(
        "metadata_changes",
        "The encoder changes its metadata more than %d times a second: what is beyond that is dropped."
            .formatted(ChangeLimit.PER_SECOND));
  }

  /** What comes behind a config cannot be decoded without it. */
  private static Taken tooManyConfigs() {
    return new Taken.Refused(
        "config_changes",
        "The encoder changed its codec settings more than %d times a second: it was disconnected."
            .formatted(ChangeLimit.PER_SECOND));
  }

  private Frame frame(Track track, FrameKind kind, Codec codec, boolean wholeTag, ByteBuf payload) {
    long ms = timeline.configMs(track);
    return new Frame(
        track, kind, codec, ms * DTS_TICKS_PER_MS, 0, PictureType.NONE, wholeTag, payload.retain());
  }
}
