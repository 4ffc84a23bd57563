package manycast.launcher.home;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The files of secrets, readable by their owner alone. What was made is never overwritten; what was
 * given to a run gives way to what the next one is given.
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
    return text(name).map(String::strip);
  }

  /** The same, every character of it. */
  Optional<String> text(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  /** Keeps this in the place of what is kept under this name, at once or not at all. */
  void replace(String name, String text) throws IOException {
    Files.move(writeBeside(name, text), folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private void keep(String name, String value) throws IOException {
    Path beside = writeBeside(name, value + "\n");
    try {
      Files.createLink(folder.resolve(name), beside);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(
          "another command made %s at the same moment; run this one again".formatted(name), e);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private Path writeBeside(String name, String text) throws IOException {
    Path beside = folder.resolve(name + ".new");
    Files.deleteIfExists(beside);
    Files.createFile(
        beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(beside, text, StandardOpenOption.WRITE);
    return beside;
  }

  /** 144 random bits as 24 letters, digits, {@code -} and {@code _}. */
  public static String random() {
    byte[] bytes = new byte[18];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
