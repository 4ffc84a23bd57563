package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import manycast.db.testing.TestDatabase;
import manycast.media.testing.Clip;
import manycast.media.testing.Encoder;
import manycast.media.testing.Pattern;
import manycast.media.testing.RawClient;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.RtmpSink.Behaviour;
import manycast.media.testing.RtmpSink.Visit;
import manycast.media.testing.Until;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that mean harm, beside a publisher that must not notice: its frames come whole, memory
 * stays bounded, and afterwards everybody is welcome again.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HostileIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String OTHER_KEY = "the-key-of-somebody-with-bad-manners";
  private static final int AT_ONCE_MS = 3_000;

  /** What connections that have not published may make the node hold besides its pools' floor. */
  private static final long BOUND = 96L << 20;

  private static TestDatabase database;

  private TestNode node;
  private RtmpSink sink;
  private Encoder bystander;
  private Thread sending;
  private final List<Clip.Tag> sent = new ArrayList<>();
  private volatile boolean enough;
  private long directBefore;

  /** Something that a client does to us. */
  private interface Attack {
    void run(RawClient client) throws IOException;
  }

  @BeforeAll
  static void createDatabase() throws Exception {
    database = TestDatabase.create();
  }

  @AfterAll
  static void dropDatabase() {
    database.close();
  }

  @BeforeEach
  void goLive() throws Exception {
    node = new TestNode(database);
    node.another(OTHER_KEY).changeStream("resume_grace_seconds = 0");
    sink = RtmpSink.open(Behaviour.ACCEPT);
    node.rows().addDestination("a place", sink.url(), "k");
    bystander = Encoder.accepted(node.rtmpPort(), TestNode.KEY);
    for (Clip.Tag config : Pattern.configs()) {
      bystander.send(config);
    }
    sending = Thread.ofVirtual().start(this::sendUntilEnough);
    sink.await(0, SOON, visit -> visit.media().size() > 20);
    directBefore = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  private void sendUntilEnough() {
    Pattern pattern = new Pattern(4_000, 1_000);
    try {
      for (int second = 0; !enough; second++) {
        List<Clip.Tag> tags = pattern.tags(second * 1_000, (second + 1) * 1_000);
        bystander.sendInRealTime(tags);
        sent.addAll(tags);
      }
    } catch (IOException | InterruptedException cut) {
      throw new IllegalStateException("the bystander was cut", cut);
    }
  }

  /** The bystander's frames are all there, what was counted is back, and a newcomer publishes. */
  @AfterEach
  void nobodyElseNoticed() throws Exception {
    try {
      long direct = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
      assertThat(direct - directBefore).as("direct memory taken").isLessThan(BOUND);
      enough = true;
      sending.join();
      bystander.goodbye();
      Visit visit = sink.await(0, SOON, Visit::ended);
      assertThat(visit.fault()).isNull();
      assertThat(sink.visits()).hasSize(1);
      long media = visit.media().stream().filter(Pattern::isMedia).count();
      assertThat(media).isEqualTo(sent.size());
      Until.isTrue(SOON, "every counted byte comes back", () -> node.plane().memory().held() == 0);
      try (Encoder newcomer = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
        newcomer.goodbye();
      }
    } finally {
      bystander.close();
      sink.close();
      node.close();
    }
  }

  @Test
  void endsAtOnceWhatBreaksTheRules() throws Exception {
    Map<String, Attack> attacks = new LinkedHashMap<>();
    attacks.put("text", client -> client.send(ascii("GET / HTTP/1.1\r\nHost: x\r\n\r\n")));
    attacks.put("a TLS hello", client -> client.send(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, -4}));
    attacks.put(
        "objects nested 10,000 deep", client -> deepCommand(client, new byte[] {3, 0, 1, 'a'}));
    attacks.put(
        "arrays nested 10,000 deep", client -> deepCommand(client, new byte[] {10, 0, 0, 0, 1}));
    attacks.put(
        "an array of 4 billion",
        client -> command(client, join(name("connect"), new byte[] {10, -1, -1, -1, -1})));
    attacks.put(
        "a string of 2 GiB",
        client -> command(client, join(name("connect"), new byte[] {12, 127, -1, -1, -1})));
    attacks.put("a command without a name", client -> command(client, new byte[] {5, 5, 5}));
    attacks.put(
        "a message of 16 MiB",
        client -> client.shakeHands().send(RawClient.header(3, 20, 0, 0xFF_FFFF)));
    attacks.put(
        "16 MiB of picture in chunks of one byte before publish",
        client -> {
          client.shakeHands().message(2, 1, 0, new byte[] {0, 0, 0, 1});
          client.send(RawClient.header(6, 9, 1, 0xFF_FFFF));
        });
    attacks.put("a chunk size of 0", client -> chunkSize(client, 0));
    attacks.put("a chunk size of 2^31", client -> chunkSize(client, Integer.MIN_VALUE));
    attacks.put(
        "a control message of one byte",
        client -> client.shakeHands().message(2, 5, 0, new byte[] {1}));
    attacks.put(
        "a user control message of one byte",
        client -> client.shakeHands().message(2, 4, 0, new byte[] {0}));
    attacks.put(
        "five messages half sent",
        client -> {
          client.shakeHands();
          for (int id = 3; id < 8; id++) {
            client.send(join(RawClient.header(id, 20, 0, 65_536), new byte[128]));
          }
        });
    attacks.put(
        "seventeen chunk streams",
        client -> {
          client.shakeHands();
          for (int id = 3; id < 20; id++) {
            client.message(id, 3, 0, new byte[4]);
          }
        });
    attacks.put(
        "messages that begin inside each other",
        client -> {
          client.shakeHands();
          for (int i = 0; i < 5; i++) {
            client.send(join(RawClient.header(3, 20, 0, 1_000), new byte[128]));
          }
        });
    attacks.put(
        "an aggregate that lies about what is in it",
        client ->
            client.shakeHands().message(4, 22, 1, new byte[] {9, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0}));
    attacks.put(
        "aggregates in an aggregate",
        client ->
            client
                .shakeHands()
                .message(4, 22, 1, new byte[] {22, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11}));
    attacks.put(
        "publish before connect",
        client -> {
          client.shakeHands();
          client.command(1, "publish", 1.0, null, OTHER_KEY, "live");
        });
    attacks.put(
        "a thousand streams",
        client -> {
          client.upTo("createStream", "");
          for (int i = 0; i < 1_000; i++) {
            client.command(0, "createStream", 3.0 + i, null);
          }
        });
    attacks.put(
        "another application of 60,000 letters",
        client -> {
          client.shakeHands();
          client.command(0, "connect", 1.0, Map.of("app", "x".repeat(60_000)));
        });
    attacks.put("a key of 60,000 letters", client -> client.upTo("publish", "k".repeat(60_000)));
    attacks.put("a key of control characters", client -> client.upTo("publish", "\0\n\u0007"));
    for (Map.Entry<String, Attack> attack : attacks.entrySet()) {
      try (RawClient client = new RawClient(node.rtmpPort())) {
        attempt(client, attack.getValue());
        assertThat(client.isClosedWithin(AT_ONCE_MS)).as(attack.getKey()).isTrue();
      }
    }
  }

  /** Each of these keeps its connection until its time is over. */
  @Test
  void givesTheSlowAndTheSilentTheirTimeAndNoMore() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 1_000 - 6; i++) {
        clients.add(new RawClient(node.rtmpPort()));
      }
      List<Attack> attacks =
          List.of(
              client -> client.send(new byte[] {3}),
              client -> client.send(Arrays.copyOf(new byte[] {3}, 1_536)),
              RawClient::shakeHands,
              client -> client.upTo("connect", ""),
              client ->
                  client
                      .shakeHands()
                      .send(join(RawClient.header(3, 20, 0, 65_536), new byte[128])));
      for (Attack attack : attacks) {
        RawClient client = new RawClient(node.rtmpPort());
        clients.add(client);
        attack.run(client);
      }
      assertThat(node.plane().memory().held())
          .as("beside the bystander's group")
          .isLessThan(8L << 20);
      // One byte a second of a handshake is no life sign.
      RawClient dripping = clients.getFirst();
      Thread drip =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 60; i++) {
                        dripping.send(new byte[] {3});
                        Thread.sleep(1_000);
                      }
                    } catch (IOException | InterruptedException closed) {
                      Thread.currentThread().interrupt();
                    }
                  });
      for (RawClient client : clients) {
        assertThat(client.isClosedWithin(25_000)).isTrue();
      }
      drip.interrupt();
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  /** A thousand places for those who have not published; who comes then is turned away at once. */
  @Test
  void turnsAwayWhoeverComesWhenAThousandHaveNotPublished() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 1_100; i++) {
        clients.add(new RawClient(node.rtmpPort()));
      }
      assertThat(clients.getLast().isClosedWithin(AT_ONCE_MS)).isTrue();
      assertThat(clients.getFirst().isClosedWithin(1)).isFalse();
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
    // Their places are free as soon as they have left.
    Until.isTrue(
        SOON,
        "there is room again",
        () -> {
          try (RawClient client = new RawClient(node.rtmpPort())) {
            client.shakeHands();
            return true;
          } catch (IOException turnedAway) {
            return false;
          }
        });
  }

  @Test
  void keepsNoAnswersForAClientThatDoesNotReadThem() throws Exception {
    byte[] ping = {0, 6, 0, 0, 0, 1};
    ByteArrayOutputStream pings = new ByteArrayOutputStream();
    for (int i = 0; i < 10_000; i++) {
      pings.write(RawClient.header(2, 4, 0, ping.length));
      pings.write(ping);
    }
    try (RawClient client = new RawClient(node.rtmpPort())) {
      client.shakeHands();
      boolean cut = false;
      for (int i = 0; i < 400 && !cut; i++) {
        try {
          client.send(pings.toByteArray());
        } catch (SocketException closed) {
          cut = true;
        }
      }
      assertThat(cut).as("closed before it had asked four million times").isTrue();
    }
  }

  @Test
  void bearsAPublisherThatCutsSixteenMegabytesIntoSingleBytes() throws Exception {
    // At its strictest each of the hundred million looks at a buffer would leave a stack trace.
    ResourceLeakDetector.Level strictest = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    try {
      sendSixteenMegabytesInSingleBytes();
    } finally {
      ResourceLeakDetector.setLevel(strictest);
    }
  }

  private void sendSixteenMegabytesInSingleBytes() throws Exception {
    try (RawClient client = new RawClient(node.rtmpPort())) {
      client.upTo("publish", OTHER_KEY).awaitAnswer("NetStream.Publish.Start");
      client.message(2, 1, 0, new byte[] {0, 0, 0, 1});
      int length = (16 << 20) - 1;
      client.send(RawClient.header(6, 9, 1, length));
      byte[] bytes = new byte[64 << 10];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (i % 2 == 0 ? 0x27 : 0xC6);
      }
      for (int left = 2 * length - 1; left > 0; left -= bytes.length) {
        client.send(left < bytes.length ? Arrays.copyOf(bytes, left) : bytes);
      }
      client.command(0, "deleteStream", 5.0, null, 1.0);
      Until.isTrue(SOON, "its publish is over", () -> node.plane().broadcasts().live().size() == 1);
    }
  }

  @Test
  void dropsDataThatCannotBeReadAndKeepsThePublisher() throws Exception {
    try (RawClient client = new RawClient(node.rtmpPort())) {
      client.upTo("publish", OTHER_KEY).awaitAnswer("NetStream.Publish.Start");
      byte[] deep = new byte[40_000];
      for (int i = 0; i < deep.length; i += 4) {
        deep[i] = 3;
        deep[i + 2] = 1;
        deep[i + 3] = 'a';
      }
      client.message(4, 18, 1, deep);
      client.message(4, 18, 1, join(name("additionalMedia"), new byte[] {99, 98, 97}));
      client.message(4, 15, 1, new byte[] {0, 99});
      client.message(4, 8, 1, new byte[0]);
      client.message(4, 9, 1, new byte[0]);
      client.message(4, 9, 1, new byte[] {(byte) 0x9F, 1, 2, 3, 4});
      client.message(4, 200, 1, new byte[] {1, 2, 3});
      client.message(4, 19, 1, new byte[] {1, 2, 3});
      assertThat(client.isClosedWithin(1_000)).isFalse();
    }
  }

  @Test
  void disconnectsAPublisherThatChangesItsCodecConfigWithoutEnd() throws Exception {
    try (RawClient client = new RawClient(node.rtmpPort())) {
      client.upTo("publish", OTHER_KEY).awaitAnswer("NetStream.Publish.Start");
      for (int i = 0; i < 100; i++) {
        client.message(4, 8, 1, new byte[] {(byte) 0xAF, 0, 0x11, (byte) 0x90, (byte) i});
      }
      for (int i = 0; i < 1_000; i++) {
        client.data(1, "onMetaData", Map.of("width", (double) i));
      }
      assertThat(client.isClosedWithin(1_000)).as("by what can be left out").isFalse();
      for (int i = 0; i < 20; i++) {
        client.message(4, 8, 1, new byte[] {(byte) 0xAF, 0, 0x12, 0x10, (byte) i});
      }
      client.awaitAnswer("changed its codec settings");
      assertThat(client.isClosedWithin(AT_ONCE_MS)).isTrue();
    }
  }

  private static void attempt(RawClient client, Attack attack) throws IOException {
    try {
      attack.run(client);
    } catch (SocketException closedOnUs) {
      // It may close before all is sent.
    }
  }

  private static void chunkSize(RawClient client, int size) throws IOException {
    client.shakeHands().message(2, 1, 0, ByteBuffer.allocate(4).putInt(size).array());
  }

  private static void command(RawClient client, byte[] body) throws IOException {
    client.shakeHands().message(3, 20, 0, body);
  }

  private static void deepCommand(RawClient client, byte[] level) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(name("connect"));
    for (int i = 0; i < 10_000; i++) {
      body.write(level);
    }
    command(client, body.toByteArray());
  }

  /** A command's name and transaction. */
  private static byte[] name(String name) {
    byte[] ascii = ascii(name);
    return join(
        new byte[] {2, 0, (byte) ascii.length},
        ascii,
        new byte[] {0, 0x3F, (byte) 0xF0, 0, 0, 0, 0, 0, 0});
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
