package manycast.media.loops;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.Locale;

/** What carries the sockets of the node. */
public enum Transport {
  /** Readiness by epoll, one system call a write. */
  EPOLL,
  /** Readiness by epoll, the writes of a turn to all destinations in one call, by io_uring. */
  IO_URING,
  /** Where neither is to be had. */
  NIO;

  /** The best that this machine allows. */
  public static Transport best() {
    return IO_URING.isAvailable() ? IO_URING : NIO;
  }

  /** This one, or the best there is where this machine does not allow it. */
  public Transport orBest() {
    return isAvailable() ? this : best();
  }

  /** The word in {@code MANYCAST_TRANSPORT}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether this machine allows it; where it has epoll and no rings, {@link #IO_URING} writes as
   * {@link #EPOLL} does.
   */
  public boolean isAvailable() {
    return switch (this) {
      case EPOLL, IO_URING -> Epoll.isAvailable();
      case NIO -> true;
    };
  }

  IoHandlerFactory handlers() {
    return switch (this) {
      case EPOLL, IO_URING -> EpollIoHandler.newFactory();
      case NIO -> NioIoHandler.newFactory();
    };
  }

  Class<? extends ServerSocketChannel> serverChannel() {
    return switch (this) {
      case EPOLL, IO_URING -> EpollServerSocketChannel.class;
      case NIO -> NioServerSocketChannel.class;
    };
  }

  Class<? extends SocketChannel> clientChannel() {
    return switch (this) {
      case EPOLL, IO_URING -> EpollSocketChannel.class;
      case NIO -> NioSocketChannel.class;
    };
  }

  Class<? extends DatagramChannel> datagramChannel() {
    return switch (this) {
      case EPOLL, IO_URING -> EpollDatagramChannel.class;
      case NIO -> NioDatagramChannel.class;
    };
  }
}
