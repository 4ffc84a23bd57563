package manycast.launcher.product;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** A folder that holds exactly the wanted files, and doesn't touch those that it holds already. */
final class JarFolder {
  /**
   * Copies what is missing or differs, by renaming, so that a JVM that runs keeps the file it
   * opened; deletes what is too much. Signed jars are held without their signature.
   */
  static void hold(Path folder, List<Path> files) throws IOException {
    Files.createDirectories(folder);
    Set<Path> wanted = new HashSet<>();
    for (Path file : files) {
      Path target = folder.resolve(String.valueOf(file.getFileName()));
      wanted.add(target);
      boolean signed = UnsignedJar.isSigned(file);
      if (signed ? !UnsignedJar.isCopy(file, target) : !isSame(file, target)) {
        Path beside = folder.resolve(file.getFileName() + ".new");
        if (signed) {
          UnsignedJar.write(file, beside);
        } else {
          Files.copy(file, beside, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    for (Path there : filesIn(folder)) {
      if (!wanted.contains(there)) {
        Files.delete(there);
      }
    }
  }

  private static boolean isSame(Path file, Path target) throws IOException {
    return Files.exists(target) && Files.mismatch(file, target) == -1;
  }

  /** A hash over names, sizes and times of all jars below a folder, and over some words more. */
  static String fingerprint(Path folder, List<String> words) throws IOException {
    MessageDigest digest = sha256();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path jar : all.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
        // The JVM too takes a jar of the same size and time for the same jar.
        String line = "%s %d %s\n".formatted(jar, Files.size(jar), Files.getLastModifiedTime(jar));
        digest.update(line.getBytes(UTF_8));
      }
    }
    digest.update(String.join("\n", words).getBytes(UTF_8));
    return HexFormat.of().formatHex(digest.digest());
  }

  static String checksum(Path file) throws IOException {
    CRC32C crc = new CRC32C();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        crc.update(buffer, 0, n);
      }
    }
    return "%d %08x".formatted(Files.size(file), crc.getValue());
  }

  static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private JarFolder() {}
}
