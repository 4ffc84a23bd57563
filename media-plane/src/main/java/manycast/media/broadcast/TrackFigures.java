package manycast.media.broadcast;

import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one track: what its config says, and what its frames show. What is not known is
 * 0, empty or null. Belongs to the broadcast's loop; a frame costs a few additions.
 */
public final class TrackFigures {
  /** So many of the newest frames give rate and spacing: two seconds at 60 a second. */
  private static final int WINDOW = 128;

  /** The spacing of fewer frames is not trusted to tell that one is missing. */
  private static final int TRUSTED_FRAMES = 16;

  /** Presentation times are whole milliseconds: this much says nothing about their order. */
  private static final int ROUNDING_90K = 180;

  /** A longer gap is a pause or another clock, and no loss. */
  private static final int PAUSE_MS = 5_000;

  /** The mean bitrate, as all that is said of lately, is of the last sixteen seconds. */
  private static final int MEAN_SPACING_MS = 2_000;

  /** A second has few frames: their rates are told to the thousandth. */
  private static final long THOUSANDTHS = 1_000;

  private static final long NEVER = Long.MIN_VALUE;

  private final Track track;
  private final RateMeter rate = new RateMeter();
  private final RateMeter mean = new RateMeter(MEAN_SPACING_MS);
  private final RateMeter framesLately = new RateMeter(MEAN_SPACING_MS);
  private final RateMeter missingLately = new RateMeter(MEAN_SPACING_MS);
  private final SwingMeter swing = new SwingMeter();
  private final long[] windowMs = new long[WINDOW];
  private @Nullable Codec codec;
  private String codecName = "";
  private String profile = "";
  private String level = "";
  private int width;
  private int height;
  private int bitDepth;
  private int sampleRate;
  private int channels;
  private double announcedFrameRate;
  private boolean reordered;
  private long bytes;
  private long sinceMs = NEVER;
  private long bytesBefore;
  private long frames;
  private long keyframes;
  private long missing;
  private long lastMs = NEVER;
  private long lastArrivalMs;
  private double jitterMs;
  private int lowestOffset = Integer.MAX_VALUE;
  private int highestOffset = Integer.MIN_VALUE;
  private long firstKeyframeMs;
  private long lastKeyframeMs = NEVER;
  private long lastIntervalMs;
  private long longestIntervalMs;

  TrackFigures(Track track) {
    this.track = track;
  }

  /** Names its codec. */
  public void codec(Codec itsCodec, String name) {
    codec = itsCodec;
    codecName = name;
  }

  /** What a config says of pictures; what it leaves out is kept. */
  public void video(
      String itsProfile, String itsLevel, int itsWidth, int itsHeight, int itsBitDepth) {
    profile = itsProfile;
    level = itsLevel;
    width = itsWidth > 0 ? itsWidth : width;
    height = itsHeight > 0 ? itsHeight : height;
    bitDepth = itsBitDepth;
  }

  /** What a config says of sound; what it leaves out is kept. */
  public void audio(String itsProfile, int itsSampleRate, int itsChannels) {
    profile = itsProfile;
    sampleRate = itsSampleRate > 0 ? itsSampleRate : sampleRate;
    channels = itsChannels > 0 ? itsChannels : channels;
  }

  /** The pictures a second that the encoder announces; 0 says nothing. */
  public void announceFrameRate(double perSecond) {
    announcedFrameRate = perSecond > 0 ? perSecond : announcedFrameRate;
  }

  /** The config says that pictures may be shown in another order than they come in. */
  public void announceReordering() {
    reordered = true;
  }

  /** What comes from now on is of another connection of the encoder. */
  void reconnected() {
    sinceMs = NEVER;
    swing.restart();
  }

  void received(Frame frame, long nowMs) {
    rate.note(bytes, nowMs);
    mean.note(bytes, nowMs);
    framesLately.note(frames * THOUSANDTHS, nowMs);
    missingLately.note(missing * THOUSANDTHS, nowMs);
    if (sinceMs == NEVER) {
      sinceMs = nowMs;
      bytesBefore = bytes;
    }
    int size = frame.payload().readableBytes();
    bytes += size;
    long ms = frame.dtsMs();
    swing.add(size, ms);
    if (lastMs != NEVER) {
      noteSpacing(ms - lastMs, nowMs - lastArrivalMs);
    }
    lastMs = ms;
    lastArrivalMs = nowMs;
    windowMs[(int) (frames % WINDOW)] = ms;
    frames++;
    if (track.isVideo()) {
      lowestOffset = Math.min(lowestOffset, frame.compositionOffset90k());
      highestOffset = Math.max(highestOffset, frame.compositionOffset90k());
      if (frame.picture() == PictureType.KEY) {
        noteKeyframe(ms);
      }
    }
  }

