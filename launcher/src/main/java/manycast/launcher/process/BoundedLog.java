package manycast.launcher.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A log file that a child appends to by itself, and that is kept below a size from outside: what it
 * held is copied to {@code NAME.log.1} and the file is cut. The child needs nobody to read its
 * output, so it outlives the launcher.
 */
public final class BoundedLog {
  private static final long MOST_BYTES = 8L << 20;

  /** Cuts the file when it has grown too big; lines written during the copy may be lost. */
  public static void bound(Path log) throws IOException {
    if (Files.exists(log) && Files.size(log) > MOST_BYTES) {
      Files.copy(
          log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
        channel.truncate(0);
      }
    }
  }

  /** The last lines that were written from this offset on. */
  public static List<String> tail(Path log, long from, int lines) {
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
      long start = Math.max(from, channel.size() - 64 * 1024);
      var buffer = java.nio.ByteBuffer.allocate((int) Math.max(0, channel.size() - start));
      while (buffer.hasRemaining() && channel.read(buffer, start + buffer.position()) >= 0) {}
      List<String> all =
          new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).lines().toList();
      return all.subList(Math.max(0, all.size() - lines), all.size());
    } catch (IOException unreadable) {
      return List.of();
    }
  }

  private BoundedLog() {}
}
