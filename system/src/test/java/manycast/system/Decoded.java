package manycast.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many frames ffmpeg decodes from a file.
 *
 * @param frames by the kind of track, {@code audio} and {@code video}
 * @param complaints what it says about the file; empty where all is right
 */
record Decoded(Map<String, Integer> frames, String complaints) {
  static Decoded of(Path file) throws IOException, InterruptedException {
    Process probe =
        new ProcessBuilder(
                List.of(
                    "ffprobe",
                    "-v",
                    "warning",
                    "-count_frames",
                    "-show_entries",
                    "stream=codec_type,nb_read_frames",
                    "-of",
                    "csv=p=0",
                    file.toString()))
            .start();
    String counted = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String complaints = new String(probe.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = probe.waitFor();
    if (exit != 0) {
      throw new AssertionError("ffprobe ended with " + exit + ": " + complaints);
    }
    Map<String, Integer> frames = new TreeMap<>();
    for (String line : counted.strip().split("\n")) {
      String[] words = line.strip().split(",");
      frames.put(words[0], Integer.valueOf(words[1]));
    }
    return new Decoded(frames, complaints);
  }
}
