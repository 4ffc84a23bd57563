package manycast.media.loops;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Callable;
import manycast.media.testing.Until;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the kernel tells of a connection, by each transport that can ask it. */
@EnabledOnOs(OS.LINUX)
@Timeout(30)
class TcpFactsIT {
  @ParameterizedTest
  @EnumSource(Transport.class)
  void tellsWhatWaitsInTheKernelForAPeerThatReadsNothing(Transport transport) throws Exception {
    if (!transport.isAvailable()) {
      return;
    }
    try (EventLoops loops = new EventLoops(transport, 1);
        ServerSocket server = new ServerSocket()) {
      server.setReceiveBufferSize(16 << 10);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Channel channel =
          loops
              .client(loops.next())
              .handler(new ChannelInboundHandlerAdapter())
              .connect(server.getLocalSocketAddress())
              .syncUninterruptibly()
              .channel();
      try (Socket peer = server.accept()) {
        if (transport == Transport.NIO) {
          assertThat(facts(channel)).as("it cannot ask").isNull();
          return;
        }
        TcpFacts before = facts(channel);
        assertThat(before.rttMs()).isBetween(0L, 1_000L);
        assertThat(before.retransmits()).isZero();
        assertThat(before.unsentBytes()).isZero();

        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[1 << 20]));

        Until.isTrue(
            Duration.ofSeconds(10),
            "bytes wait in the kernel",
            () -> facts(channel).unsentBytes() > 0);
        assertThat(peer.isClosed()).isFalse();
      } finally {
        channel.close().syncUninterruptibly();
      }
      assertThat(facts(channel)).as("it is closed").isNull();
    }
  }

  private static TcpFacts facts(Channel channel) {
    Callable<TcpFacts> ask = () -> TcpFacts.of(channel);
    return channel.eventLoop().submit(ask).syncUninterruptibly().getNow();
  }
}
