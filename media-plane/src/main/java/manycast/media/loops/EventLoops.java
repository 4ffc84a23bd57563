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
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** The node's event loops, and sockets with the options that each purpose needs. */
public final class EventLoops implements AutoCloseable {
  /** What the kernel may hold unsent to a destination, so that a stall shows within a second. */
  private static final int UNSENT_BYTES = 128 << 10;

  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(128 << 10, 256 << 10);
  private static final int CONNECT_TIMEOUT_MS = 5_000;
  private static final int UNACKNOWLEDGED_TIMEOUT_MS = 15_000;
  private static final int BACKLOG = 1024;

  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup group;

  /** As many loops as {@code threads}. */
  public EventLoops(int threads) {
    DefaultThreadFactory names = new DefaultThreadFactory("loop");
    this.group =
        new MultiThreadIoEventLoopGroup(
            threads, names, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  /** What carries the sockets: {@code epoll} or {@code nio}. */
  public String transport() {
    return epoll ? "epoll" : "nio";
  }

  /** Another loop each time, in turn. */
  public EventLoop next() {
    return group.next();
  }

  /** Listens for connections of encoders and HTTP clients. */
  public ServerBootstrap server() {
    return new ServerBootstrap()
        .group(group)
        .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
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
            .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    if (epoll) {
      bootstrap
          .option(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) UNSENT_BYTES)
          .option(EpollChannelOption.TCP_USER_TIMEOUT, UNACKNOWLEDGED_TIMEOUT_MS);
    }
    return bootstrap;
  }

  /** The kind of socket that asks name servers. */
  public Class<? extends DatagramChannel> datagramChannel() {
    return epoll ? EpollDatagramChannel.class : NioDatagramChannel.class;
  }

  /** The kernel's round trip time to the peer in milliseconds, or -1 where it is not known. */
  public static long roundTripMs(Channel channel) {
    return channel instanceof EpollSocketChannel socket && socket.isOpen()
        ? socket.tcpInfo(new EpollTcpInfo()).rtt() / 1000
        : -1;
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
