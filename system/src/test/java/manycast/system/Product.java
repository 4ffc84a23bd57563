package manycast.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manycast.launcher.installation.NodePorts;

/**
 * The built product as a user starts it: one {@code ./manycast up} (or {@code demo}) with a home
 * and ports of its own. Owns the launcher's process; {@link #close} stops it as Ctrl-C would and
 * takes the home away.
 */
final class Product implements AutoCloseable {
  static final Path ROOT = root();
  static final String EMAIL = "admin@example.com";
  static final String PASSWORD = "correct-horse-battery";
  static final String TOKEN = "system-test-token-0123456789";
  private static final Duration START_DEADLINE = Duration.ofSeconds(150);
  private static final Pattern LINK = Pattern.compile("(https?://\\S+/sign-in/link\\?token=\\S+)");

  private static final List<String> PORTS =
      List.of(
          "MANYCAST_HTTP_PORT",
          "MANYCAST_INTERNAL_PORT",
          "MANYCAST_MEDIA_HTTP_PORT",
          "MANYCAST_MEDIA_INTERNAL_PORT",
          "MANYCAST_RTMP_PORT",
          "MANYCAST_RTMPS_PORT",
          "MANYCAST_SRT_PORT",
          "MANYCAST_TS_PORT",
          "MANYCAST_DB_PORT");

  private static @org.jspecify.annotations.Nullable Product shared;

  private final Path home;
  private final Map<String, String> environment;
  private final List<String> output = new CopyOnWriteArrayList<>();
  private final int http;
  private final int rtmp;
  private final Process launcher;

