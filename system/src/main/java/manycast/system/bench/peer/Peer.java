package manycast.system.bench.peer;

import java.io.IOException;

/** A kind of server that is measured, pinned to the server's core. */
public interface Peer {
  /** For the report. */
  String name();

  /**
   * Starts one for a point: each ingest goes to so many destinations, all of them on the port of
   * the sink on loopback.
   */
  Server start(Point point, int sinkPort) throws IOException, InterruptedException;

  /** Whether it is slow until it has run for a while. */
  boolean compiles();
}
