package manycast.system.bench.peer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import manycast.launcher.installation.NodePorts;
import manycast.system.bench.tools.LoadTools;
import manycast.system.bench.tools.ToolProcess;

/**
 * What no relay goes far below with one write for each message and destination: it receives, and
 * sends the same bytes to each, without looking at them.
 *
 * @param batchMs how long it sleeps between rounds; 0 for not
 */
public record FloorPeer(String name, LoadTools tools, int batchMs) implements Peer {
  /** The plain one, that others are measured by. */
  public static FloorPeer plain(LoadTools tools) {
    return new FloorPeer("floor", tools, 0);
  }

  @Override
  public boolean compiles() {
    return tools.compile();
  }

  @Override
  public Server start(Point point, int sinkPort) throws IOException {
    int port = NodePorts.freePorts(1).getFirst();
    List<String> more = new ArrayList<>();
    if (batchMs > 0) {
      more.addAll(List.of("--batch-ms", Integer.toString(batchMs)));
    }
    ToolProcess floor = tools.floor(port, sinkPort, point.destinations(), more);
    return new Server() {
      @Override
      public String publishUrl() {
        return "rtmp://127.0.0.1:%d/live/s%%d".formatted(port);
      }

      @Override
      public long pid() throws IOException {
        floor.requireAlive();
        return floor.pid();
      }

      @Override
      public void close() {
        floor.close();
      }
    };
  }
}
