package manycast.system.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import manycast.system.bench.kernel.NativeBuffer;

/**
 * The server's side of TLS on one connection. Knows no socket: it is given what arrived, hands on
 * what that means, and fills {@link #outgoing}. Its handshake is done on the thread that calls.
 */
final class TlsSide {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine engine;
  private final NativeBuffer outgoing = new NativeBuffer(8192);
  private final ByteBuffer plain;
  private final ByteBuffer record;
  private ByteBuffer network;

  /** Whoever the bytes inside are for. */
  @FunctionalInterface
  interface Inside {
    /** Takes all of it; the buffer is lent. */
    void receive(ByteBuffer plain) throws IOException;
  }

  /** What a PKCS #12 file with one key and its certificate lets a server prove. */
  static SSLContext context(Path keyStore) throws IOException {
    try (InputStream in = Files.newInputStream(keyStore)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, Load.KEY_STORE_PASSWORD.toCharArray());
      KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
      managers.init(keys, Load.KEY_STORE_PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("the sink's certificate: " + e.getMessage(), e);
    }
  }

  TlsSide(SSLContext context) {
    this.engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    this.plain = ByteBuffer.allocateDirect(engine.getSession().getApplicationBufferSize());
    this.record = ByteBuffer.allocateDirect(engine.getSession().getPacketBufferSize());
    this.network = ByteBuffer.allocateDirect(engine.getSession().getPacketBufferSize());
  }

  /** What is to be sent to the peer. */
  NativeBuffer outgoing() {
    return outgoing;
  }

  /** Takes all that has arrived. */
  void receive(ByteBuffer in, Inside inside) throws IOException {
    append(in);
    network.flip();
    boolean more = true;
    while (more) {
      more = step(inside);
    }
    network.compact();
  }

  private void append(ByteBuffer in) {
    if (network.remaining() < in.remaining()) {
      ByteBuffer larger = ByteBuffer.allocateDirect((network.position() + in.remaining()) * 2);
      network = larger.put(network.flip());
    }
    network.put(in);
  }

  /** Whether there may be more to do with what is here. */
  private boolean step(Inside inside) throws IOException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> {
        for (Runnable task = engine.getDelegatedTask();
            task != null;
            task = engine.getDelegatedTask()) {
          task.run();
        }
        return true;
      }
      case NEED_WRAP -> {
        wrap(NOTHING);
        return true;
      }
      default -> {
        return unwrap(inside);
      }
    }
  }

  private boolean unwrap(Inside inside) throws IOException {
    SSLEngineResult result = engine.unwrap(network, plain);
    if (plain.position() > 0) {
      inside.receive(plain.flip());
      plain.clear();
    }
    return switch (result.getStatus()) {
      case OK -> result.bytesConsumed() > 0 || isAsked(result.getHandshakeStatus());
      case BUFFER_UNDERFLOW, CLOSED -> false;
      case BUFFER_OVERFLOW -> throw new IOException("a TLS record that is larger than allowed");
    };
  }

  private static boolean isAsked(HandshakeStatus status) {
    return status == HandshakeStatus.NEED_TASK || status == HandshakeStatus.NEED_WRAP;
  }

  /** Puts these bytes in front of the peer; the handshake is to be over. */
  void send(MemorySegment bytes) throws IOException {
    ByteBuffer from = bytes.asByteBuffer();
    while (from.hasRemaining()) {
      wrap(from);
    }
  }

  private void wrap(ByteBuffer from) throws IOException {
    engine.wrap(from, record);
    record.flip();
    outgoing.put(MemorySegment.ofBuffer(record));
    record.clear();
  }
}
