package manycast.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import manycast.launcher.demo.MediaFrame;
import manycast.launcher.demo.Sample;

/** A real H.264/AAC file made once for all tests, and what a sink must receive of it. */
final class Clip {
  private static final int SECONDS = 60;
  private static final int SHORTER_SECONDS = 15;
  private static final int SHORTEST_SECONDS = 6;

  private static final Map<Integer, Clip> MADE = new HashMap<>();

  private final Path file;
  private final Sample sample;

  private Clip(Path file) {
    this.file = file;
    try (InputStream in = Files.newInputStream(file)) {
      this.sample = Sample.once(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The one of a minute. */
  static Clip get() {
    return ofSeconds(SECONDS);
  }

  /** One of a quarter of a minute, for what is run many times. */
  static Clip shorter() {
    return ofSeconds(SHORTER_SECONDS);
  }

  /** One of a few seconds, where the other side is what is tested. */
  static Clip shortest() {
    return ofSeconds(SHORTEST_SECONDS);
  }

  private static synchronized Clip ofSeconds(int seconds) {
    return MADE.computeIfAbsent(
        seconds,
        missing -> {
          try {
            return new Clip(Ffmpeg.clip(Files.createTempDirectory("manycast-clip"), missing));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  Path file() {
    return file;
  }

  Sample sample() {
    return sample;
  }

  /** How many frames are at or after this time and before that one, in both tracks together. */
  long frames(long fromMs, long toMs) {
    long count = 0;
    for (int i = 0; i < sample.videoFrames(); i++) {
      count += isWithin(sample.video(i), fromMs, toMs) ? 1 : 0;
    }
    for (int i = 0; i < sample.audioFrames(); i++) {
      count += isWithin(sample.audio(i), fromMs, toMs) ? 1 : 0;
    }
    return count;
  }

  private static boolean isWithin(
      @org.jspecify.annotations.Nullable MediaFrame frame, long fromMs, long toMs) {
    return frame != null && frame.dtsMs() >= fromMs && frame.dtsMs() < toMs;
  }
}
