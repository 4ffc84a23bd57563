package manycast.media.ingest;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import manycast.media.loops.SourceNetwork;

/**
 * Bounds the connections that have not published yet, for each address and for the node. An IPv6
 * address counts as the network of 64 bits that it is in: whoever has one has all of them. Loopback
 * has no bound of its own.
 */
final class HalfOpenLimit {
  private static final int PER_ADDRESS = 20;
  private static final int PER_NODE = 1_000;

  private final Map<SourceNetwork, Integer> bySource = new ConcurrentHashMap<>();
  private final AtomicInteger all = new AtomicInteger();

  /** Counts a new connection and answers true, or counts nothing and answers false. */
  boolean tryEnter(InetAddress address) {
    if (all.incrementAndGet() > PER_NODE) {
      all.decrementAndGet();
      return false;
    }
    SourceNetwork source = SourceNetwork.of(address);
    int mine = bySource.merge(source, 1, Integer::sum);
    if (mine > PER_ADDRESS && !source.isLoopback()) {
      leave(address);
      return false;
    }
    return true;
  }

  /** The connection publishes, or is gone. */
  void leave(InetAddress address) {
    all.decrementAndGet();
    bySource.computeIfPresent(
        SourceNetwork.of(address), (_, count) -> count <= 1 ? null : count - 1);
  }
}
