package manycast.media.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import manycast.media.loops.EventLoops;
import manycast.media.loops.Transport;
import org.junit.jupiter.api.Test;

class ConnectionLimitTest {
  private final AtomicLong nowMs = new AtomicLong(1_000_000);
  private final ConnectionLimit limit = new ConnectionLimit(3, nowMs::get);
  private final List<EmbeddedChannel> channels = new ArrayList<>();

  private boolean comes() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channels.add(channel);
    return limit.admit(channel);
  }

  private void fill() {
    for (int i = 0; i < 3; i++) {
      assertThat(comes()).isTrue();
    }
  }

  private boolean isOpen(int number) {
    return channels.get(number).isOpen();
  }

  @Test
  void turnsANewcomerAwayWhileAllAreInUse() {
    fill();
    nowMs.addAndGet(29_000);
    assertThat(comes()).isFalse();

    assertThat(limit.turnedAway()).isEqualTo(1);
    assertThat(isOpen(0) && isOpen(1) && isOpen(2)).isTrue();
    channels.get(1).close();
    assertThat(limit.open()).isEqualTo(2);
    assertThat(comes()).isTrue();
  }

  @Test
  void givesANewcomerThePlaceOfTheOneThatHasBeenSilentLongest() {
    fill();
    channels.forEach(channel -> channel.pipeline().addLast(new ChannelInboundHandlerAdapter()));
    nowMs.addAndGet(1_000);
    channels.get(0).writeInbound("a request");
    channels.get(2).writeOutbound("an answer");
    nowMs.addAndGet(29_000);

    assertThat(comes()).isTrue();
    assertThat(isOpen(1)).isFalse();
    assertThat(isOpen(0) && isOpen(2)).as("they carried something").isTrue();
    assertThat(comes()).as("the others are not silent for long enough").isFalse();
    nowMs.addAndGet(1_000);
    assertThat(comes()).isTrue();
    assertThat(limit.open()).isEqualTo(3);
  }

  @Test
  void oneNetworkHasHalfOfThemAtMostAndMayComeAgainWhenOneOfItsOwnIsClosed() throws Exception {
    ConnectionLimit six = new ConnectionLimit(6, nowMs::get);
    InetAddress one = InetAddress.getByName("2001:db8:1:2::1");
    InetAddress neighbour = InetAddress.getByName("2001:db8:1:2::2");
    EmbeddedChannel first = from(one);
    assertThat(six.admit(first)).isTrue();
    assertThat(six.admit(from(neighbour))).isTrue();
    assertThat(six.admit(from(one))).isTrue();
    assertThat(six.admit(from(neighbour))).as("the fourth of its network").isFalse();
    assertThat(six.admit(from(InetAddress.getByName("192.0.2.1")))).isTrue();
    first.close();
    assertThat(six.admit(from(neighbour))).isTrue();
    for (int i = 0; i < 2; i++) {
      assertThat(six.admit(from(InetAddress.getLoopbackAddress()))).isTrue();
    }
    assertThat(six.admit(from(InetAddress.getLoopbackAddress()))).as("all are in use").isFalse();
  }

  private static EmbeddedChannel from(InetAddress address) {
    return new EmbeddedChannel() {
      @Override
      protected SocketAddress remoteAddress0() {
        return new InetSocketAddress(address, 4711);
      }
    };
  }

  @Test
  void doesNotLookAtAllOfThemForEachOfThousandsThatComeInVain() {
    ConnectionLimit one = new ConnectionLimit(1, nowMs::get);
    assertThat(one.admit(new EmbeddedChannel())).isTrue();
    nowMs.addAndGet(29_500);
    assertThat(one.admit(new EmbeddedChannel())).isFalse();
    nowMs.addAndGet(600);
    assertThat(one.admit(new EmbeddedChannel())).as("looked at a moment ago").isFalse();
    nowMs.addAndGet(400);
    assertThat(one.admit(new EmbeddedChannel())).isTrue();
  }

  @Test
  void aPortAnswersWhoTookThePlaceOfASilentConnectionAndClosesWhoFindsNone() throws Exception {
    ConnectionLimit two = new ConnectionLimit(2, nowMs::get);
    InetAddress here = InetAddress.getLoopbackAddress();
    try (EventLoops loops = new EventLoops(Transport.NIO, 2);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpListener listener =
            HttpListener.listen(
                loops,
                new InetSocketAddress(here, 0),
                "a port of this test",
                two,
                null,
                ChannelInboundHandlerAdapter::new,
                new Health("a-node", () -> null),
                threads);
        Socket silent = new Socket(here, listener.port());
        Socket used = new Socket(here, listener.port())) {
      assertThat(answer(silent)).contains("200 OK");
      nowMs.addAndGet(20_000);
      assertThat(answer(used)).contains("200 OK");
      try (Socket inVain = new Socket(here, listener.port())) {
        assertThat(isClosed(inVain)).isTrue();
      }
      nowMs.addAndGet(20_000);
      try (Socket newcomer = new Socket(here, listener.port())) {
        assertThat(answer(newcomer)).contains("200 OK");
        assertThat(isClosed(silent)).isTrue();
        assertThat(answer(used)).contains("200 OK");
      }
    }
  }

  private static String answer(Socket socket) throws IOException {
    socket.setSoTimeout(10_000);
    socket
        .getOutputStream()
        .write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    StringBuilder read = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (read.indexOf("}") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed after \"" + read + "\"");
      }
      read.append((char) next);
    }
    return read.toString();
  }

  private static boolean isClosed(Socket socket) throws IOException {
    socket.setSoTimeout(10_000);
    return socket.getInputStream().read() < 0;
  }
}
