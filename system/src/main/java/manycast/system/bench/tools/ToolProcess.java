package manycast.system.bench.tools;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import manycast.launcher.process.Signals;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A running publisher, sink or floor: says on its standard error how far it is, and at its end on
 * its standard output, in one JSON object, what it found. Owns the process.
 */
public final class ToolProcess implements AutoCloseable {
  private static final long END_SECONDS = 20;
  private static final JsonMapper JSON = new JsonMapper();

  private final Process process;
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final StringBuffer found = new StringBuffer();
  private final Thread stdout;

  private ToolProcess(Process process) {
    this.process = process;
    this.stdout = Thread.ofVirtual().start(() -> read(process.inputReader(), found::append));
    Thread.ofVirtual().start(() -> read(process.errorReader(), said::add));
  }

  /** Starts a tool. */
  public static ToolProcess start(List<String> command) throws IOException {
    return new ToolProcess(new ProcessBuilder(command).start());
  }

  private static void read(BufferedReader from, Consumer<String> to) {
    try (from) {
      for (String line = from.readLine(); line != null; line = from.readLine()) {
        to.accept(line);
      }
    } catch (IOException killed) {
      // What it said before is there.
    }
  }

  public long pid() {
    return process.pid();
  }

  /**
   * Makes sure that it is at work.
   *
   * @throws IOException when it has ended, with what it said
   */
  public void requireAlive() throws IOException {
    if (!process.isAlive()) {
      throw new IOException("a tool ended; it said: " + String.join(" / ", said));
    }
  }

  /**
   * Waits for a line on its standard error that begins with this word.
   *
   * @throws IOException when the tool ends first, or the time is over; with what it said
   */
  public void await(String word, long seconds) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (said.stream().noneMatch(line -> line.startsWith(word))) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IOException(
            "%s within %d s; it said: %s"
                .formatted(
                    process.isAlive() ? "no \"" + word + "\"" : "ended without \"" + word + "\"",
                    seconds,
                    String.join(" / ", said)));
      }
      Thread.sleep(5);
    }
  }

  /** The lines that it has said and that begin with this word. */
  public List<String> said(String word) {
    return said.stream().filter(line -> line.startsWith(word)).toList();
  }

  /** The sink's counters go to zero: a measuring window begins. */
  public void startWindow() {
    Signals.USR1.send(process.pid());
  }

  /**
   * Has it end and tell what it found.
   *
   * @throws IOException when it doesn't, or not in JSON
   */
  public JsonNode end() throws IOException, InterruptedException {
    Signals.TERM.send(process.pid());
    return awaitEnd(END_SECONDS);
  }

  /** Waits until it ends by itself. */
  public JsonNode awaitEnd(long seconds) throws IOException, InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new IOException("did not end within %d s".formatted(seconds));
    }
    stdout.join();
    if (found.isEmpty()) {
      throw new IOException("ended without a report; it said: " + String.join(" / ", said));
    }
    return JSON.readTree(found.toString());
  }

  /** Kills it where it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
