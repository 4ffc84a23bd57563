package manycast.media.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import manycast.media.loops.SourceNetwork;

/**
 * Bounds the connections of a port that anybody reaches. When there are as many as it allows, a
 * newcomer takes the place of the one that has been silent longest, and is turned away where none
 * has been silent for long: who watches keeps watching, and who only holds connections keeps nobody
 * out. One network has no more than half of them, whatever it does with them. Safe from any thread.
 */
public final class ConnectionLimit {
  /** Two for each of two thousand viewers: a player has one for playlists and one for media. */
  private static final int MOST = 4_096;

  /** As long as a player waits for a playlist where segments are the longest. */
  private static final int SILENT_MS = 30_000;

  /** Where everybody is busy, newcomers by the thousand do not have all looked at each time. */
  private static final int LOOK_AGAIN_MS = 1_000;

  private final int most;
  private final LongSupplier clockMs;
  private final Set<Counted> open = new HashSet<>();
  private final Map<SourceNetwork, Integer> bySource = new HashMap<>();
  private long lookAtMs = Long.MIN_VALUE;
  private long turnedAway;

  /** A limit of so many connections, on this clock in milliseconds. */
  ConnectionLimit(int most, LongSupplier clockMs) {
    this.most = most;
    this.clockMs = clockMs;
  }

  /**
   * A limit that leaves half of so many descriptors, all that this process may have, to encoders
   * and destinations.
   */
  public static ConnectionLimit within(long descriptors) {
    return new ConnectionLimit(
        (int) Math.min(MOST, Math.max(1, descriptors / 2)),
        () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
  }

  /**
   * Counts a new connection until it is closed, or answers false: it has to be closed. To be called
   * before anything is in its pipeline.
   */
  boolean admit(Channel channel) {
    long nowMs = clockMs.getAsLong();
    Counted newcomer = new Counted(channel, nowMs);
    synchronized (this) {
      if (isTooMuchOf(newcomer.source) || (open.size() >= most && !makeRoom(nowMs))) {
        turnedAway++;
        return false;
      }
      open.add(newcomer);
      bySource.merge(newcomer.source, 1, Integer::sum);
    }
    channel.pipeline().addLast(newcomer);
    channel.closeFuture().addListener(_ -> leave(newcomer));
    return true;
  }

  /** How many connections there are. */
  public synchronized int open() {
    return open.size();
  }

  /** How many were closed at once because all others were in use. */
  public synchronized long turnedAway() {
    return turnedAway;
  }

  private boolean isTooMuchOf(SourceNetwork source) {
    return !source.isLoopback() && bySource.getOrDefault(source, 0) >= Math.max(1, most / 2);
  }

  private synchronized void leave(Counted connection) {
    if (open.remove(connection)) {
      bySource.computeIfPresent(connection.source, (_, count) -> count <= 1 ? null : count - 1);
    }
  }

  private boolean makeRoom(long nowMs) {
    if (nowMs < lookAtMs) {
      return false;
    }
    Counted silent = null;
    for (Counted connection : open) {
      if (silent == null || connection.heardMs < silent.heardMs) {
        silent = connection;
      }
    }
    if (silent == null || nowMs - silent.heardMs < SILENT_MS) {
      lookAtMs = nowMs + LOOK_AGAIN_MS;
      return false;
    }
    leave(silent);
    silent.channel.close();
    return true;
  }

  /** Notes when a connection last carried anything, either way. */
  private final class Counted extends ChannelDuplexHandler {
    private final Channel channel;
    private final SourceNetwork source;
    private volatile long heardMs;

    Counted(Channel channel, long nowMs) {
      this.channel = channel;
      this.source = SourceNetwork.of(channel.remoteAddress());
      this.heardMs = nowMs;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      heardMs = clockMs.getAsLong();
      context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      heardMs = clockMs.getAsLong();
      context.write(message, promise);
    }
  }
}
