package manycast.media.tls;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that check certificates and make keys for TLS handshakes, so that no loop does. A
 * loop has eight such tasks at them at once; its further ones wait until one of those is done, so
 * that a loop full of handshakes leaves room for the other loops' ones.
 */
public final class HandshakeThreads implements AutoCloseable {
  /** What one loop may have at the threads at once. */
  static final int PER_LOOP = 8;

  private final ExecutorService threads;
  private final Map<EventLoop, Executor> shares = new ConcurrentHashMap<>();

  /** As many threads as given; they end by themselves when there is nothing to do for a while. */
  public HandshakeThreads(int count) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            count,
            count,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new DefaultThreadFactory("handshake", true));
    pool.allowCoreThreadTimeOut(true);
    threads = pool;
  }

  /** Where the handshakes of this loop's connections do their arithmetic. */
  public Executor of(EventLoop loop) {
    return shares.computeIfAbsent(loop, _ -> new Share(threads, PER_LOOP));
  }

  /** Work of handshakes that belongs to no loop. */
  Executor all() {
    return threads;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
