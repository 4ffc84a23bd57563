package manycast.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One more media node of a running product, with settings of its own: {@code ./manycast node}. Owns
 * that process; {@link #close} stops it.
 */
final class AnotherNode implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Pattern SERVER = Pattern.compile("rtmp://\\S+");
  private static final Pattern READY = Pattern.compile("READY (\\S+), .*");

  private final Product product;
  private final Map<Path, Long> logged = new HashMap<>();
  private final Process command;
  private final List<String> output = new CopyOnWriteArrayList<>();

  /** Starts it; {@link #awaitReady} is to follow. */
  AnotherNode(Product product, Map<String, String> settings) throws IOException {
    Map<String, String> environment = new HashMap<>(product.environment());
    environment.putAll(settings);
    this.product = product;
    try (Stream<Path> logs = Files.list(product.home().resolve("logs"))) {
      logs.forEach(log -> logged.put(log, log.toFile().length()));
    }
    this.command = new Product.Command(environment, List.of("node")).spawn();
    Thread.ofVirtual().start(this::readOutput);
  }

  private void readOutput() {
    try (BufferedReader reader = command.inputReader()) {
      reader.lines().forEach(output::add);
    } catch (IOException | UncheckedIOException e) {
      output.add("(output ended: " + e.getMessage() + ")");
    }
  }

  /** Waits until it takes publishers; fails with its words where it ends instead. */
  void awaitReady() {
    Until.isTrue(
        "the other node is ready or has ended",
        START,
        () ->
            output.stream().anyMatch(line -> READY.matcher(line).matches()) || !command.isAlive());
    if (!command.isAlive()) {
      throw new AssertionError(
          "the other node ended with " + command.exitValue() + "\n" + String.join("\n", output));
    }
  }

  /** Where an encoder publishes with this key. */
  String publishUrl(String streamKey) {
    return found(SERVER).group() + "/" + streamKey;
  }

  /** What the node itself has logged; one before it may have had its name. */
  String log() throws IOException {
    Path log = product.home().resolve("logs").resolve(found(READY).group(1) + ".log");
    byte[] all = Files.readAllBytes(log);
    long known = logged.getOrDefault(log, 0L);
    int before = known > all.length ? 0 : (int) known;
    return new String(all, before, all.length - before, StandardCharsets.UTF_8);
  }

  private Matcher found(Pattern pattern) {
    return output.stream()
        .map(pattern::matcher)
        .filter(Matcher::find)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + pattern + " in:\n" + output));
  }

  @Override
  public void close() throws InterruptedException {
    command.destroy();
    if (!command.waitFor(Duration.ofSeconds(60))) {
      command.destroyForcibly();
      throw new AssertionError("the other node did not stop within 60 s:\n" + output);
    }
  }
}
