package manycast.launcher.demo;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import manycast.launcher.home.Secrets;
import org.jspecify.annotations.Nullable;

/**
 * The whole main job with nothing from outside: an encoder, a stream, three destinations that
 * verify. Owns all of them.
 */
public final class Demo implements AutoCloseable {
  private static final List<String> NAMES = List.of("Sink A", "Sink B", "Sink C");
  private static final Duration DRAIN = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

  private final Api api;
  private final Sample sample = Sample.shipped();
  private final List<Sink> sinks = new ArrayList<>();
  private final DemoStream stream;
  private final SyntheticEncoder encoder;
  private Map<String, Long> lastBytes = Map.of();
  private long lastNanos = System.nanoTime();

  /**
   * Makes or finds the stream and points its destinations at new sinks; nothing is published yet.
   *
   * @param base of the control plane
   * @param token that may read and write streams and keys
   */
  public Demo(URI base, String token) throws IOException, InterruptedException {
    this.api = new Api(base, token);
    try {
      for (String name : NAMES) {
        sinks.add(new Sink(name, 0, Secrets.random(), sample));
      }
      this.stream = DemoStream.prepare(api, sinks);
    } catch (IOException | InterruptedException | RuntimeException e) {
      closeSinks();
      throw e;
    }
    this.encoder = new SyntheticEncoder(stream.server(), stream.streamKey(), sample);
  }

  /** The path of the stream's page. */
  public String page() {
    return "/streams/" + stream.id();
  }

  /** Begins to publish. */
  public void start() {
    encoder.start();
  }

  public List<Sink> sinks() {
    return List.copyOf(sinks);
  }

  /** A line for each destination: name, state, Mbit/s since the last call, frames, verified. */
  public List<String> table() throws InterruptedException {
    Map<String, String> states = stream.states(api);
    long now = System.nanoTime();
    double seconds = Math.max((now - lastNanos) / 1e9, 1e-3);
    Map<String, Long> bytes = new HashMap<>();
    List<String> lines = new ArrayList<>();
    for (Sink sink : sinks) {
      bytes.put(sink.name(), sink.bytes());
      long more = sink.bytes() - lastBytes.getOrDefault(sink.name(), 0L);
      String state = states.getOrDefault(stream.destinationIds().get(sink.name()), "-");
      lines.add(
          String.format(
              Locale.ROOT,
              "%-8s %-11s %6.2f Mbit/s %9d frames  %s",
              sink.name(),
              state,
              more * 8 / 1e6 / seconds,
              sink.frames(),
              verdict(sink)));
    }
    lastBytes = bytes;
    lastNanos = now;
    return lines;
  }

  private static String verdict(Sink sink) {
    String fault = sink.fault();
    if (fault != null) {
      return "FAILED: " + fault;
    }
    return sink.frames() > 0 ? "verified" : "waiting";
  }

  /** Where its preview is watched; empty while nothing is live. */
  public Optional<URI> preview() throws IOException, InterruptedException {
    return stream.preview(api);
  }

  /** Why nothing is published at the moment; null while it is. */
  public @Nullable String trouble() {
    return encoder.trouble();
  }

  /**
   * The encoder says goodbye, and the sinks are given five seconds to hear the one that each
   * destination is left with; call {@link #close} after it.
   *
   * @return a line for each destination: how it ended
   */
  public List<String> end() {
    encoder.close();
    try {
      long until = System.nanoTime() + DRAIN.toNanos();
      while (sinks.stream().anyMatch(Sink::isPublishedTo) && System.nanoTime() < until) {
        Thread.sleep(LOOK_AGAIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return sinks.stream().map(Demo::ending).toList();
  }

  private static String ending(Sink sink) {
    return String.format(
        Locale.ROOT,
        "%-8s %-11s %9d frames  %s",
        sink.name(),
        "ended",
        sink.frames(),
        sink.fault() == null && sink.publishes() > 0
            ? verdict(sink) + farewell(sink)
            : verdict(sink));
  }

  private static String farewell(Sink sink) {
    return sink.endedWithGoodbye() ? " to its goodbye" : ", without a goodbye";
  }

  /** Closes the encoder and the sinks at once, whatever they are at. */
  @Override
  public void close() {
    encoder.close();
    closeSinks();
  }

  private void closeSinks() {
    sinks.forEach(Sink::close);
    api.close();
  }
}