  /**
   * The one product that tests share which leave it as they found it; it is stopped when the JVM
   * ends.
   */
  static synchronized Product shared() {
    Product product = shared;
    if (product == null || !product.launcher.isAlive()) {
      Product started =
          start(
              "up",
              Map.of(
                  "MANYCAST_DESTINATION_CA",
                  Trusted.get().authorities().toString(),
                  "MANYCAST_PREVIEW_TOKEN_LIFE",
                  "20s"));
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(started::close));
      shared = started;
      return started;
    }
    return product;
  }

  /** Starts {@code ./manycast COMMAND} on free ports and waits for its READY line. */
  static Product start(String command, Map<String, String> extra) {
    try {
      return start(command, extra, Files.createTempDirectory("manycast-system"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The same on a home that exists already, with the ports in {@code extra} where it names some.
   */
  static Product start(String command, Map<String, String> extra, Path home) {
    Product product = new Product(command, extra, home);
    product.awaitReady();
    return product;
  }

  private Product(String command, Map<String, String> extra, Path home) {
    this.home = home;
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("MANYCAST_HOME", home.toString());
    // All at once: one by one, the kernel may name the same port twice.
    List<Integer> free = freePorts();
    for (int i = 0; i < PORTS.size(); i++) {
      settings.put(PORTS.get(i), String.valueOf(free.get(i)));
    }
    settings.put("MANYCAST_ADMIN_EMAIL", EMAIL);
    settings.put("MANYCAST_ADMIN_PASSWORD", PASSWORD);
    settings.put("MANYCAST_ADMIN_TOKEN", TOKEN);
    settings.putAll(extra);
    this.environment = Map.copyOf(settings);
    this.http = Integer.parseInt(settings.get("MANYCAST_HTTP_PORT"));
    this.rtmp = Integer.parseInt(settings.get("MANYCAST_RTMP_PORT"));
    this.launcher = command(command).spawn();
    Thread.ofVirtual().start(this::readOutput);
  }

  private static List<Integer> freePorts() {
    try {
      return NodePorts.freePorts(PORTS.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A further command of the launcher in this product's home and environment. */
  Command command(String... arguments) {
    return new Command(environment, List.of(arguments));
  }

  /** A {@code ./manycast} command line that is yet to run. */
  record Command(Map<String, String> environment, List<String> arguments) {
    Process spawn() {
      List<String> line = new ArrayList<>(List.of("setsid", ROOT.resolve("manycast").toString()));
      line.addAll(arguments);
      ProcessBuilder builder =
          new ProcessBuilder(line).directory(ROOT.toFile()).redirectErrorStream(true);
      builder.environment().keySet().removeIf(name -> name.startsWith("MANYCAST_"));
      builder.environment().putAll(environment);
      try {
        return builder.start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void readOutput() {
    try (BufferedReader reader = launcher.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        output.add(line);
      }
    } catch (IOException e) {
      output.add("(output ended: " + e.getMessage() + ")");
    }
  }

  private void awaitReady() {
    try {
      Until.isTrue(
          "READY from the launcher",
          START_DEADLINE,
          () -> {
            if (!launcher.isAlive()) {
              throw new IllegalStateException("the launcher ended with " + launcher.exitValue());
            }
            return output.stream().anyMatch(line -> line.startsWith("READY"));
          });
    } catch (AssertionError e) {
      close();
      throw new AssertionError("output so far:\n" + String.join("\n", output), e);
    }
  }

  Path home() {
    return home;
  }

  Process launcher() {
    return launcher;
  }

  List<String> output() {
    return List.copyOf(output);
  }

  URI url() {
    return URI.create("http://localhost:" + http);
  }

  int port(String variable) {
    return Integer.parseInt(Optional.ofNullable(environment.get(variable)).orElseThrow());
  }

  Map<String, String> environment() {
    return environment;
  }

  String publishUrl(String streamKey) {
    return "rtmp://127.0.0.1:" + rtmp + "/live/" + streamKey;
  }

  /** The same over TLS; the certificate is for this name. */
  String secureUrl(String streamKey) {
    return "rtmps://localhost:" + port("MANYCAST_RTMPS_PORT") + "/live/" + streamKey;
  }

  Api api() {
    return new Api(url(), TOKEN);
  }

  /** The one-time sign-in link that the launcher printed. */
  String signInLink() {
    return output.stream()
        .map(LINK::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no sign-in link in:\n" + String.join("\n", output)));
  }

  /** The process that the pid file of that name points to. */
  ProcessHandle process(String name) {
    try {
      String text = Files.readString(home.resolve("run").resolve(name + ".pid"));
      long pid = Long.parseLong(text.strip().split("\\s+")[0]);
      return ProcessHandle.of(pid)
          .orElseThrow(() -> new AssertionError(name + " with pid " + pid + " is gone"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (launcher.isAlive()) {
      launcher.destroy();
      if (!awaitExit(Duration.ofSeconds(60))) {
        launcher.destroyForcibly();
        throw new AssertionError(
            "the launcher did not stop within 60 s:\n" + String.join("\n", output));
      }
    }
    keepLogs();
    deleteHome();
  }

  /** What the processes wrote stays beside the reports, for whoever reads a failure. */
  private void keepLogs() {
    Path kept = ROOT.resolve("system/target/product-logs").resolve(home.getFileName());
    try {
      Files.createDirectories(kept);
      Files.write(kept.resolve("launcher.log"), output);
      try (var logs = Files.newDirectoryStream(home.resolve("logs"))) {
        for (Path log : logs) {
          Files.copy(log, kept.resolve(log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    } catch (IOException e) {
      output.add("(the logs could not be kept: " + e.getMessage() + ")");
    }
  }

  boolean awaitExit(Duration deadline) {
    try {
      return launcher.waitFor(deadline);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void deleteHome() {
    try (var paths = Files.walk(home)) {
      paths.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    Path path = Path.of("").toAbsolutePath();
    while (!Files.isExecutable(path.resolve("manycast"))) {
      path =
          Optional.ofNullable(path.getParent())
              .orElseThrow(() -> new AssertionError("no ./manycast above " + Path.of("")));
    }
    return path;
  }
}
