package manycast.system.bench.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import manycast.launcher.installation.NodePorts;
import manycast.launcher.process.ChildSpec;
import manycast.launcher.process.SupervisedProcess;

/** A media node under measurement. A crash ends the measurement, though the node comes back. */
public final class MediaNode implements AutoCloseable {
  private final SupervisedProcess process;
  private final NodePorts ports;
  private long pid;

  MediaNode(ChildSpec spec, Path pidFiles, NodePorts ports, Consumer<String> console) {
    this.process = new SupervisedProcess(spec, pidFiles, console);
    this.ports = ports;
  }

  /** Starts it and waits until it is up. */
  void start(Duration atMost) throws IOException, InterruptedException {
    launch();
    if (!process.awaitUp(atMost, () -> false)) {
      close();
      throw new IOException(
          "the media node does not start:\n" + String.join("\n", process.lastLines()));
    }
  }

  /** Starts it and waits for nothing. */
  public void launch() throws IOException {
    process.start();
    pid = process.pid();
  }

  /** This node for the streams of a prefix; it stops with it. */
  public Server server(String prefix) {
    return new Server() {
      @Override
      public String publishUrl() {
        return "rtmp://127.0.0.1:%d/live/%s%%d".formatted(rtmpPort(), prefix);
      }

      @Override
      public long pid() throws IOException {
        return MediaNode.this.pid();
      }

      @Override
      public int previewPort() {
        return httpPort();
      }

      @Override
      public void close() {
        MediaNode.this.close();
      }
    };
  }

  public int rtmpPort() {
    return ports.rtmp();
  }

  /** Where viewers watch. */
  public int httpPort() {
    return ports.http();
  }

  /** What it meters at the moment, by the names of {@code /metrics}. */
  public Map<String, Double> metrics() throws IOException {
    URL url = URI.create("http://127.0.0.1:%d/metrics".formatted(ports.internal())).toURL();
    Map<String, Double> metrics = new HashMap<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(url.openStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ");
        if (words.length == 2 && !line.startsWith("#")) {
          metrics.put(words[0], Double.valueOf(words[1]));
        }
      }
    }
    return metrics;
  }

  /** Its process. */
  public long pid() throws IOException {
    if (process.pid() != pid) {
      throw new IOException("the media node died:\n" + String.join("\n", process.lastLines()));
    }
    return pid;
  }

  /** Where what it prints goes. */
  public Path log() {
    return process.spec().log();
  }

  @Override
  public void close() {
    process.stop();
  }
}
