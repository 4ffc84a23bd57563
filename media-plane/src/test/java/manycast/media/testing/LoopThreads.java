package manycast.media.testing;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where JMH runs microbenchmarks: on threads as an event loop's, because Netty recycles its small
 * objects on those alone. JMH makes it by its name.
 */
public final class LoopThreads extends ThreadPoolExecutor {
  /** What tells JMH so. */
  public static final String CUSTOM = "-Djmh.executor=CUSTOM";

  /** The other half of it. */
  public static final String CLASS = "-Djmh.executor.class=manycast.media.testing.LoopThreads";

  public LoopThreads(int threads, String prefix) {
    super(
        threads,
        threads,
        1,
        TimeUnit.MINUTES,
        new LinkedBlockingQueue<>(),
        work -> new FastThreadLocalThread(work, prefix));
  }
}
