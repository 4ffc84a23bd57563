package manycast.media.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import manycast.media.flv.FlvTag;
import manycast.media.loops.AddressPolicy;
import manycast.media.loops.EventLoops;
import manycast.media.loops.Transport;
import manycast.media.relay.Dialer;
import manycast.media.testing.Authority;
import manycast.media.testing.Gatekeeper;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.RtmpSink.Behaviour;
import manycast.media.testing.RtmpSink.Visit;
import manycast.media.tls.ClientTls;
import manycast.media.tls.HandshakeThreads;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real servers, each with something wrong with it, and what is said of them. */
@Timeout(value = 40, unit = TimeUnit.SECONDS)
class ConnectionTestIT {
  private static final Duration SOON = Duration.ofSeconds(15);

  private static Authority authority;
  private static HandshakeThreads handshakes;
  private static EventLoops loops;

  @BeforeAll
  static void start() throws Exception {
    authority = new Authority();
    handshakes = new HandshakeThreads(1);
    loops = new EventLoops(Transport.NIO, 1);
  }

  @AfterAll
  static void stop() {
    loops.close();
    handshakes.close();
  }

  private static List<String> test(String url, String key, boolean publishes) throws Exception {
    return test(url, key, publishes, AddressPolicy.allowEverything());
  }

  /** Each step's word, how it ended, and what the server said of it. */
  private static List<String> test(
      String url, String key, boolean publishes, AddressPolicy addresses) throws Exception {
    Dialer dialer =
        new Dialer(loops, addresses, new ClientTls(handshakes, List.of(authority.certificate())));
    CompletableFuture<ProbeReport> over = new CompletableFuture<>();
    ConnectionTest.begin(
        loops.next(),
        dialer,
        new ProbeTarget(url, key, publishes),
        report -> {
          if (report.over()) {
            over.complete(report);
          }
        });
    ProbeReport report = over.get(35, TimeUnit.SECONDS);
    assertThat(report.steps()).allSatisfy(step -> assertThat(step.sentence()).endsWith("."));
    return report.steps().stream()
        .map(step -> (step.step().word() + " " + step.outcome().word() + " " + step.said()).strip())
        .toList();
  }

  @Test
  void publishesTwoSecondsAndSaysGoodbye() throws Exception {
    try (RtmpSink sink = RtmpSink.open(Behaviour.ACCEPT)) {
      assertThat(test(sink.url(), "k?a=b", true))
          .startsWith("dns ok", "tcp ok", "tls skipped", "handshake ok")
          .anyMatch(step -> step.startsWith("connect ok NetConnection.Connect.Success"))
          .anyMatch(step -> step.startsWith("publish ok NetStream.Publish.Start"))
          .endsWith("media ok");
      Visit visit = sink.await(0, SOON, Visit::ended);
      assertThat(visit.fault()).isNull();
      assertThat(visit.key()).isEqualTo("k?a=b");
      assertThat(visit.ofType(FlvTag.VIDEO)).as("config, pictures, end").hasSize(1 + 60 + 1);
      assertThat(visit.ofType(FlvTag.AUDIO)).hasSizeGreaterThan(90);
      assertThat(visit.commands()).endsWith("FCUnpublish", "deleteStream");
    }
  }

  @Test
  void stopsBeforeThePublishWhereThatIsNotAllowed() throws Exception {
    try (RtmpSink sink = RtmpSink.open(Behaviour.ACCEPT)) {
      assertThat(test(sink.url(), "k", false)).endsWith("publish skipped", "media skipped");
      assertThat(sink.await(0, SOON, Visit::ended).commands()).containsExactly("connect");
    }
  }

  @Test
  void tellsOfARefusedKeyInTheServersWordsButNotTheKey() throws Exception {
    try (RtmpSink sink = RtmpSink.open(Behaviour.DENY)) {
      List<String> steps = test(sink.url(), "secret-key", true);
      assertThat(steps)
          .anyMatch(step -> step.startsWith("publish failed NetStream.Publish.Denied"))
          .noneMatch(step -> step.contains("secret-key"))
          .endsWith("media skipped");
    }
  }

  @Test
  void noticesAServerThatHangsUpAtThePublish() throws Exception {
    try (RtmpSink sink = RtmpSink.open(Behaviour.CLOSE_AFTER_PUBLISH)) {
      assertThat(test(sink.url(), "k", true)).endsWith("publish failed", "media skipped");
    }
  }

  @Test
  void checksTheCertificateAsARelayDoes() throws Exception {
    try (RtmpSink right =
            RtmpSink.open(Behaviour.ACCEPT, authority.vouchFor("127.0.0.1").server());
        RtmpSink other =
            RtmpSink.open(Behaviour.ACCEPT, authority.vouchFor("elsewhere.example").server());
        RtmpSink stranger =
            RtmpSink.open(Behaviour.ACCEPT, new Authority().vouchFor("127.0.0.1").server())) {
      assertThat(test(right.url(), "k", false)).contains("tls ok").anyMatch(isOk("connect"));
      for (RtmpSink wrong : List.of(other, stranger)) {
        assertThat(test(wrong.url(), "k", true))
            .startsWith("dns ok", "tcp ok", "tls failed", "handshake skipped");
        assertThat(wrong.visits()).allSatisfy(visit -> assertThat(visit.commands()).isEmpty());
      }
    }
  }

  private static Predicate<String> isOk(String step) {
    return result -> result.startsWith(step + " ok");
  }

  @Test
  void logsInWhereTheServerAsks() throws Exception {
    try (RtmpSink sink = RtmpSink.open(Behaviour.ACCEPT)) {
      sink.ask(new Gatekeeper("adobe", "ann", "s3cret"));
      assertThat(test(sink.url().replace("://", "://ann:s3cret@"), "k", true))
          .anyMatch(isOk("publish"));
      assertThat(test(sink.url().replace("://", "://ann:wrong@"), "k", true))
          .anyMatch(step -> step.startsWith("connect failed"))
          .noneMatch(step -> step.contains("wrong"));
    }
  }

  @Test
  void tellsAClosedPortFromOneWhereNobodySpeaksRtmp() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    assertThat(test("rtmp://127.0.0.1:" + closed + "/live", "k", true))
        .startsWith("dns ok", "tcp failed", "tls skipped");
    try (RtmpSink silent = RtmpSink.open(Behaviour.SILENT)) {
      assertThat(test(silent.url(), "k", true)).contains("tcp ok", "handshake failed");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "rtmp://no-such-host.invalid/live",
    "http://127.0.0.1/live",
    "rtmp://:1935/live",
  })
  void failsAtTheFirstStepWhereThereIsNobodyToAsk(String url) throws Exception {
    assertThat(test(url, "k", true)).startsWith("dns failed", "tcp skipped");
  }

  @Test
  void neverConnectsWhereTheRulesForAddressesForbidIt() throws Exception {
    try (RtmpSink sink = RtmpSink.open(Behaviour.ACCEPT)) {
      assertThat(test(sink.url(), "k", true, AddressPolicy.allowOnly(List.of())))
          .startsWith("dns failed", "tcp skipped");
      assertThat(sink.visits()).isEmpty();
    }
  }
}
