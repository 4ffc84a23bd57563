package manycast.media.loops;

import io.netty.channel.Channel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel knows of the way to a connection's peer, at one moment.
 *
 * @param rttMs smoothed round trip time, in milliseconds
 * @param retransmits segments that were sent again since the connection began
 * @param unsentBytes bytes that the kernel has taken and not sent yet; 0 before Linux 4.6
 */
public record TcpFacts(long rttMs, long retransmits, long unsentBytes) {
  /** {@code IPPROTO_TCP}, {@code TCP_INFO}, and as much of {@code struct tcp_info} as is read. */
  private static final RawUnixChannelOption TCP_INFO =
      new RawUnixChannelOption("TCP_INFO", 6, 11, 148);

  private static final int RTT_MICROS = 68;
  private static final int TOTAL_RETRANS = 100;
  private static final int NOTSENT_BYTES = 144;

  /** Asks the kernel, with one call; null where the transport cannot. */
  public static @Nullable TcpFacts of(Channel channel) {
    ByteBuffer info = channel.isOpen() ? channel.config().getOption(TCP_INFO) : null;
    if (info == null) {
      return null;
    }
    info.clear().order(ByteOrder.nativeOrder());
    return new TcpFacts(
        Math.round(unsigned(info, RTT_MICROS) / 1e3),
        unsigned(info, TOTAL_RETRANS),
        unsigned(info, NOTSENT_BYTES));
  }

  private static long unsigned(ByteBuffer info, int offset) {
    return Integer.toUnsignedLong(info.getInt(offset));
  }
}
