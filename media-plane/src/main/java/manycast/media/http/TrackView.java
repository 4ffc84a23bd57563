package manycast.media.http;

import java.util.Locale;
import manycast.media.broadcast.SwingMeter;
import manycast.media.broadcast.TrackFigures;
import org.jspecify.annotations.Nullable;

/**
 * A track of a live broadcast as other processes see it; what is not known is null.
 *
 * @param frameRate as the encoder announces it; {@code measuredFrameRate} over the newest frames
 * @param sinceKeyframeMs how much media has come since the last keyframe
 * @param meanBitrateBps over the last quarter of a minute, {@code bitrateBps} over two seconds,
 *     {@code usualBitrateBps} since the encoder connected
 * @param jitterMs how unevenly frames arrive against their times
 * @param missingFrames frames that are not there by the spacing of the others; {@code missingShare}
 *     is their share, from 0 to 1, of the last quarter of a minute
 */
record TrackView(
    String kind,
    int number,
    @Nullable String codec,
    @Nullable String profile,
    @Nullable String level,
    @Nullable Integer width,
    @Nullable Integer height,
    @Nullable Integer bitDepth,
    @Nullable Double frameRate,
    @Nullable Double measuredFrameRate,
    @Nullable KeyframeInterval keyframeInterval,
    @Nullable Long sinceKeyframeMs,
    @Nullable Boolean reorderedPictures,
    @Nullable Integer sampleRate,
    @Nullable Integer channels,
    long bitrateBps,
    long meanBitrateBps,
    long usualBitrateBps,
    @Nullable BitrateSwing bitrateSwing,
    double jitterMs,
    long frames,
    long missingFrames,
    double missingShare) {

  /** Time between keyframes. */
  record KeyframeInterval(long lastMs, long meanMs, long longestMs) {}

  /** Bits in the fullest second of ten, and a second on their mean. */
  record BitrateSwing(long peakBps, long meanBps) {}

  /** To be made on the broadcast's loop. */
  static TrackView of(TrackFigures figures, long nowMs) {
    SwingMeter.Swing swing = figures.bitrateSwing();
    boolean intervalKnown = figures.lastKeyframeIntervalMs() > 0;
    return new TrackView(
        figures.track().kind().name().toLowerCase(Locale.ROOT),
        figures.track().number(),
        orNull(figures.codecName()),
        orNull(figures.profile()),
        orNull(figures.level()),
        orNull(figures.width()),
        orNull(figures.height()),
        orNull(figures.bitDepth()),
        orNull(figures.announcedFrameRate()),
        figures.track().isVideo() ? orNull(figures.measuredFrameRate()) : null,
        intervalKnown
            ? new KeyframeInterval(
                figures.lastKeyframeIntervalMs(),
                figures.meanKeyframeIntervalMs(),
                figures.longestKeyframeIntervalMs())
            : null,
        figures.track().isVideo() ? figures.sinceKeyframeMs() : null,
        figures.hasReorderedPictures(),
        orNull(figures.sampleRate()),
        orNull(figures.channels()),
        figures.bitrateBps(nowMs),
        figures.meanBitrateBps(nowMs),
        figures.usualBitrateBps(nowMs),
        swing == null ? null : new BitrateSwing(swing.peakBps(), swing.meanBps()),
        Math.round(figures.jitterMs() * 10) / 10.0,
        figures.frames(),
        figures.missingFrames(),
        Math.round(figures.missingShare(nowMs) * 1000) / 1000.0);
  }

  static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  static @Nullable Integer orNull(int number) {
    return number == 0 ? null : number;
  }

  static @Nullable Long orNull(long number) {
    return number == 0 ? null : number;
  }

  /** To two decimals. */
  static @Nullable Double orNull(double number) {
    return number == 0 ? null : Math.round(number * 100) / 100.0;
  }
}
