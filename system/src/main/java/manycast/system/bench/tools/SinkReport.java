package manycast.system.bench.tools;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What a sink found in a window, over all its connections.
 *
 * @param bytes that arrived
 * @param lost pictures missing by their stamps, and tags missing by the order of the clip
 * @param damaged payloads that are not the clip's, repeated ones, ones out of order, times that
 *     went back
 * @param closed connections that ended in the window
 */
public record SinkReport(
    double seconds,
    int published,
    int closed,
    long bytes,
    long pictures,
    long audioFrames,
    long lost,
    long damaged,
    Latency latency,
    double cpuSeconds,
    List<Connection> connections) {

  /** Milliseconds from the publisher's stamp to the read that completed the picture. */
  public record Latency(double p50, double p99, double p999, double max) {
    static Latency of(JsonNode json) {
      return new Latency(
          json.path("p50_ms").asDouble(),
          json.path("p99_ms").asDouble(),
          json.path("p999_ms").asDouble(),
          json.path("max_ms").asDouble());
    }
  }

  /** One connection's part, in the order of their publishes. */
  public record Connection(
      int index,
      String app,
      long bytes,
      long lost,
      double publishedMs,
      double closedMs,
      double longestSilenceMs,
      Latency latency) {}

  /** Reads what the tool printed. */
  public static SinkReport of(JsonNode json) {
    JsonNode exact = json.path("exact");
    long skipped = exact.path("video_skipped").asLong() + exact.path("audio_skipped").asLong();
    long bad =
        exact.path("video_bad").asLong()
            + exact.path("audio_bad").asLong()
            + exact.path("video_head_changed").asLong();
    long order =
        json.path("dup").asLong()
            + json.path("out_of_order").asLong()
            + json.path("ts_backwards").asLong()
            + json.path("unstamped_video").asLong();
    List<Connection> connections = new ArrayList<>();
    for (JsonNode each : json.path("conns")) {
      connections.add(connection(each));
    }
    return new SinkReport(
        json.path("window_s").asDouble(),
        json.path("published").asInt(),
        json.path("closed_in_window").asInt(),
        json.path("bytes").asLong(),
        json.path("video").asLong(),
        json.path("audio").asLong(),
        Math.max(json.path("lost").asLong(), skipped),
        bad + order,
        Latency.of(json.path("latency")),
        json.path("sink_cpu_s").asDouble(),
        connections);
  }

  private static Connection connection(JsonNode json) {
    return new Connection(
        json.path("i").asInt(),
        json.path("app").asString(""),
        json.path("bytes").asLong(),
        Math.max(
            json.path("lost").asLong(),
            json.path("video_skipped").asLong() + json.path("audio_skipped").asLong()),
        json.path("published_ms").asDouble(),
        json.path("closed_ms").asDouble(),
        json.path("longest_gap_ms").asDouble(),
        Latency.of(json.path("latency")));
  }

  /** Whether everything arrived, whole, and nobody hung up. */
  public boolean isClean() {
    return lost == 0 && damaged == 0 && closed == 0;
  }

  /** In words, for the report of a window that was not clean. */
  public String faults() {
    return "%d lost, %d damaged, %d connections closed".formatted(lost, damaged, closed);
  }
}
