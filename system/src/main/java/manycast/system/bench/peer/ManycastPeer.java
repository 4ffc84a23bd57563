package manycast.system.bench.peer;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A media node of this checkout.
 *
 * @param scheme by which it relays: {@code rtmp} or {@code rtmps}
 * @param settings on top of the environment's, such as {@code MANYCAST_FLUSH}
 * @param jvmFlags on top of the launcher's
 */
public record ManycastPeer(
    String name,
    String scheme,
    Manycast manycast,
    Map<String, String> settings,
    List<String> jvmFlags)
    implements Peer {
  private static final AtomicInteger POINTS = new AtomicInteger();

  @Override
  public boolean compiles() {
    return true;
  }

  @Override
  public Server start(Point point, int sinkPort) throws IOException, InterruptedException {
    String prefix = "bench-%d-".formatted(POINTS.incrementAndGet());
    try (Streams streams = manycast.streams()) {
      streams.make(prefix, point, scheme, sinkPort);
    }
    MediaNode node = manycast.startNode(settings, jvmFlags);
    return node.server(prefix);
  }
}
