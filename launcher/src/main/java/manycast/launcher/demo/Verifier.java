package manycast.launcher.demo;

import java.util.Arrays;
import manycast.launcher.rtmp.Message;
import org.jspecify.annotations.Nullable;

/**
 * Compares what one connection received with the sample: from a keyframe on every frame, bit-exact,
 * in order, once, with the sample's differences of time. An encoder that was lost and comes back
 * begins the sample anew, later by a gap. Pure; the first fault stays.
 */
public final class Verifier {
  private static final int CODEC_CONFIG = 0;
  private static final int CODED = 1;

  /** Nobody is lost and back sooner: an earlier beginning is a frame too many. */
  private static final int SHORTEST_GAP_MS = 100;

  private final Sample sample;
  private boolean videoConfigured;
  private boolean audioConfigured;
  private long nextVideo = -1;
  private long nextAudio = -1;
  private long zeroMs;
  private long startDtsMs;
  private long lastTimeMs = Long.MIN_VALUE;
  private long frames;
  private long returns;
  private long gapMs;
  private @Nullable String fault;

  public Verifier(Sample sample) {
    this.sample = sample;
  }

  /** How many frames were found right. */
  public long frames() {
    return frames;
  }

  /** How often the encoder has begun anew after a gap. */
  public long returns() {
    return returns;
  }

  /** How long the last of these gaps was on the connection's timeline, in milliseconds. */
  public long gapMs() {
    return gapMs;
  }

  /** The first thing that was wrong; null while all is right. */
  public @Nullable String fault() {
    return fault;
  }

  /** The place in the sample of the first frame received, the last time; -1 before it. */
  public long startDtsMs() {
    return nextVideo < 0 ? -1 : startDtsMs;
  }

  /** Takes the next message of the connection. */
  public void on(Message message) {
    if (fault != null) {
      return;
    }
    switch (message.type()) {
      case VIDEO -> fault = onVideo(message);
      case AUDIO -> fault = onAudio(message);
      case DATA -> {
        // Metadata is not media: a relay may add to it.
      }
      default -> fault = "a %s message among the media".formatted(message.type());
    }
  }

  private @Nullable String onVideo(Message message) {
    byte[] body = message.body();
    if (body.length < 5) {
      return "a video message of %d bytes".formatted(body.length);
    }
    if (body[1] == CODEC_CONFIG) {
      videoConfigured = true;
      return Arrays.equals(body, sample.videoConfig())
          ? null
          : "the video's codec config differs: " + MediaFrame.describe(body);
    }
    if (body[1] != CODED) {
      return "a video message of packet type %d".formatted(body[1]);
    }
    if (!videoConfigured) {
      return "a video frame before the codec config";
    }
    if (nextVideo < 0) {
      return start(message);
    }
    if (isReturn(message)) {
      returns++;
      gapMs = message.timestampMs() - lastTimeMs;
      return start(message);
    }
    return compare("video", sample.video(nextVideo++), message);
  }

  private boolean isReturn(Message message) {
    MediaFrame expected = sample.video(nextVideo);
    MediaFrame first = sample.video(0);
    return first != null
        && first.hasBody(message.body())
        && (expected == null || !expected.hasBody(message.body()))
        && message.timestampMs() - lastTimeMs >= SHORTEST_GAP_MS;
  }

  private @Nullable String start(Message message) {
    for (int i = 0; i < sample.videoFrames(); i++) {
      MediaFrame frame = sample.video(i);
      if (frame != null && frame.keyframe() && frame.hasBody(message.body())) {
        nextVideo = i + 1L;
        startDtsMs = frame.dtsMs();
        zeroMs = message.timestampMs() - startDtsMs;
        lastTimeMs = message.timestampMs();
        nextAudio = firstAudioFrom(startDtsMs);
        frames++;
        return null;
      }
    }
    return "the first video frame is no keyframe of the sample: "
        + MediaFrame.describe(message.body());
  }

  private long firstAudioFrom(long dtsMs) {
    long index = 0;
    for (MediaFrame frame = sample.audio(0); frame != null && frame.dtsMs() < dtsMs; ) {
      frame = sample.audio(++index);
    }
    return index;
  }

  private @Nullable String onAudio(Message message) {
    byte[] body = message.body();
    if (body.length < 2) {
      return "an audio message of %d bytes".formatted(body.length);
    }
    if (body[1] == CODEC_CONFIG) {
      audioConfigured = true;
      return Arrays.equals(body, sample.audioConfig())
          ? null
          : "the audio's codec config differs: " + MediaFrame.describe(body);
    }
    if (!audioConfigured) {
      return "an audio frame before the codec config";
    }
    if (nextVideo < 0) {
      return "an audio frame before the first keyframe";
    }
    return compare("audio", sample.audio(nextAudio++), message);
  }

  private @Nullable String compare(String track, @Nullable MediaFrame expected, Message message) {
    if (expected == null) {
      return "a %s frame after the sample's last: %s"
          .formatted(track, MediaFrame.describe(message.body()));
    }
    if (!expected.hasBody(message.body())) {
      return "%s frame of dts %d ms differs: %s instead of %s"
          .formatted(
              track,
              expected.dtsMs(),
              MediaFrame.describe(message.body()),
              MediaFrame.describe(expected.body()));
    }
    // Differences of 32-bit times, so that a wrap is none.
    int off = (int) (message.timestampMs() - zeroMs - expected.dtsMs());
    if (off != 0) {
      return "%s frame of dts %d ms came with a time %d ms off"
          .formatted(track, expected.dtsMs(), off);
    }
    if ((int) (message.timestampMs() - lastTimeMs) < 0) {
      return "%s frame of dts %d ms came after a later one".formatted(track, expected.dtsMs());
    }
    lastTimeMs = message.timestampMs();
    frames++;
    return null;
  }
}
