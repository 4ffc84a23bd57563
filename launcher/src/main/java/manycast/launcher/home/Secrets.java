package manycast.launcher.home;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The files of secrets, one each, readable by their owner alone. What is there is never
 * overwritten.
 */
public final class Secrets {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path folder;

  Secrets(Path folder) {
    this.folder = folder;
  }

  /**
   * A secret: what the environment gives goes first, then what is kept, then a new one.
   *
   * @param given from the environment; kept for other commands in this home when nothing is kept
   *     yet
   */
  public String get(String name, @Nullable String given, Supplier<String> generate)
      throws IOException {
    Optional<String> kept = kept(name);
    if (kept.isEmpty()) {
      String value = given == null ? generate.get() : given;
      keep(name, value);
      return value;
    }
    return given == null ? kept.get() : given;
  }

  /** What is kept under this name. */
  public Optional<String> kept(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
  }

  private void keep(String name, String value) throws IOException {
    Path beside = folder.resolve(name + ".new");
    Files.deleteIfExists(beside);
    Files.createFile(
        beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(beside, value + "\n", StandardOpenOption.WRITE);
    try {
      Files.createLink(folder.resolve(name), beside);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(
          "another command made %s at the same moment; run this one again".formatted(name), e);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /** 144 random bits as 24 letters, digits, {@code -} and {@code _}. */
  public static String random() {
    byte[] bytes = new byte[18];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
