package manycast.system.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.TrustManagerFactory;
import manycast.system.bench.tools.SinkCertificate;
import org.junit.jupiter.api.Test;

class TlsSideTest {
  private static final int ROUNDS = 1_000;

  private final ByteBuffer toServer = ByteBuffer.allocate(1 << 20);
  private final ByteBuffer toClient = ByteBuffer.allocate(1 << 20);
  private final ByteArrayOutputStream atServer = new ByteArrayOutputStream();
  private final ByteArrayOutputStream atClient = new ByteArrayOutputStream();
  private final Random chance = new Random(7);

  @Test
  void carriesEveryByteBothWaysWhereverTheNetworkCutsThem() throws Exception {
    byte[] up = new byte[300_000];
    byte[] down = new byte[60_000];
    chance.nextBytes(up);
    chance.nextBytes(down);
    try (SinkCertificate certificate = SinkCertificate.make()) {
      TlsSide server = new TlsSide(TlsSide.context(certificate.keyStore()));
      SSLEngine client = trusting(certificate).createSSLEngine("127.0.0.1", 1);
      client.setUseClientMode(true);
      ByteBuffer unsent = ByteBuffer.wrap(up);
      boolean answered = false;
      for (int i = 0;
          i < ROUNDS && (atServer.size() < up.length || atClient.size() < down.length);
          i++) {
        run(client);
        if (toServer.remaining() > 32_768) {
          client.wrap(unsent, toServer);
        }
        hand(server);
        if (atServer.size() > 0 && !answered) {
          answered = true;
          server.send(MemorySegment.ofArray(down));
        }
        take(server);
        receive(client);
      }
    }
    assertThat(Arrays.equals(atServer.toByteArray(), up)).as("up").isTrue();
    assertThat(Arrays.equals(atClient.toByteArray(), down)).as("down").isTrue();
  }

  private static SSLContext trusting(SinkCertificate certificate)
      throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(certificate.certificate())) {
      trusted.setCertificateEntry(
          "sink", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private static void run(SSLEngine client) {
    for (Runnable task = client.getDelegatedTask();
        task != null;
        task = client.getDelegatedTask()) {
      task.run();
    }
  }

  /** Some of what is on its way, rarely a whole record. */
  private void hand(TlsSide server) throws IOException {
    toServer.flip();
    int some = Math.min(toServer.remaining(), 1 + chance.nextInt(20_000));
    server.receive(toServer.slice(toServer.position(), some), this::keep);
    toServer.position(toServer.position() + some).compact();
  }

  private void keep(ByteBuffer plain) {
    byte[] bytes = new byte[plain.remaining()];
    plain.get(bytes);
    atServer.writeBytes(bytes);
  }

  private void take(TlsSide server) {
    toClient.put(server.outgoing().bytes().asByteBuffer());
    server.outgoing().clear();
  }

  private void receive(SSLEngine client) throws IOException {
    ByteBuffer plain = ByteBuffer.allocate(client.getSession().getApplicationBufferSize());
    toClient.flip();
    while (toClient.hasRemaining() && client.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
      run(client);
      int before = toClient.remaining();
      client.unwrap(toClient, plain);
      atClient.writeBytes(Arrays.copyOf(plain.array(), plain.position()));
      plain.clear();
      if (toClient.remaining() == before) {
        break;
      }
    }
    toClient.compact();
  }
}
