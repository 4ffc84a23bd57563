package manycast.media.loops;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real sockets, written to one by one and by a ring: what is told of them is the same. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SharedWritesTest {
  private final List<Socket> peers = new ArrayList<>();
  private final List<SocketChannel> channels = new ArrayList<>();
  private final List<StraightSocket> straight = new ArrayList<>();
  private final Map<Integer, Long> took = new TreeMap<>();
  private final Map<Integer, Exception> broke = new TreeMap<>();
  private @Nullable EventLoops loops;

  @AfterEach
  void closeAll() throws IOException {
    for (Socket peer : peers) {
      peer.close();
    }
    if (loops != null) {
      loops.close();
    }
  }

  private void open(Transport transport, int count) throws Exception {
    assertThat(transport.isAvailable()).isTrue();
    loops = new EventLoops(transport, 1);
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, count, here)) {
      for (int i = 0; i < count; i++) {
        channels.add(
            (SocketChannel)
                loops
                    .client(loops.next())
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(here, server.getLocalPort())
                    .sync()
                    .channel());
        peers.add(server.accept());
      }
    }
    for (SocketChannel channel : channels) {
      straight.add(onLoop(() -> Objects.requireNonNull(StraightSocket.of(channel))));
    }
  }

  private void write(String... pieces) throws Exception {
    took.clear();
    broke.clear();
    onLoop(
        () -> {
          @Nullable StraightSocket[] sockets = straight.toArray(StraightSocket[]::new);
          try (Written written = new Written(pieces)) {
            Objects.requireNonNull(loops)
                .writes()
                .write(sockets, sockets.length, written, new Heard());
          }
          return true;
        });
  }

  private <T> T onLoop(Callable<T> work) throws Exception {
    return Objects.requireNonNull(loops).next().submit(work).get();
  }

  private final class Heard implements SharedWrites.Shortfall {
    @Override
    public void took(int index, long bytes) {
      took.put(index, bytes);
    }

    @Override
    public void broke(int index, Exception fault) {
      broke.put(index, fault);
    }
  }

  private static final class Written implements SharedWrites.Pieces, AutoCloseable {
    private static int filled;
    private final @Nullable ByteBuf[] images;

    Written(String... pieces) {
      images = new @Nullable ByteBuf[pieces.length];
      for (int i = 0; i < pieces.length; i++) {
        images[i] =
            PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(pieces[i].getBytes(US_ASCII));
      }
      filled++;
    }

    @Override
    public @Nullable ByteBuf[] images() {
      return images;
    }

    @Override
    public int count() {
      return images.length;
    }

    @Override
    public int bytes() {
      int bytes = 0;
      for (ByteBuf image : images) {
        bytes += Objects.requireNonNull(image).readableBytes();
      }
      return bytes;
    }

    @Override
    public int filled() {
      return filled;
    }

    @Override
    public void close() {
      for (ByteBuf image : images) {
        Objects.requireNonNull(image).release();
      }
    }
  }

  private static String read(Socket peer, int bytes) throws IOException {
    InputStream in = peer.getInputStream();
    return new String(in.readNBytes(bytes), US_ASCII);
  }

  @ParameterizedTest
  @EnumSource(names = {"EPOLL", "IO_URING"})
  void everySocketGetsEveryByteInOrder(Transport transport) throws Exception {
    open(transport, 12);

    write("one ");
    write("two ", "and ", "three ");
    write("end");

    assertThat(took).isEmpty();
    assertThat(broke).isEmpty();
    for (Socket peer : peers) {
      assertThat(read(peer, 21)).isEqualTo("one two and three end");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EPOLL", "IO_URING"})
  void moreSocketsThanARingHasEntriesAreServedToo(Transport transport) throws Exception {
    open(transport, 1_100);

    write("all");

    assertThat(took).isEmpty();
    for (Socket peer : peers) {
      assertThat(read(peer, 3)).isEqualTo("all");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EPOLL", "IO_URING"})
  void aFullSocketSaysWhatItTookAndTheOthersTakeAll(Transport transport) throws Exception {
    open(transport, 6);
    int large = 1 << 20;
    int taken = 0;
    long last;
    do {
      write("x".repeat(large));
      last = took.getOrDefault(3, (long) large);
      taken += (int) last;
      for (int i = 0; i < peers.size(); i++) {
        if (i != 3) {
          read(peers.get(i), took.getOrDefault(i, (long) large).intValue());
        }
      }
    } while (last > 0);

    assertThat(read(peers.get(3), taken)).hasSize(taken);
    write("more");
    assertThat(took).isEmpty();
    assertThat(broke).isEmpty();
    assertThat(read(peers.get(3), 4)).isEqualTo("more");
  }

  @ParameterizedTest
  @EnumSource(names = {"EPOLL", "IO_URING"})
  void aBrokenOrClosedSocketIsToldAndTheOthersTakeAll(Transport transport) throws Exception {
    open(transport, 6);
    peers.get(1).setSoLinger(true, 0);
    peers.get(1).close();
    channels.get(4).close().sync();
    // The loop may hear of the reset before it is written there: then it is closed.
    do {
      write("a");
    } while (!broke.containsKey(1) && !took.containsKey(1));

    assertThat(broke.values()).allMatch(IOException.class::isInstance);
    assertThat(took).containsEntry(4, 0L);
    assertThat(took.size() + broke.size()).isEqualTo(2);
    assertThat(read(peers.get(5), 1)).isEqualTo("a");
  }
}
