package manycast.control.dashboard;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Reads a page's event stream on a thread of its own. */
final class FeedReader implements AutoCloseable {
  private static final String END = "END";

  private final HttpResponse<InputStream> response;
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  FeedReader(HttpResponse<InputStream> response) {
    this.response = response;
    Thread.ofVirtual().start(this::read);
  }

  int status() {
    return response.statusCode();
  }

  /**
   * The first event, its name in the first line, that is as wanted; what comes before is passed
   * over.
   */
  String await(String what, Duration deadline, Predicate<String> wanted)
      throws InterruptedException {
    long until = System.nanoTime() + deadline.toNanos();
    while (true) {
      String event = events.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (event == null || event.equals(END)) {
        throw new AssertionError(
            (event == null ? "not in time: " : "the stream ended before: ") + what);
      }
      if (wanted.test(event)) {
        return event;
      }
    }
  }

  /** Returns when the server has ended the stream. */
  void awaitEnd(Duration deadline) throws InterruptedException {
    long until = System.nanoTime() + deadline.toNanos();
    String event = "";
    while (!END.equals(event)) {
      event = events.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (event == null) {
        throw new AssertionError("the stream has not ended in time");
      }
    }
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }

  private void read() {
    try (var lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      var event = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          events.add(event.toString());
          event.setLength(0);
        } else {
          event.append(line.replaceFirst("^(event|data): ", "")).append('\n');
        }
      }
    } catch (IOException closed) {
      // The end is told below.
    }
    events.add(END);
  }
}
