package manycast.system.bench.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import manycast.launcher.process.ChildSpec;
import manycast.launcher.process.SupervisedProcess;

/** A media node under measurement. A crash ends the measurement, though the node comes back. */
public final class MediaNode implements AutoCloseable {
  private final SupervisedProcess process;
  private final int rtmpPort;
  private long pid;

  MediaNode(ChildSpec spec, Path pidFiles, int rtmpPort, Consumer<String> console) {
    this.process = new SupervisedProcess(spec, pidFiles, console);
    this.rtmpPort = rtmpPort;
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

  public int rtmpPort() {
    return rtmpPort;
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
