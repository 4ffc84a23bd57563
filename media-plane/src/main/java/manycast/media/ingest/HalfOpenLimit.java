package manycast.media.ingest;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the connections that have not published yet, for each address and for the node. An IPv6
 * address counts as the network of 64 bits that it is in: whoever has one has all of them. Loopback
 * has no bound of its own.
 */
final class HalfOpenLimit {
  private static final int PER_ADDRESS = 20;
  private static final int PER_NODE = 1_000;
  private static final int NETWORK_BYTES = 8;

  private final Map<ByteBuffer, Integer> bySource = new ConcurrentHashMap<>();
  private final AtomicInteger all = new AtomicInteger();

  /** Counts a new connection and answers true, or counts nothing and answers false. */
  boolean tryEnter(InetAddress address) {
    if (all.incrementAndGet() > PER_NODE) {
      all.decrementAndGet();
      return false;
    }
    int mine = bySource.merge(source(address), 1, Integer::sum);
    if (mine > PER_ADDRESS && !address.isLoopbackAddress()) {
      leave(address);
      return false;
    }
    return true;
  }

  /** The connection publishes, or is gone. */
  void leave(InetAddress address) {
    all.decrementAndGet();
    bySource.computeIfPresent(source(address), (_, count) -> count <= 1 ? null : count - 1);
  }

  private static ByteBuffer source(InetAddress address) {
    byte[] bytes = address.getAddress();
    return ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, NETWORK_BYTES));
  }
}
