package manycast.launcher.product;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The planes as they are started: copies of their jars under {@code target/manycast}, which a build
 * that runs meanwhile doesn't touch, and for each a cache (JEP 483, 514) that halves its start and
 * more, made once for the same jars by a training run.
 */
public final class Product {
  private final Path root;
  private final Path folder;
  private final String javaHome = System.getProperty("java.home");

  private Product(Path root) {
    this.root = root;
    this.folder = root.resolve("target").resolve("manycast");
  }

  /**
   * What a training run does: starts the planes as {@link #trainingCommand} says, exercises and
   * stops them.
   */
  @FunctionalInterface
  public interface Training {
    /**
     * Carries it out.
     *
     * @param progress told in words what of it could not be done
     */
    void run(Product product, Consumer<String> progress) throws IOException, InterruptedException;
  }

  /**
   * Takes over what was built last, and trains when anything changed. Safe when several do it at
   * once. A failing training is told and leaves the planes without their caches.
   *
   * @param root the checkout
   */
  public static Product prepare(Path root, Training training, Consumer<String> progress)
      throws IOException, InterruptedException {
    Product product = new Product(root);
    Files.createDirectories(product.folder);
    try (FileChannel channel =
            FileChannel.open(
                product.folder.resolve("prepare.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (!lock.isValid()) {
        throw new IOException("cannot lock " + product.folder);
      }
      Map<Plane, String> fingerprints = product.takeOver();
      if (!product.isTrained(fingerprints)) {
        progress.accept("training the planes' start, once for each build …");
        product.train(training, fingerprints, progress);
      }
    }
    return product;
  }

  private Map<Plane, String> takeOver() throws IOException, InterruptedException {
    Map<Plane, String> fingerprints = new EnumMap<>(Plane.class);
    Path media = folder.resolve(Plane.MEDIA_PLANE.label());
    JarFolder.hold(media, mediaJars(root));
    Path control = folder.resolve(Plane.CONTROL_PLANE.label());
    Path boot = onlyJar(root.resolve("control-plane/target"), "manycast-control-plane-*-boot.jar");
    BootJar.extractIfChanged(boot, control);
    for (Plane plane : Plane.values()) {
      List<String> whole = new ArrayList<>(plane.jvmFlags());
      whole.add(Runtime.version().toString());
      whole.add(javaHome);
      fingerprints.put(plane, JarFolder.fingerprint(folder.resolve(plane.label()), whole));
    }
    return fingerprints;
  }

  /**
   * How another main class of the media plane is run, from what was built last and without a cache.
   */
  public static List<String> mediaTool(Path root, String mainClass) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Plane.MEDIA_PLANE.jvmFlags());
    command.add("-cp");
    command.add(String.join(":", mediaJars(root).stream().map(Path::toString).toList()));
    command.add(mainClass);
    return command;
  }

  private static List<Path> mediaJars(Path root) throws IOException {
    List<Path> jars = new ArrayList<>();
    jars.add(onlyJar(root.resolve("media-plane/target"), "manycast-media-plane-*[0-9].jar"));
    jars.addAll(jars(root.resolve("media-plane/target/dependency"), "*.jar"));
    return jars;
  }

  private static Path onlyJar(Path target, String glob) throws IOException {
    List<Path> found = jars(target, glob);
    if (found.size() != 1) {
      throw new IOException(
          "%s holds %d files %s instead of one; was it built?"
              .formatted(target, found.size(), glob));
    }
    return found.getFirst();
  }

  private static List<Path> jars(Path folder, String glob) throws IOException {
    List<Path> jars = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
        files.forEach(jars::add);
      }
    }
    jars.sort(null);
    return jars;
  }

  private boolean isTrained(Map<Plane, String> fingerprints) throws IOException {
    for (Plane plane : Plane.values()) {
      Path trained = trainedFile(plane);
      if (!Files.exists(trained) || !Files.readString(trained).equals(fingerprints.get(plane))) {
        return false;
      }
    }
    return true;
  }

  private void train(Training training, Map<Plane, String> fingerprints, Consumer<String> progress)
      throws IOException, InterruptedException {
    for (Plane plane : Plane.values()) {
      Files.deleteIfExists(trainedFile(plane));
      Files.deleteIfExists(cache(plane));
    }
    try {
      training.run(this, progress);
    } catch (IOException e) {
      progress.accept("the training failed, so the planes start slowly: " + e.getMessage());
      return;
    }
    for (Plane plane : Plane.values()) {
      if (!Files.exists(cache(plane))) {
        progress.accept(
            "the training of the %s left no cache, so it starts slowly".formatted(plane.label()));
      }
      Files.writeString(trainedFile(plane), fingerprints.getOrDefault(plane, ""));
    }
  }

  /**
   * How a plane is started, with what is special to this start, such as a bound, among the flags.
   */
  public List<String> command(Plane plane, List<String> moreJvmFlags) {
    List<String> flags = new ArrayList<>(moreJvmFlags);
    if (Files.exists(cache(plane)) && Files.exists(trainedFile(plane))) {
      flags.add("-XX:AOTCache=" + cache(plane));
    }
    return java(plane, flags);
  }

  /** How a plane is started to be trained: at its end it writes the cache. */
  public List<String> trainingCommand(Plane plane, List<String> moreJvmFlags) {
    List<String> flags = new ArrayList<>(moreJvmFlags);
    flags.add("-XX:AOTCacheOutput=" + cache(plane));
    return java(plane, flags);
  }

  private List<String> java(Plane plane, List<String> flags) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(javaHome, "bin", "java").toString());
    command.addAll(plane.jvmFlags());
    command.addAll(flags);
    command.add("-cp");
    command.add(classPath(plane));
    command.add(plane.mainClass());
    return command;
  }

  private String classPath(Plane plane) {
    try {
      // The control plane's jar names its libraries itself.
      List<String> jars =
          jars(folder.resolve(plane.label()), "*.jar").stream().map(Path::toString).toList();
      return String.join(":", jars);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where a training may keep its database and logs. */
  public Path folder() {
    return folder;
  }

  private Path cache(Plane plane) {
    return folder.resolve(plane.label() + ".aot");
  }

  private Path trainedFile(Plane plane) {
    return folder.resolve(plane.label() + ".trained");
  }
}
