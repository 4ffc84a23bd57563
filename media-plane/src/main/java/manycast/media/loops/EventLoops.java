package manycast.media.loops;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DatagramChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The node's event loops, and sockets with the options that each purpose needs. */
public final class EventLoops implements AutoCloseable {
  /** What the kernel may hold unsent to a destination, so that a stall shows within a second. */
  private static final long UNSENT_BYTES = 128L << 10;

  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(128 << 10, 256 << 10);
  private static final int CONNECT_TIMEOUT_MS = 5_000;
  private static final int UNACKNOWLEDGED_TIMEOUT_MS = 15_000;
  private static final int BACKLOG = 1024;

  private final Transport transport;
  private final EventLoopGroup group;

  /** As many loops as {@code threads}. */
  public EventLoops(Transport transport, int threads) {
    this.transport = transport;
    this.group =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("loop"), transport.handlers());
  }

  /** What carries the sockets; the first call asks the kernel for a ring where one is wanted. */
  public Transport transport() {
    return transport == Transport.IO_URING && !RingOfLoop.isAllowed() ? Transport.EPOLL : transport;
  }

  /** Writes to several sockets of a loop, on that loop. */
  public SharedWrites writes() {
    return transport == Transport.IO_URING ? RingOfLoop.WRITES : SharedWrites.ONE_BY_ONE;
  }

  /** Every loop. */
  public List<EventLoop> all() {
    List<EventLoop> loops = new ArrayList<>();
    group.forEach(loop -> loops.add((EventLoop) loop));
    return loops;
  }

  /** Another loop each time, in turn. */
  public EventLoop next() {
    return group.next();
  }

  /** Listens for connections of encoders and HTTP clients. */
  public ServerBootstrap server() {
    return new ServerBootstrap()
        .group(group)
        .channel(transport.serverChannel())
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true);
  }

  /**
   * Listens.
   *
   * @param setting the variable that the port comes from, for the words of the fault
   * @throws IllegalStateException when the port cannot be had
   */
  public static Channel bind(ServerBootstrap server, InetSocketAddress address, String setting) {
    ChannelFuture binding = server.bind(address).awaitUninterruptibly();
    if (!binding.isSuccess()) {
      throw new IllegalStateException(
          setting
              + ": port "
              + address.getPort()
              + " cannot be had ("
              + binding.cause().getMessage()
              + ")",
          binding.cause());
    }
    return binding.channel();
  }

  /** Connects to a destination, on this loop. */
  public Bootstrap client(EventLoop loop) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(transport.clientChannel())
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    switch (transport) {
      case EPOLL, IO_URING ->
          bootstrap
              .option(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES)
              .option(EpollChannelOption.TCP_USER_TIMEOUT, UNACKNOWLEDGED_TIMEOUT_MS);
      case NIO -> {}
    }
    return bootstrap;
  }

  /** The kind of socket that asks name servers. */
  public Class<? extends DatagramChannel> datagramChannel() {
    return transport.datagramChannel();
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
