package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import manycast.db.testing.TestDatabase;
import manycast.media.flv.FlvTag;
import manycast.media.settings.Settings;
import manycast.media.testing.Authority;
import manycast.media.testing.Clip;
import manycast.media.testing.Encoder;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.RtmpSink.Behaviour;
import manycast.media.testing.RtmpSink.Visit;
import manycast.media.testing.StrictChunkReader.Message;
import manycast.media.testing.Until;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** RTMPS in and out, with right and wrong certificates. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class TlsIT {
  private static final Duration SOON = Duration.ofSeconds(15);

  @TempDir static Path folder;
  private static Clip clip;
  private static TestDatabase database;
  private static Authority authority;

  @BeforeAll
  static void makeClip() throws Exception {
    clip = Clip.make(folder, 4);
    database = TestDatabase.create();
    authority = new Authority();
  }

  @AfterAll
  static void dropDatabase() {
    database.close();
  }

  private static Settings.Tls trustingTheAuthority() {
    return new Settings.Tls(null, List.of(authority.certificate()));
  }

  private static SSLSocket connect(TestNode node, X509Certificate trusted) throws Exception {
    SSLContext context = Authority.clientTrusting(List.of(trusted));
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("localhost", node.plane().rtmpsPort());
    var parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    return socket;
  }

  @Test
  void carriesEveryByteFromAnEncoderToADestinationThatBothSpeakTls() throws Exception {
    try (TestNode node = new TestNode(database, trustingTheAuthority());
        RtmpSink secure =
            RtmpSink.open(Behaviour.ACCEPT, authority.vouchFor("127.0.0.1").server());
        RtmpSink plain = RtmpSink.open(Behaviour.ACCEPT)) {
      node.rows().addDestination("secure", secure.url(), "k?a=b");
      node.rows().addDestination("plain", plain.url(), "k");
      X509Certificate selfMade = node.plane().serverTls().certificate();
      try (Encoder encoder = Encoder.publish(connect(node, selfMade), TestNode.KEY)) {
        assertThat(encoder.answer()).isEqualTo("NetStream.Publish.Start");
        assertThat(node.rows().texts("select protocol from broadcast where state = 'live' limit 1"))
            .contains("rtmps");
        encoder.sendInRealTime(clip.tags());
        encoder.goodbye();
        for (RtmpSink sink : List.of(secure, plain)) {
          Visit visit = sink.await(0, SOON, Visit::ended);
          assertCarriesTheClip(visit);
          assertThat(visit.commands()).endsWith("FCUnpublish", "deleteStream");
        }
        assertThat(secure.visits().getFirst().key()).isEqualTo("k?a=b");
      }
      Until.isTrue(SOON, "every counted byte comes back", () -> node.plane().memory().held() == 0);
    }
  }

  @Test
  void carriesWhatRealFfmpegPublishesOverTlsAndFfmpegTakesOurSelfMadeCertificate()
      throws Exception {
    try (TestNode node = new TestNode(database, trustingTheAuthority());
        RtmpSink secure =
            RtmpSink.open(Behaviour.ACCEPT, authority.vouchFor("127.0.0.1").server())) {
      node.rows().addDestination("secure", secure.url(), "k");
      Path trusted = folder.resolve("self-made.pem");
      Files.writeString(trusted, Authority.pem(node.plane().serverTls().certificate()));
      Process ffmpeg =
          new ProcessBuilder(
                  "ffmpeg",
                  "-v",
                  "error",
                  "-re",
                  "-i",
                  clip.file().toString(),
                  "-c",
                  "copy",
                  "-f",
                  "flv",
                  "-tls_verify",
                  "1",
                  "-ca_file",
                  trusted.toString(),
                  "rtmps://localhost:" + node.plane().rtmpsPort() + "/live/" + TestNode.KEY)
              .inheritIO()
              .start();
      assertThat(ffmpeg.waitFor()).isZero();
      assertCarriesTheClip(secure.await(0, SOON, Visit::ended));
    }
  }

  @Test
  void failsForGoodAtAWrongCertificateAndLeavesTheOthersAlone() throws Exception {
    Authority unknown = new Authority();
    try (TestNode node = new TestNode(database, trustingTheAuthority());
        RtmpSink good = RtmpSink.open(Behaviour.ACCEPT, authority.vouchFor("127.0.0.1").server());
        RtmpSink otherHost =
            RtmpSink.open(Behaviour.ACCEPT, authority.vouchFor("live.example.org").server());
        RtmpSink untrusted =
            RtmpSink.open(Behaviour.ACCEPT, unknown.vouchFor("127.0.0.1").server());
        RtmpSink expired =
            RtmpSink.open(
                Behaviour.ACCEPT,
                authority.vouchFor("EC", 256, Duration.ofDays(-1), "127.0.0.1").server());
        RtmpSink noTls = RtmpSink.open(Behaviour.ACCEPT)) {
      node.rows().addDestination("good", good.url(), "k");
      UUID otherHostId = node.rows().addDestination("other host", otherHost.url(), "k");
      UUID untrustedId = node.rows().addDestination("untrusted", untrusted.url(), "k");
      UUID expiredId = node.rows().addDestination("expired", expired.url(), "k");
      UUID noTlsId =
          node.rows().addDestination("no tls", noTls.url().replace("rtmp:", "rtmps:"), "k");
      try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
        encoder.sendInRealTime(clip.tags());

        await(node, otherHostId, "failed tls_host");
        await(node, untrustedId, "failed tls_untrusted");
        await(node, expiredId, "failed tls_untrusted");
        await(node, noTlsId, "retrying timeout");
        assertThat(node.reports().get("other host"))
            .matches(report -> String.valueOf(report.lastError()).contains("another host name"));
        assertThat(otherHost.visits()).as("tried once").hasSize(1);

        encoder.goodbye();
        assertCarriesTheClip(good.await(0, SOON, Visit::ended));
      }
    }
  }

  @Test
  void showsAChangedCertificateToNewConnectionsAndCutsNoOldOne() throws Exception {
    Path certificates = folder.resolve("fullchain.pem");
    Path key = folder.resolve("privkey.pem");
    Authority.Host first = authority.vouchFor("localhost");
    first.write(certificates, key);
    try (TestNode node =
            new TestNode(
                database,
                new Settings.Tls(
                    new Settings.TlsFiles(certificates, key), List.of(authority.certificate())));
        RtmpSink sink = RtmpSink.open(Behaviour.ACCEPT)) {
      node.rows().addDestination("a place", sink.url(), "k");
      try (Encoder encoder =
          Encoder.publish(connect(node, authority.certificate()), TestNode.KEY)) {
        assertThat(encoder.answer()).isEqualTo("NetStream.Publish.Start");
        assertThat(shown(node)).isEqualTo(first.certificate());
        assertThat(secureHttp(node)).isEqualTo(first.certificate());
        assertThatThrownBy(() -> health("http", node))
            .as("no plain HTTP beside it")
            .isInstanceOf(IOException.class);

        // Half of a change is no change: the key is not there yet.
        Authority.Host second = authority.vouchFor("RSA", 2048, Duration.ofDays(1), "localhost");
        Files.writeString(certificates, Authority.pem(second.certificate()));
        encoder.sendInRealTime(clip.tags());
        assertThat(shown(node)).isEqualTo(first.certificate());
        second.write(certificates, key);
        Until.isTrue(
            SOON,
            "the new one is shown",
            () -> {
              try {
                return shown(node).equals(second.certificate());
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });

        assertThat(secureHttp(node)).isEqualTo(second.certificate());

        encoder.goodbye();
        assertCarriesTheClip(sink.await(0, SOON, Visit::ended));
      }
    }
  }

  @Test
  void boundsHandshakesInNumberAndTimeLikeEveryConnectionThatHasNotPublished() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try (TestNode node = new TestNode(database, trustingTheAuthority())) {
      for (int i = 0; i < 200; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.plane().rtmpsPort());
        silent.add(socket);
        if (i % 2 == 0) {
          // The head of a hello of 512 bytes, and no more.
          socket.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3});
        }
      }
      try (SSLSocket good = connect(node, node.plane().serverTls().certificate())) {
        good.startHandshake();
      }
      assertThat(node.plane().memory().held()).isZero();
      for (Socket socket : silent) {
        socket.setSoTimeout(15_000);
        assertThat(isClosed(socket)).isTrue();
      }
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void closesPlainRtmpAtTheSecurePortAtOnce() throws Exception {
    try (TestNode node = new TestNode(database, trustingTheAuthority());
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.plane().rtmpsPort())) {
      socket.setSoTimeout(5_000);
      byte[] hello = new byte[1537];
      hello[0] = 3;
      socket.getOutputStream().write(hello);
      assertThat(isClosed(socket)).isTrue();
    }
  }

  @Test
  void showsNoCertificateThatSomebodyElseVouchedFor() throws Exception {
    try (TestNode node = new TestNode(database, trustingTheAuthority());
        SSLSocket socket = connect(node, authority.certificate())) {
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
    }
  }

  /** Reads to the end, whatever comes. */
  private static boolean isClosed(Socket socket) {
    try {
      byte[] buffer = new byte[1024];
      while (socket.getInputStream().read(buffer) >= 0) {
        Thread.onSpinWait();
      }
      return true;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  private static X509Certificate shown(TestNode node) throws Exception {
    try (SSLSocket socket = connect(node, authority.certificate())) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  /** What the node's public HTTP shows to somebody who asks for its health. */
  private static X509Certificate secureHttp(TestNode node) throws Exception {
    HttpResponse<Void> answer = health("https", node);
    assertThat(answer.statusCode()).isEqualTo(200);
    return (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
  }

  private static HttpResponse<Void> health(String scheme, TestNode node) throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder()
            .sslContext(Authority.clientTrusting(List.of(authority.certificate())))
            .build()) {
      URI healthz =
          URI.create("%s://localhost:%d/healthz".formatted(scheme, node.plane().publicPort()));
      return client.send(
          HttpRequest.newBuilder(healthz).timeout(SOON).build(),
          HttpResponse.BodyHandlers.discarding());
    }
  }

  private static void await(TestNode node, UUID destination, String wanted) {
    Until.isTrue(
        SOON,
        destination + " is " + wanted,
        () -> {
          try {
            return node.rows()
                .texts(
                    "select state || ' ' || coalesce(last_error_code, '') from relay where destination_id = ?::uuid",
                    destination.toString())
                .contains(wanted);
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static void assertCarriesTheClip(Visit visit) {
    assertThat(visit.fault()).isNull();
    for (int type : new int[] {FlvTag.VIDEO, FlvTag.AUDIO}) {
      List<byte[]> got =
          visit.ofType(type).stream()
              .filter(message -> message.body()[1] == 1)
              .map(Message::body)
              .toList();
      List<byte[]> sent = clip.media(type).stream().map(Clip.Tag::body).toList();
      assertThat(got).hasSameSizeAs(sent);
      for (int i = 0; i < sent.size(); i++) {
        assertThat(Arrays.equals(got.get(i), sent.get(i)))
            .as("frame %d of type %d", i, type)
            .isTrue();
      }
    }
  }
}
