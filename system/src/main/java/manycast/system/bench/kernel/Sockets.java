package manycast.system.bench.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;

/** TCP over IPv4 by file descriptors. Nagle is off on all of them. One thread uses it. */
public final class Sockets {
  /** What {@link #send} and {@link #receive} answer when it would block. */
  public static final long WOULD_BLOCK = -11;

  private static final int AF_INET = 2;
  private static final int STREAM_CLOEXEC = 1 | 0x80000;
  private static final int CLOEXEC = 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_REUSEADDR = 2;
  private static final int SO_RCVBUF = 8;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NODELAY = 1;
  private static final int DONT_WAIT = 0x40;
  private static final int NO_SIGNAL = 0x4000;
  private static final int BACKLOG = 4096;
  private static final int ADDRESS_SIZE = 16;
  private static final ValueLayout.OfShort BIG_ENDIAN_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final MethodHandle SOCKET =
      Calls.handle("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle BIND = Calls.handle("bind", withAddress());
  private static final MethodHandle CONNECT = Calls.handle("connect", withAddress());
  private static final MethodHandle LISTEN =
      Calls.handle("listen", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle ACCEPT =
      Calls.handle(
          "accept4", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
  private static final MethodHandle SET_OPTION =
      Calls.handle(
          "setsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle SEND = Calls.handle("send", transfer());
  private static final MethodHandle RECEIVE = Calls.handle("recv", transfer());
  private static final MethodHandle SHUTDOWN =
      Calls.handle("shutdown", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle CLOSE = Calls.handle("close", Calls.INT_OF_INT);

  private static FunctionDescriptor withAddress() {
    return FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  }

  private static FunctionDescriptor transfer() {
    return FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  }

  /**
   * Listens on all addresses.
   *
   * @param receiveBuffer bytes of the receive buffer of what is accepted; 0 for the kernel's own
   */
  public static int listen(int port, int receiveBuffer) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int fd = socket();
      option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
      if (receiveBuffer > 0) {
        option(fd, SOL_SOCKET, SO_RCVBUF, receiveBuffer);
      }
      MemorySegment any = address(arena, 0, port);
      check("bind", (int) BIND.invokeExact(Calls.STATE_OF_LAST_CALL, fd, any, ADDRESS_SIZE));
      check("listen", (int) LISTEN.invokeExact(Calls.STATE_OF_LAST_CALL, fd, BACKLOG));
      return fd;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw Calls.impossible(e);
    }
  }

  /** Connects to a port of 127.0.0.1. */
  public static int connect(int port) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int fd = socket();
      MemorySegment loopback = address(arena, 0x7F000001, port);
      int result = (int) CONNECT.invokeExact(Calls.STATE_OF_LAST_CALL, fd, loopback, ADDRESS_SIZE);
      if (result < 0) {
        int why = Calls.errno();
        close(fd);
        throw new IOException("connect to port %d: errno %d".formatted(port, why));
      }
      option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
      return fd;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw Calls.impossible(e);
    }
  }

  private static int socket() throws Throwable {
    int fd = (int) SOCKET.invokeExact(Calls.STATE_OF_LAST_CALL, AF_INET, STREAM_CLOEXEC, 0);
    check("socket", fd);
    return fd;
  }

  private static MemorySegment address(Arena arena, int host, int port) {
    MemorySegment address = arena.allocate(ADDRESS_SIZE, 4);
    address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET);
    address.set(BIG_ENDIAN_SHORT, 2, (short) port);
    address.set(JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN), 4, host);
    return address;
  }

  private static void check(String call, int result) throws IOException {
    if (result < 0) {
      throw new IOException("%s: errno %d".formatted(call, Calls.errno()));
    }
  }

  private static void option(int fd, int level, int name, int value) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cell = arena.allocateFrom(JAVA_INT, value);
      check(
          "setsockopt",
          (int) SET_OPTION.invokeExact(Calls.STATE_OF_LAST_CALL, fd, level, name, cell, 4));
    }
  }

  /**
   * Accepts a connection, waiting for one: call it when {@link Poller} says that one is there.
   *
   * @return its descriptor, or -1 when it is gone again
   */
  public static int accept(int listening) {
    try {
      int fd =
          (int)
              ACCEPT.invokeExact(
                  Calls.STATE_OF_LAST_CALL,
                  listening,
                  MemorySegment.NULL,
                  MemorySegment.NULL,
                  CLOEXEC);
      if (fd >= 0) {
        option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
      }
      return fd;
    } catch (Throwable e) {
      throw Calls.impossible(e);
    }
  }

  /**
   * Sends what the socket takes at once.
   *
   * @return how many bytes; {@link #WOULD_BLOCK}; or another errno, negative, when it is over
   */
  public static long send(int fd, MemorySegment bytes) {
    return transfer(SEND, fd, bytes, NO_SIGNAL | DONT_WAIT);
  }

  /** Sends all, waiting as long as it takes. */
  public static void sendAll(int fd, MemorySegment bytes) throws IOException {
    long at = 0;
    while (at < bytes.byteSize()) {
      long sent = transfer(SEND, fd, bytes.asSlice(at), NO_SIGNAL);
      if (sent < 0) {
        throw new IOException("send: errno " + -sent);
      }
      at += sent;
    }
  }

  /**
   * Receives what is there.
   *
   * @return how many bytes; 0 when the peer has ended; {@link #WOULD_BLOCK}; or another errno,
   *     negative, when it is over
   */
  public static long receive(int fd, MemorySegment into) {
    return transfer(RECEIVE, fd, into, DONT_WAIT);
  }

  /** Receives at least a byte, waiting for it. */
  public static long receiveSome(int fd, MemorySegment into) throws IOException {
    long received = transfer(RECEIVE, fd, into, 0);
    if (received <= 0) {
      throw new IOException(
          received == 0 ? "the peer closed the connection" : "recv: errno " + -received);
    }
    return received;
  }

  private static long transfer(MethodHandle call, int fd, MemorySegment bytes, int flags) {
    try {
      long count =
          (long) call.invokeExact(Calls.STATE_OF_LAST_CALL, fd, bytes, bytes.byteSize(), flags);
      return count < 0 ? -Calls.errno() : count;
    } catch (Throwable e) {
      throw Calls.impossible(e);
    }
  }

  /** Nothing more will be sent. */
  public static void endSending(int fd) {
    try {
      int ignored = (int) SHUTDOWN.invokeExact(Calls.STATE_OF_LAST_CALL, fd, 1);
    } catch (Throwable e) {
      throw Calls.impossible(e);
    }
  }

  public static void close(int fd) {
    try {
      int ignored = (int) CLOSE.invokeExact(Calls.STATE_OF_LAST_CALL, fd);
    } catch (Throwable e) {
      throw Calls.impossible(e);
    }
  }

  private Sockets() {}
}
