package manycast.media.loops;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection comes from, as limits count it: an IPv4 address, or the network of 64 bits
 * that an IPv6 address is in, since whoever has one address of it has all of them.
 *
 * @param isLoopback this machine, whose processes have no bound of their own
 */
public record SourceNetwork(ByteBuffer prefix, boolean isLoopback) {
  private static final int NETWORK_BYTES = 8;

  /** The one of a connection's other end; what is gone already counts as nobody's. */
  public static SourceNetwork of(@Nullable SocketAddress remote) {
    return remote instanceof InetSocketAddress there && there.getAddress() != null
        ? of(there.getAddress())
        : new SourceNetwork(ByteBuffer.allocate(0), true);
  }

  /** The one of this address. */
  public static SourceNetwork of(InetAddress address) {
    byte[] bytes = address.getAddress();
    return new SourceNetwork(
        ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, NETWORK_BYTES)),
        address.isLoopbackAddress());
  }
}
