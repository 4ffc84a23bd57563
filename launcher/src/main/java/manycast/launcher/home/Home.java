package manycast.launcher.home;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The folder {@code MANYCAST_HOME}: who may read what in it, and which run it belongs to at the
 * moment.
 */
public final class Home {
  private static final String SECRET_SETTINGS = "settings";

  private final Path path;

  private Home(Path path) {
    this.path = path;
  }

  /** Makes the folders that are missing; nobody but the owner may enter. */
  public static Home open(Path path) throws IOException {
    Files.createDirectories(path);
    for (String folder : new String[] {"run", "logs", "secrets", "mail"}) {
      Path made = Files.createDirectories(path.resolve(folder));
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwx------"));
    }
    return new Home(path.toRealPath());
  }

  /** The home, when there is one already. */
  public static Optional<Home> existing(Path path) throws IOException {
    return Files.isDirectory(path.resolve("run")) ? Optional.of(open(path)) : Optional.empty();
  }

  public Path path() {
    return path;
  }

  /** Pid files. */
  public Path run() {
    return path.resolve("run");
  }

  public Path log(String name) {
    return path.resolve("logs").resolve(name + ".log");
  }

  public Secrets secrets() {
    return new Secrets(path.resolve("secrets"));
  }

  /**
   * Takes this home for one {@code up}; the lock falls with the process, however that ends. Empty
   * when it is taken.
   */
  public Optional<FileLock> lock() throws IOException {
    FileChannel channel =
        FileChannel.open(
            run().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      Optional<FileLock> lock = Optional.ofNullable(channel.tryLock());
      if (lock.isEmpty()) {
        channel.close();
      }
      return lock;
    } catch (OverlappingFileLockException heldByThisProcess) {
      channel.close();
      return Optional.empty();
    }
  }

  /**
   * Keeps the settings that a run was started with, in the place of those of the run before, for
   * commands in the same home.
   *
   * @param open none of them secret
   * @param secret only their owner can read them
   */
  public void writeSettings(SortedMap<String, String> open, SortedMap<String, String> secret)
      throws IOException {
    String comment = "what the last up was started with";
    Properties properties = new Properties();
    properties.putAll(open);
    try (Writer writer = Files.newBufferedWriter(settingsFile())) {
      properties.store(writer, comment);
    }
    properties.clear();
    properties.putAll(secret);
    StringWriter text = new StringWriter();
    properties.store(text, comment);
    secrets().replace(SECRET_SETTINGS, text.toString());
  }

  /** The settings of the last run, secret or not; empty when there was none. */
  public Map<String, String> readSettings() throws IOException {
    Properties properties = new Properties();
    if (Files.exists(settingsFile())) {
      try (Reader reader = Files.newBufferedReader(settingsFile())) {
        properties.load(reader);
      }
    }
    Optional<String> secret = secrets().text(SECRET_SETTINGS);
    if (secret.isPresent()) {
      properties.load(new StringReader(secret.get()));
    }
    Map<String, String> settings = new TreeMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> settings.put(name, properties.getProperty(name)));
    return settings;
  }

  /** Whether somebody was told who the first admin is, and the secrets that were made for it. */
  public boolean isFirstAdminTold() {
    return Files.exists(firstAdminTold());
  }

  /** Keeps that it was told, for every later run in this home. */
  public void rememberFirstAdminTold() throws IOException {
    Files.writeString(firstAdminTold(), "");
  }

  private Path firstAdminTold() {
    // Beside what was told, so that both live and go together.
    return path.resolve("secrets").resolve("first-admin-told");
  }

  private Path settingsFile() {
    return run().resolve("settings");
  }
}
