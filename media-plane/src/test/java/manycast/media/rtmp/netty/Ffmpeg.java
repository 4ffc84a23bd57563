package manycast.media.rtmp.netty;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running ffmpeg whose words are kept. */
final class Ffmpeg implements AutoCloseable {
  private final Process process;
  private final Path log;

  private Ffmpeg(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static Ffmpeg start(Path folder, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-hide_banner", "-nostdin", "-y"));
    command.addAll(List.of(arguments));
    Path log = Files.createTempFile(folder, "ffmpeg", ".log");
    return new Ffmpeg(
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start(),
        log);
  }

  /** H.264 with B-frames and AAC, made on the spot, to these outputs at once. */
  static Ffmpeg encode(Path folder, double seconds, String... outputs) throws IOException {
    List<String> tee = new ArrayList<>();
    for (String output : outputs) {
      tee.add("[f=flv]" + output);
    }
    return start(
        folder,
        "-f",
        "lavfi",
        "-i",
        "testsrc2=size=320x180:rate=30",
        "-f",
        "lavfi",
        "-i",
        "sine=frequency=440:sample_rate=48000",
        "-t",
        String.valueOf(seconds),
        "-map",
        "0:v",
        "-map",
        "1:a",
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-g",
        "30",
        "-bf",
        "2",
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "aac",
        "-ac",
        "2",
        "-flags",
        "+global_header",
        "-f",
        "tee",
        String.join("|", tee));
  }

  /** Waits for its end and answers its exit code. */
  int join() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("ffmpeg does not end: " + words());
    }
    return process.exitValue();
  }

  String words() {
    try {
      return Files.readString(log, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