  /** Jitter as RFC 3550 §6.4.1 has it: a sixteenth of each deviation. */
  private void noteSpacing(long mediaMs, long realMs) {
    jitterMs += (Math.abs(realMs - mediaMs) - jitterMs) / 16;
    double mean = meanSpacingMs();
    if (frames >= TRUSTED_FRAMES && mean > 0 && mediaMs > 1.5 * mean && mediaMs < PAUSE_MS) {
      missing += Math.round(mediaMs / mean) - 1;
    }
  }

  private void noteKeyframe(long ms) {
    if (lastKeyframeMs == NEVER) {
      firstKeyframeMs = ms;
    } else {
      lastIntervalMs = ms - lastKeyframeMs;
      longestIntervalMs = Math.max(longestIntervalMs, lastIntervalMs);
    }
    lastKeyframeMs = ms;
    keyframes++;
  }

  private double meanSpacingMs() {
    int kept = (int) Math.min(frames, WINDOW);
    if (kept < 2) {
      return 0;
    }
    long oldest = windowMs[(int) ((frames - kept) % WINDOW)];
    long newest = windowMs[(int) ((frames - 1) % WINDOW)];
    return (double) (newest - oldest) / (kept - 1);
  }

  public Track track() {
    return track;
  }

  /** Its codec, or null before anything tells it. */
  public @Nullable Codec codec() {
    return codec;
  }

  /** The codec's name for people. */
  public String codecName() {
    return codecName;
  }

  public String profile() {
    return profile;
  }

  public String level() {
    return level;
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  public int bitDepth() {
    return bitDepth;
  }

  public int sampleRate() {
    return sampleRate;
  }

  public int channels() {
    return channels;
  }

  /** Pictures a second as announced. */
  public double announcedFrameRate() {
    return announcedFrameRate;
  }

  /** Frames a second over the newest ones; 0 before it can be told. */
  public double measuredFrameRate() {
    double mean = meanSpacingMs();
    return frames < TRUSTED_FRAMES || mean <= 0 ? 0 : 1000 / mean;
  }

  /** Pictures a second as announced, else as measured; 0 before either can be told. */
  public double frameRate() {
    return announcedFrameRate > 0 ? announcedFrameRate : measuredFrameRate();
  }

  /** Time between the last two keyframes, in milliseconds of media. */
  public long lastKeyframeIntervalMs() {
    return lastIntervalMs;
  }

  public long meanKeyframeIntervalMs() {
    return keyframes < 2 ? 0 : (lastKeyframeMs - firstKeyframeMs) / (keyframes - 1);
  }

  public long longestKeyframeIntervalMs() {
    return longestIntervalMs;
  }

  /** Whether pictures come in another order than they are shown; null where it cannot be told. */
  public @Nullable Boolean hasReorderedPictures() {
    if (codec == null || !codec.hasCompositionOffset() || frames < TRUSTED_FRAMES) {
      return reordered ? Boolean.TRUE : null;
    }
    return highestOffset - lowestOffset > ROUNDING_90K;
  }

  /** Media time since the last keyframe, in milliseconds; null before the first one. */
  public @Nullable Long sinceKeyframeMs() {
    return lastKeyframeMs == NEVER || lastMs == NEVER ? null : lastMs - lastKeyframeMs;
  }

  /** Bits a second over the last sixteen seconds. */
  public long meanBitrateBps(long nowMs) {
    return mean.perSecond(bytes, nowMs) * 8;
  }

  /** Bits a second since the encoder connected; 0 before it can be told. */
  public long usualBitrateBps(long nowMs) {
    return sinceMs == NEVER || nowMs <= sinceMs
        ? 0
        : (bytes - bytesBefore) * 8000 / (nowMs - sinceMs);
  }

  /** How much the bitrate swings from second to second; null before it can be told. */
  public SwingMeter.@Nullable Swing bitrateSwing() {
    return swing.swing();
  }

  /** The share of the last sixteen seconds' frames that are not there, from 0 to 1. */
  public double missingShare(long nowMs) {
    double lost = missingLately.perSecond(missing * THOUSANDTHS, nowMs);
    double came = framesLately.perSecond(frames * THOUSANDTHS, nowMs);
    return lost + came == 0 ? 0 : lost / (lost + came);
  }

  /** Bits a second over the last two seconds. */
  public long bitrateBps(long nowMs) {
    return rate.perSecond(bytes, nowMs) * 8;
  }

  /** How unevenly frames arrive against their times, in milliseconds. */
  public double jitterMs() {
    return jitterMs;
  }

  public long frames() {
    return frames;
  }

  /** Frames that are not there by the spacing of the others. */
  public long missingFrames() {
    return missing;
  }

  /** Time of the newest frame on the broadcast's timeline, or null. */
  @Nullable Long newestMs() {
    return lastMs == NEVER ? null : lastMs;
  }

  /** When the newest frame came. */
  long newestArrivalMs() {
    return lastArrivalMs;
  }
}
