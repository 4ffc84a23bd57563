package manycast.launcher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What {@code run/NAME.pid} says: the pid alone on the first line, then {@code key=value} lines.
 *
 * @param ports what listens where, such as {@code rtmp} 1935
 */
public record PidFile(ProcessId process, Map<String, Integer> ports) {
  private static final String SUFFIX = ".pid";

  /** Written beside and moved, so that a reader never sees half of it. */
  public void write(Path folder, String name) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append(process.pid()).append("\nstarted=").append(process.started()).append('\n');
    new TreeMap<>(ports)
        .forEach(
            (port, number) ->
                text.append("port.").append(port).append('=').append(number).append('\n'));
    Path beside = folder.resolve(name + SUFFIX + ".new");
    Files.writeString(beside, text);
    Files.move(beside, file(folder, name), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Empty when there is no such file or nothing of sense in it. */
  public static Optional<PidFile> read(Path folder, String name) throws IOException {
    try {
      List<String> lines = Files.readAllLines(file(folder, name));
      long pid = Long.parseLong(lines.getFirst().strip());
      String started = "";
      Map<String, Integer> ports = new TreeMap<>();
      for (String line : lines.subList(1, lines.size())) {
        int equals = line.indexOf('=');
        String value = line.substring(equals + 1).strip();
        if (line.startsWith("started=")) {
          started = value;
        } else if (line.startsWith("port.")) {
          ports.put(line.substring("port.".length(), equals), Integer.parseInt(value));
        }
      }
      return Optional.of(new PidFile(new ProcessId(pid, started), ports));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (RuntimeException damaged) {
      return Optional.empty();
    }
  }

  public static void delete(Path folder, String name) throws IOException {
    Files.deleteIfExists(file(folder, name));
  }

  /** The names of all pid files in a folder. */
  public static List<String> names(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (var files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
        for (Path file : files) {
          String name = String.valueOf(file.getFileName());
          names.add(name.substring(0, name.length() - SUFFIX.length()));
        }
      }
    }
    names.sort(null);
    return names;
  }

  private static Path file(Path folder, String name) {
    return folder.resolve(name + SUFFIX);
  }
}
