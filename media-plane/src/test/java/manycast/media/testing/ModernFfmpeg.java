package manycast.media.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The ffmpeg of the test class path, which writes and reads Enhanced RTMP with several tracks, as
 * the distributions' do not yet.
 */
public final class ModernFfmpeg {
  private static final String IN_JAR = "org/bytedeco/ffmpeg/linux-x86_64-gpl/";

  private final Path folder;

  private ModernFfmpeg(Path folder) {
    this.folder = folder;
  }

  /** Unpacks it into this folder. */
  public static ModernFfmpeg unpack(Path folder) throws IOException {
    URL url = ModernFfmpeg.class.getResource("/" + IN_JAR + "ffmpeg");
    JarURLConnection connection =
        (JarURLConnection) Objects.requireNonNull(url, "ffmpeg's jar").openConnection();
    connection.setUseCaches(false);
    try (JarFile jar = connection.getJarFile()) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        String name = entry.getName();
        if (name.startsWith(IN_JAR) && !entry.isDirectory() && !name.contains("libjni")) {
          try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, folder.resolve(name.substring(IN_JAR.length())));
          }
        }
      }
    }
    ModernFfmpeg ffmpeg = new ModernFfmpeg(folder);
    if (!ffmpeg.program().toFile().setExecutable(true)) {
      throw new IOException(ffmpeg.program() + " cannot be made executable");
    }
    return ffmpeg;
  }

  private Path program() {
    return folder.resolve("ffmpeg");
  }

  /** Begins a run; what it says goes to this file. */
  public Process start(Path log, List<String> arguments) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(program().toString());
    line.addAll(List.of("-hide_banner", "-nostdin", "-y", "-v", "error"));
    line.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile());
    // The libraries that it was built with lie beside it.
    builder.environment().put("LD_LIBRARY_PATH", folder.toString());
    return builder.start();
  }

  /** What it says of a file's tracks. */
  public String describe(Path file) throws IOException, InterruptedException {
    Path log = file.resolveSibling(file.getFileName() + ".info");
    // Without an output it ends with an error once it has said everything.
    start(log, List.of("-v", "info", "-i", file.toString())).waitFor();
    return Files.readString(log);
  }

  /** A whole run; throws where it fails or has an error to tell. */
  public void run(Path log, String... arguments) throws IOException, InterruptedException {
    int code = start(log, List.of(arguments)).waitFor();
    String said = Files.readString(log);
    if (code != 0 || !said.isBlank()) {
      throw new AssertionError("ffmpeg ended with " + code + ": " + said);
    }
  }
}
