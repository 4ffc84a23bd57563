package manycast.media;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import manycast.db.identity.ProcessIdentity;
import manycast.db.keys.SecretKey;
import manycast.db.testing.TestDatabase;
import manycast.media.flv.FlvTag;
import manycast.media.loops.AddressPolicy;
import manycast.media.settings.Secret;
import manycast.media.settings.Settings;
import manycast.media.testing.Clip;
import manycast.media.testing.Encoder;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.RtmpSink.Visit;
import manycast.media.testing.Until;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The node as a process among others: its endpoints, its database coming and going, hostile peers.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class NodeIT {
  private static final Duration SOON = Duration.ofSeconds(15);

  @TempDir static Path folder;
  private static Clip clip;
  private static TestDatabase database;

  @BeforeAll
  static void makeClip() throws Exception {
    clip = Clip.make(folder, 6);
    database = TestDatabase.create();
  }

  @AfterAll
  static void dropDatabase() {
    database.close();
  }

  @Test
  void answersAConnectionsRequestsInTheirOrder() throws Exception {
    int pairs = 30;
    String host = " HTTP/1.1\r\nHost: node\r\n";
    String pair = "GET /metrics" + host + "\r\nGET /healthz" + host + "\r\n";
    try (TestNode node = new TestNode(database);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.plane().internalPort())) {
      socket.setSoTimeout((int) SOON.toMillis());
      String asked = pair.repeat(pairs) + "GET /healthz" + host + "Connection: close\r\n\r\n";
      socket.getOutputStream().write(asked.getBytes(US_ASCII));

      String answers = new String(socket.getInputStream().readAllBytes(), UTF_8);

      List<String> types =
          answers.lines().filter(line -> line.startsWith("content-type: ")).toList();
      assertThat(types).hasSize(2 * pairs + 1);
      for (int i = 0; i < types.size(); i++) {
        assertThat(types.get(i)).contains(i % 2 == 0 && i < 2 * pairs ? "text/plain" : "json");
      }
    }
  }

  @Test
  void answersWhatItCarriesToProcessesWithATokenAndToNobodyElse() throws Exception {
    try (TestNode node = new TestNode(database);
        RtmpSink sink = RtmpSink.open(RtmpSink.Behaviour.ACCEPT);
        HttpClient http = HttpClient.newHttpClient()) {
      node.rows().addDestination("a place", sink.url(), "k");
      ProcessIdentity other = ProcessIdentity.generate();
      try (var connection = database.control()) {
        other.register(connection);
      }
      try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
        encoder.sendInRealTime(clip.tags().subList(0, 200));
        String token = other.mint(node.plane().nodeId());

        assertThat(get(http, node, "/v1/broadcasts", null).statusCode()).isEqualTo(401);
        assertThat(get(http, node, "/v1/broadcasts", "nonsense").statusCode()).isEqualTo(401);
        assertThat(get(http, node, "/v1/broadcasts", other.mint("another-process")).statusCode())
            .isEqualTo(401);
        assertThat(
                get(
                        http,
                        node,
                        "/v1/broadcasts",
                        ProcessIdentity.generate().mint(node.plane().nodeId()))
                    .statusCode())
            .isEqualTo(401);
        HttpResponse<String> all = get(http, node, "/v1/broadcasts", token);
        assertThat(all.statusCode()).isEqualTo(200);
        assertThat(all.body())
            .contains(
                "\"nodeId\":\"" + node.plane().nodeId(),
                "\"videoCodec\":\"H.264\"",
                "\"audioCodec\":\"AAC\"",
                "\"width\":320",
                "\"height\":180")
            .contains(
                "\"keyframeIntervalMs\":1000",
                "\"state\":\"live\"",
                "\"name\":\"a place\"",
                "\"framesDropped\":0");
        HttpResponse<String> publisher =
            get(http, node, "/v1/streams/" + node.rows().stream() + "/publisher", token);
        assertThat(publisher.body()).contains("\"epoch\":", "\"silentMs\":");
        assertThat(
                get(http, node, "/v1/streams/" + node.rows().account() + "/publisher", token)
                    .statusCode())
            .isEqualTo(404);
        encoder.goodbye();
      }
      assertThat(get(http, node, "/healthz", null).body()).contains("\"status\":\"ok\"");
      assertThat(get(http, node, "/readyz", null).statusCode()).isEqualTo(200);
      assertThat(get(http, node, "/metrics", null).body())
          .contains("manycast_media_bytes", "manycast_egress_bytes_total");
      assertThat(
              http.send(
                      request(
                          node.plane().publicPort(),
                          "/v1/broadcasts",
                          other.mint(node.plane().nodeId())),
                      HttpResponse.BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void letsGoOfABroadcastWhoseEncoderIsSilentForWhoeverKnowsItsEpoch() throws Exception {
    try (TestNode node = new TestNode(database);
        RtmpSink sink = RtmpSink.open(RtmpSink.Behaviour.ACCEPT);
        HttpClient http = HttpClient.newHttpClient()) {
      node.rows().addDestination("a place", sink.url(), "k");
      ProcessIdentity other = ProcessIdentity.generate();
      try (var connection = database.control()) {
        other.register(connection);
      }
      String path = "/v1/streams/" + node.rows().stream() + "/release";
      assertThat(release(http, node, other, path, "{\"epoch\": 1}")).isEqualTo(404);
      try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
        encoder.sendInRealTime(clip.tags().subList(0, 100));
        sink.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
        String epoch = texts(node, "select epoch from broadcast where state = 'live'").getFirst();
        String right = "{\"epoch\": " + epoch + "}";

        assertThat(release(http, node, other, path, right)).as("it sends media").isEqualTo(409);
        assertThat(release(http, node, other, path, "{\"epoch\": 0}")).isEqualTo(409);
        assertThat(release(http, node, other, path, "{}")).isEqualTo(422);
        assertThat(release(http, node, other, path, "epoch")).isEqualTo(400);
        assertThat(get(http, node, path, other.mint(node.plane().nodeId())).statusCode())
            .isEqualTo(404);
        Until.isTrue(
            SOON,
            "it is silent",
            () -> {
              try {
                return release(http, node, other, path, right) == 202;
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
        assertThat(encoder.isClosedByPeer()).isTrue();
        assertThat(sink.await(0, SOON, Visit::ended).commands())
            .doesNotContain("FCUnpublish", "deleteStream");
        String mine = " from broadcast where stream_id = '" + node.rows().stream() + "'";
        Until.isTrue(
            SOON,
            "it waits for whoever has its encoder",
            () ->
                texts(node, "select concat_ws(' ', state, released)" + mine)
                    .contains("resuming t"));

        try (Encoder again = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
          again.sendInRealTime(clip.tags().subList(0, 60));
          sink.await(1, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
          assertThat(
                  texts(
                      node, "select concat_ws(' ', state, released, epoch > " + epoch + ")" + mine))
              .containsExactly("live f t");
          again.goodbye();
          sink.await(1, SOON, Visit::ended);
        }
      }
    }
  }

  private static int release(
      HttpClient http, TestNode node, ProcessIdentity who, String path, String body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.plane().internalPort() + path))
            .header("Authorization", "Bearer " + who.mint(node.plane().nodeId()))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  @Test
  void losesNoFrameAndWritesItsStatesWhenTheDatabaseGoesAndComesBack() throws Exception {
    try (TestDatabase alone = TestDatabase.createAlone();
        TestNode node = new TestNode(alone);
        RtmpSink sink = RtmpSink.open(RtmpSink.Behaviour.ACCEPT);
        HttpClient http = HttpClient.newHttpClient()) {
      var id = node.rows().addDestination("a place", sink.url(), "k");
      try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
        List<Clip.Tag> tags = clip.tags();
        encoder.sendInRealTime(tags.subList(0, 100));
        sink.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
        alone.kill();
        encoder.sendInRealTime(tags.subList(100, 250));
        Until.isTrue(SOON, "it says so", () -> node.plane().notReady() != null);
        assertThat(get(http, node, "/healthz", null).statusCode()).isEqualTo(200);
        assertThat(get(http, node, "/readyz", null).statusCode()).isEqualTo(503);
        long asked = System.nanoTime();
        try (Encoder refused = Encoder.publish(node.rtmpPort(), "any-key")) {
          assertThat(refused.answer()).isEqualTo("NetStream.Publish.Rejected");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(5));
        encoder.sendInRealTime(tags.subList(250, tags.size()));
        encoder.goodbye();
        Visit visit = sink.await(0, SOON, Visit::ended);
        assertThat(visit.ofType(FlvTag.VIDEO)).hasSize(clip.media(FlvTag.VIDEO).size() + 1);

        alone.start();
        node.ready(SOON);
        Until.isTrue(
            SOON,
            "the end is written",
            () -> texts(node, "select end_reason from broadcast").contains("encoder"));
        Until.isTrue(
            SOON,
            "and the relay's",
            () ->
                texts(node, "select state from relay where destination_id = '" + id + "'")
                    .contains("ended"));
        assertThat(texts(node, "select type from event order by seq"))
            .contains(
                "broadcast.started", "destination.live", "destination.ended", "broadcast.ended");
      }
    }
  }

  @Test
  void goesOnWithABroadcastThatWasTakenForLostWhileItWasCutOff() throws Exception {
    try (TestDatabase shared = TestDatabase.create();
        TestNode node = new TestNode(shared);
        RtmpSink sink = RtmpSink.open(RtmpSink.Behaviour.ACCEPT)) {
      node.rows().addDestination("a place", sink.url(), "k");
      try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
        encoder.sendInRealTime(clip.tags().subList(0, 100));
        sink.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
        shared.execute(
            "select release_broadcast(id, epoch, 'node_lost') from broadcast;"
                + " update node set state = 'gone'");
        Until.isTrue(
            SOON,
            "it is this node's again",
            () ->
                texts(node, "select concat_ws(' ', state, released) from broadcast")
                    .contains("live f"));
        encoder.sendInRealTime(clip.tags().subList(100, 250));
        encoder.goodbye();
        assertThat(sink.await(0, SOON, Visit::ended).commands())
            .endsWith("FCUnpublish", "deleteStream");
        assertThat(sink.visits()).hasSize(1);
        assertThat(texts(node, "select type from event where type like 'broadcast.%' order by seq"))
            .startsWith("broadcast.started", "broadcast.interrupted", "broadcast.resumed");
      }
    }
  }

  @Test
  void dropsABroadcastThatSomebodyElseTookOverWithoutEndingTheShow() throws Exception {
    try (TestNode node = new TestNode(database);
        RtmpSink sink = RtmpSink.open(RtmpSink.Behaviour.ACCEPT)) {
      node.rows().addDestination("a place", sink.url(), "k");
      try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
        encoder.sendInRealTime(clip.tags().subList(0, 60));
        sink.await(0, SOON, visit -> visit.ofType(FlvTag.VIDEO).size() > 5);
        database.execute(
            "update broadcast set epoch = nextval('broadcast_epoch') where stream_id = '"
                + node.rows().stream()
                + "'");
        Thread sending =
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        encoder.sendInRealTime(clip.tags());
                      } catch (IOException | InterruptedException cut) {
                        // The node disconnects us: that is what is waited for.
                      }
                    });

        Visit visit = sink.await(0, Duration.ofSeconds(20), Visit::ended);
        assertThat(visit.commands()).doesNotContain("FCUnpublish", "deleteStream");
        sending.join();
      }
    }
  }

  @Test
  void aNodeWhoseAddressAnotherHasTakenSaysSoAndLeavesTheOtherAlone() throws Exception {
    try (TestDatabase shared = TestDatabase.create();
        TestNode first = new TestNode(shared)) {
      try (TestNode second = new TestNode(shared)) {
        Until.isTrue(
            SOON,
            "it says why it takes no publishers",
            () ->
                "another node has registered with MANYCAST_NODE_URL http://127.0.0.1:20300: give each node its own"
                    .equals(first.plane().notReady()));
        assertThat(second.plane().notReady()).isNull();
        assertThat(
                texts(
                    second, "select state from node where id = '" + second.plane().nodeId() + "'"))
            .containsExactly("ready");
      }
      first.ready(SOON);
    }
  }

  @Test
  void startsWithoutADatabaseAndRefusesARoleThatMayChangeTheSchema() throws Exception {
    List<String> refusals = new ArrayList<>();
    var keys = SecretKey.generate().mediaKeys();
    Settings.DatabaseAccess nowhere =
        new Settings.DatabaseAccess(
            "jdbc:postgresql://127.0.0.1:1/none", "manycast_media", new Secret("x"));
    try (MediaPlane plane =
        TestNode.start(
            nowhere, keys, UnaryOperator.identity(), AddressPolicy.allowEverything(), refusals)) {
      Until.isTrue(
          SOON, "it says why", () -> "the database is not reachable".equals(plane.notReady()));
    }
    Settings.DatabaseAccess owner =
        new Settings.DatabaseAccess(
            database.url(), TestDatabase.OWNER, new Secret(database.ownerPassword()));
    try (MediaPlane plane =
        TestNode.start(
            owner, keys, UnaryOperator.identity(), AddressPolicy.allowEverything(), refusals)) {
      Until.isTrue(SOON, "it refuses", () -> !refusals.isEmpty());
      assertThat(refusals.getFirst()).contains("MANYCAST_DB_USER");
      assertThat(plane.notReady()).isNotNull();
    }
    try (TestDatabase empty = TestDatabase.createEmpty();
        MediaPlane plane =
            TestNode.start(
                new Settings.DatabaseAccess(
                    empty.url(), TestDatabase.MEDIA, new Secret(empty.mediaPassword())),
                keys,
                UnaryOperator.identity(),
                AddressPolicy.allowEverything(),
                refusals)) {
      Until.isTrue(
          SOON,
          "it says that it is empty",
          () -> String.valueOf(plane.notReady()).contains("empty"));
    }
  }

  @Test
  void goesOnWithADatabaseThatIsNewerThanItself() throws Exception {
    try (TestDatabase newer = TestDatabase.create()) {
      newer.execute(
          "insert into flyway_schema_history select installed_rank + 1000, '9999', 'later', type,"
              + " 'V9999__later.sql', checksum, installed_by, installed_on, execution_time, success"
              + " from flyway_schema_history where version is not null"
              + " order by installed_rank desc limit 1");
      try (MediaPlane plane =
          TestNode.start(
              new Settings.DatabaseAccess(
                  newer.url(), TestDatabase.MEDIA, new Secret(newer.mediaPassword())),
              SecretKey.generate().mediaKeys(),
              UnaryOperator.identity(),
              AddressPolicy.allowEverything(),
              new ArrayList<>())) {
        Until.isTrue(SOON, "it is ready", () -> plane.notReady() == null);
      }
    }
  }

  @Test
  void framesParsedOnAnotherLoopThanTheBroadcastsArriveAllTheSame() throws Exception {
    UnaryOperator<EventLoop> another =
        loop -> {
          for (var executor : loop.parent()) {
            if (!executor.equals(loop) && executor instanceof EventLoop other) {
              return other;
            }
          }
          return loop;
        };
    try (TestNode node = new TestNode(database, another, AddressPolicy.allowEverything());
        RtmpSink sink = RtmpSink.open(RtmpSink.Behaviour.ACCEPT)) {
      node.rows().addDestination("a place", sink.url(), "k");
      try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
        encoder.sendInRealTime(clip.tags().subList(0, 200));
        encoder.goodbye();
        long video =
            clip.tags().subList(0, 200).stream()
                .filter(tag -> tag.type() == FlvTag.VIDEO && tag.isMedia())
                .count();
        assertThat(sink.await(0, SOON, Visit::ended).ofType(FlvTag.VIDEO)).hasSize((int) video + 1);
      }
      node.close();
      assertThat(node.plane().memory().held()).isZero();
    }
  }

  @Test
  void refusesPrivateAddressesWhereTheyAreNotAllowed() throws Exception {
    try (TestNode node =
            new TestNode(database, UnaryOperator.identity(), AddressPolicy.allowOnly(List.of()));
        RtmpSink sink = RtmpSink.open(RtmpSink.Behaviour.ACCEPT)) {
      var id = node.rows().addDestination("inside", sink.url(), "k");
      try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
        encoder.sendInRealTime(clip.tags().subList(0, 60));
        Until.isTrue(
            SOON,
            "it says so",
            () ->
                texts(node, "select last_error_code from relay where destination_id = '" + id + "'")
                    .contains("address_forbidden"));
        assertThat(sink.visits()).isEmpty();
      }
    }
  }

  @Test
  void hostileBytesEndTheirOwnConnectionAndNothingElse() throws Exception {
    try (TestNode node = new TestNode(database);
        RtmpSink sink = RtmpSink.open(RtmpSink.Behaviour.ACCEPT)) {
      node.rows().addDestination("a place", sink.url(), "k");
      try (Encoder encoder = Encoder.accepted(node.rtmpPort(), TestNode.KEY)) {
        Random random = new Random(7);
        for (int i = 0; i < 60; i++) {
          throwAt(node.rtmpPort(), random, i);
        }
        encoder.sendInRealTime(clip.tags().subList(0, 150));
        encoder.goodbye();
        long video =
            clip.tags().subList(0, 150).stream()
                .filter(tag -> tag.type() == FlvTag.VIDEO && tag.isMedia())
                .count();
        assertThat(sink.await(0, SOON, Visit::ended).ofType(FlvTag.VIDEO)).hasSize((int) video + 1);
      }
      Until.isTrue(SOON, "every counted byte comes back", () -> node.plane().memory().held() == 0);
    }
  }

  private static void throwAt(int port, Random random, int kind) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      byte[] garbage = new byte[random.nextInt(20_000)];
      random.nextBytes(garbage);
      switch (kind % 4) {
        case 0 -> socket.getOutputStream().write(new byte[random.nextInt(1536)]);
        case 1 -> socket.getOutputStream().write(garbage);
        default -> {
          byte[] hello = new byte[1 + 1536 * 2];
          hello[0] = 3;
          socket.getOutputStream().write(hello);
          // A message of 16 MB on chunk stream 3, then noise.
          socket
              .getOutputStream()
              .write(
                  new byte[] {3, 0, 0, 0, -1, -1, -1, kind % 4 == 2 ? 20 : (byte) 9, 1, 0, 0, 0});
          socket.getOutputStream().write(garbage);
        }
      }
    } catch (SocketException closedOnUs) {
      // It may close before all is written.
    }
  }

  private static HttpResponse<String> get(
      HttpClient http, TestNode node, String path, @Nullable String token) throws Exception {
    return http.send(
        request(node.plane().internalPort(), path, token), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest request(int port, String path, @Nullable String token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return request.build();
  }

  private static List<String> texts(TestNode node, String sql) {
    try {
      return node.rows().texts(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
