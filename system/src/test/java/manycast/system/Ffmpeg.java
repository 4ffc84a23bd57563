package manycast.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of the real ffmpeg; its log is kept for failures and never holds a stream key's URL in a
 * test's output by default.
 */
final class Ffmpeg implements AutoCloseable {
  private final Process process;
  private final Path log;

  private Ffmpeg(Path log, List<String> arguments) {
    List<String> line =
        new ArrayList<>(List.of("ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "warning"));
    line.addAll(arguments);
    this.log = log;
    try {
      this.process =
          new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Publishes a file as it is, in real time, and ends with it. */
  static Ffmpeg publish(Path file, String url, Path log) {
    return new Ffmpeg(log, List.of("-re", "-i", file.toString(), "-c", "copy", "-f", "flv", url));
  }

  /** The same over TLS, where only what this file certifies is taken for the server. */
  static Ffmpeg publishOverTls(Path file, String url, Path authorities, Path log) {
    return new Ffmpeg(
        log,
        List.of(
            "-re",
            "-i",
            file.toString(),
            "-c",
            "copy",
            "-f",
            "flv",
            "-tls_verify",
            "1",
            "-ca_file",
            authorities.toString(),
            url));
  }

  /** Publishes a file over and over, in real time, until it is closed. */
  static Ffmpeg publishLooped(Path file, String url, Path log) {
    return new Ffmpeg(
        log,
        List.of(
            "-re", "-stream_loop", "-1", "-i", file.toString(), "-c", "copy", "-f", "flv", url));
  }

  /**
   * Publishes a moving picture of 640 by 360 whose uppermost 32 lines say when it was drawn: 32
   * fields of 20 pixels, the lowest bit first, are the milliseconds of this machine's clock.
   */
  static Ffmpeg publishClock(String url, Path log) {
    return new Ffmpeg(
        log,
        List.of(
            "-re",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=640x360:rate=30",
            "-re",
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=440:sample_rate=48000",
            "-filter_complex",
            "[0:v]split[a][b];[b]crop=640:32:0:0,format=gray,settb=1/1000000,setpts=RTCTIME,"
                + "geq=lum='if(gte(mod(floor(T*1000/pow(2,floor(X/20))),2),1),235,16)',"
                + "settb=1/30,setpts=N[clock];[a]settb=1/30,setpts=N[film];"
                + "[film][clock]overlay=0:0,format=yuv420p[v]",
            "-map",
            "[v]",
            "-map",
            "1:a",
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-tune",
            "zerolatency",
            "-g",
            "60",
            "-b:v",
            "2500k",
            "-c:a",
            "aac",
            "-b:a",
            "128k",
            "-flush_packets",
            "1",
            "-f",
            "flv",
            url));
  }

  /** Waits for one publisher on the port and records what it sends. */
  static Ffmpeg record(int port, Path file, Path log) {
    return new Ffmpeg(
        log,
        List.of(
            "-y",
            "-listen",
            "1",
            "-f",
            "flv",
            "-i",
            "rtmp://127.0.0.1:" + port + "/live/in",
            "-c",
            "copy",
            "-f",
            "flv",
            file.toString()));
  }

  /**
   * Makes a real H.264/AAC clip: a moving test picture with B-frames and 2 s keyframes, a tone that
   * changes.
   */
  static Path clip(Path folder, int seconds) {
    Path file = folder.resolve("clip.flv");
    try (Ffmpeg encode =
        new Ffmpeg(
            folder.resolve("clip.log"),
            List.of(
                "-y",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=size=640x360:rate=30",
                "-f",
                "lavfi",
                "-i",
                "aevalsrc=0.2*sin(2*PI*t*(220+20*floor(t))):s=48000:c=stereo",
                "-t",
                String.valueOf(seconds),
                "-c:v",
                "libx264",
                "-preset",
                "veryfast",
                "-g",
                "60",
                "-keyint_min",
                "60",
                "-sc_threshold",
                "0",
                "-bf",
                "2",
                "-b:v",
                "1500k",
                "-pix_fmt",
                "yuv420p",
                "-c:a",
                "aac",
                "-b:a",
                "128k",
                "-f",
                "flv",
                file.toString()))) {
      encode.awaitSuccess();
    }
    return file;
  }

  /** Waits for its own end and fails the test when it was not a clean one. */
  void awaitSuccess() {
    try {
      int code = process.waitFor();
      if (code != 0) {
        throw new AssertionError("ffmpeg ended with " + code + ":\n" + output());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  boolean isRunning() {
    return process.isAlive();
  }

  String output() {
    try {
      return java.nio.file.Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops it in the middle of what it does: its connection stays open, and nothing is sent. */
  void freeze() {
    signal("STOP");
  }

  /** Ends it as a user would, with Ctrl-C. */
  void interrupt() {
    signal("INT");
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
