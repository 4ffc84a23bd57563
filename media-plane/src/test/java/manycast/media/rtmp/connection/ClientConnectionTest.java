package manycast.media.rtmp.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import manycast.media.amf.AmfValue;
import manycast.media.amf.AmfValue.AmfObject;
import manycast.media.flv.FourCc;
import manycast.media.rtmp.connection.ClientConnection.State;
import manycast.media.rtmp.connection.ClientEffect.Acknowledged;
import manycast.media.rtmp.connection.ClientEffect.BeginPublish;
import manycast.media.rtmp.connection.ClientEffect.Fail;
import manycast.media.rtmp.connection.ClientEffect.Finish;
import manycast.media.rtmp.connection.ClientEffect.HalfClose;
import manycast.media.rtmp.connection.ClientEffect.Send;
import manycast.media.rtmp.connection.ClientFailure.Stage;
import manycast.media.rtmp.connection.ClientInput.Broken;
import manycast.media.rtmp.connection.ClientInput.BytesReceived;
import manycast.media.rtmp.connection.ClientInput.Drop;
import manycast.media.rtmp.connection.ClientInput.HandshakeDone;
import manycast.media.rtmp.connection.ClientInput.PeerClosed;
import manycast.media.rtmp.connection.ClientInput.Received;
import manycast.media.rtmp.connection.ClientInput.SocketFailed;
import manycast.media.rtmp.connection.ClientInput.Stop;
import manycast.media.rtmp.connection.ClientInput.Tick;
import manycast.media.rtmp.message.RtmpMessage;
import manycast.media.rtmp.message.RtmpMessage.Acknowledgement;
import manycast.media.rtmp.message.RtmpMessage.Command;
import manycast.media.rtmp.message.RtmpMessage.PingRequest;
import manycast.media.rtmp.message.RtmpMessage.PingResponse;
import manycast.media.rtmp.message.RtmpMessage.SetChunkSize;
import manycast.media.rtmp.message.RtmpMessage.WindowAcknowledgementSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClientConnectionTest {
  private static final String KEY = "live_1?a=b&c=d:e";
  private static final ClientTarget TARGET =
      new ClientTarget("app", "rtmp://host/app", KEY, ClientTarget.DEFAULT_FLASH_VER);
  private static final Received CONNECTED =
      result(1, info("status", "NetConnection.Connect.Success", ""));
  private static final Received CREATED = result(4, AmfValue.of(9));
  private static final Received STARTED = status(info("status", "NetStream.Publish.Start", ""));

  @Test
  void goesTheWayToPublishAsObsDoes() {
    ClientConnection connection = new ClientConnection(TARGET, 0);
    List<RtmpMessage> first = sent(connection.on(new HandshakeDone(), 0));
    assertThat(first.getFirst()).isEqualTo(new SetChunkSize(4096));
    Command connect = (Command) first.get(1);
    assertThat(connect.name()).isEqualTo("connect");
    assertThat(((AmfObject) connect.commandObject()).fields().keySet())
        .containsExactly("app", "type", "flashVer", "swfUrl", "tcUrl");
    assertThat(names(connection.on(CONNECTED, 0)))
        .containsExactly("releaseStream 2", "FCPublish 3", "createStream 4");
    List<ClientEffect> publish = connection.on(CREATED, 0);
    assertThat(names(publish)).containsExactly("publish 5");
    Command command = (Command) sent(publish).getFirst();
    assertThat(command.messageStreamId()).isEqualTo(9);
    assertThat(command.arguments()).containsExactly(AmfValue.of(KEY), AmfValue.of("live"));
    assertThat(connection.on(STARTED, 0)).containsExactly(new BeginPublish(9));
    assertThat(connection.state()).isEqualTo(State.PUBLISHING);
  }

  @Test
  void namesItsCodecsOnlyWhereTheyLeaveInEnhancedRtmp() {
    ClientTarget target = TARGET.naming(List.of(FourCc.HVC1, FourCc.OPUS));
    Command connect =
        (Command) sent(new ClientConnection(target, 0).on(new HandshakeDone(), 0)).get(1);
    Map<String, AmfValue> fields = ((AmfObject) connect.commandObject()).fields();
    assertThat(fields.keySet())
        .containsExactly(
            "app",
            "type",
            "flashVer",
            "swfUrl",
            "tcUrl",
            "fourCcList",
            "videoFourCcInfoMap",
            "audioFourCcInfoMap",
            "capsEx");
    assertThat(fields)
        .containsEntry(
            "fourCcList", new AmfValue.AmfList(List.of(AmfValue.of("hvc1"), AmfValue.of("Opus"))))
        .containsEntry("videoFourCcInfoMap", new AmfObject(Map.of("hvc1", AmfValue.of(4))))
        .containsEntry("audioFourCcInfoMap", new AmfObject(Map.of("Opus", AmfValue.of(4))))
        .containsEntry("capsEx", AmfValue.of(1));
  }

  @Test
  void connectsAnewWithItsNameWhereTheServerAsksForIt() {
    ClientTarget target =
        new ClientTarget(
            "app",
            "rtmp://host/app",
            KEY,
            ClientTarget.DEFAULT_FLASH_VER,
            Authentication.with(new Login("ann", "s3cret")),
            List.of());
    ClientConnection connection = new ClientConnection(target, 0);
    connection.on(new HandshakeDone(), 0);
    List<ClientEffect> effects =
        connection.on(
            error(1, "NetConnection.Connect.Rejected", "code=403 need auth; authmod=adobe"), 0);
    assertThat(effects).hasSize(1);
    assertThat(effects.getFirst()).isInstanceOf(Fail.class);
    ClientFailure failure = ((Fail) effects.getFirst()).failure();
    assertThat(failure).isInstanceOf(ClientFailure.LoginAsked.class);
    assertThat(((ClientFailure.LoginAsked) failure).next().appAsked())
        .isEqualTo("app?authmod=adobe&user=ann");
    assertThat(failure.toString()).doesNotContain("ann");
  }

  @Test
  void keepsThePasswordOutOfThePlatformsWords() {
    ClientTarget target =
        new ClientTarget(
            "app",
            "rtmp://host/app",
            KEY,
            ClientTarget.DEFAULT_FLASH_VER,
            Authentication.with(new Login("ann", "s3cret")),
            List.of());
    ClientConnection connection = new ClientConnection(target, 0);
    connection.on(new HandshakeDone(), 0);
    assertThat(
            connection
                .on(error(1, "NetConnection.Connect.Rejected", "not with s3cret"), 0)
                .toString())
        .contains("not with …")
        .doesNotContain("s3cret");
  }

  @Test
  void takesAResultForThePublishAsSuccess() {
    assertThat(in(State.AWAITING_PUBLISH).on(result(5), 0)).containsExactly(new BeginPublish(9));
  }

  @Test
  void takesAConnectResultWithoutAnInfoObjectAsSuccess() {
    assertThat(names(in(State.CONNECTING).on(result(1), 0))).contains("createStream 4");
  }

  @Test
  void ignoresErrorsForWhatServersNeedNotKnow() {
    ClientConnection connection = in(State.CREATING_STREAM);
    assertThat(connection.on(error(2, "NetConnection.Call.Failed", "releaseStream"), 0)).isEmpty();
    assertThat(connection.on(error(3, "NetConnection.Call.Failed", "FCPublish"), 0)).isEmpty();
    assertThat(names(connection.on(CREATED, 0))).containsExactly("publish 5");
  }

  @Test
  void ignoresAnswersToOtherTransactions() {
    assertThat(in(State.CONNECTING).on(result(4, AmfValue.of(1)), 0)).isEmpty();
    assertThat(in(State.CREATING_STREAM).on(result(2), 0)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "error,  NetStream.Publish.BadName",
    "error,  NetStream.Publish.Denied",
    "'',     NetStream.Publish.Rejected",
    "status, NetStream.Publish.Unauthorized",
    "error,  NetStream.Failed",
    "error,  Something.Of.The.Platforms",
  })
  void reportsARefusalWithThePlatformsWords(String level, String code) {
    for (State state : List.of(State.AWAITING_PUBLISH, State.PUBLISHING)) {
      List<ClientEffect> effects = in(state).on(status(info(level, code, "its words")), 0);
      Stage stage = state == State.PUBLISHING ? Stage.PUBLISHING : Stage.PUBLISH;
      assertThat(effects)
          .containsExactly(new Fail(new ClientFailure.Refused(stage, code, "its words")));
    }
  }

  @Test
  void keepsTheKeyOutOfThePlatformsWords() {
    List<ClientEffect> effects =
        in(State.AWAITING_PUBLISH)
            .on(status(info("error", "NetStream.Publish.Denied", "bad key " + KEY)), 0);
    assertThat(effects.toString()).contains("bad key …").doesNotContain(KEY);
    assertThat(TARGET.toString()).doesNotContain(KEY);
  }

  @Test
  void keepsTheKeyOutOfTheFarewellAndOutOfCodes() {
    String farewell = "NetConnection.Connect.ReconnectRequest";
    assertThat(in(State.PUBLISHING).on(status(info("status", farewell, "bye " + KEY)), 0))
        .containsExactly(new Fail(new ClientFailure.ReconnectRequested(farewell, "", "bye …")));
    assertThat(in(State.AWAITING_PUBLISH).on(status(info("error", "no " + KEY, "")), 0))
        .containsExactly(new Fail(new ClientFailure.Refused(Stage.PUBLISH, "no …", "")));
  }

  @Test
  void aUsualCodeIsKnownHoweverShortTheKeyIs() {
    ClientConnection connection =
        new ClientConnection(
            new ClientTarget("app", "rtmp://host/app", "a", ClientTarget.DEFAULT_FLASH_VER), 0);
    connection.on(new HandshakeDone(), 0);
    connection.on(CONNECTED, 0);
    connection.on(CREATED, 0);

    assertThat(connection.on(status(info("error", "NetStream.Publish.BadName", "a no")), 0))
        .containsExactly(
            new Fail(
                new ClientFailure.Refused(Stage.PUBLISH, "NetStream.Publish.BadName", "… no")));
  }

  @Test
  void makesThePlatformsWordsFitToBeStored() {
    String words = "a\0b\r\nc" + "d".repeat(400);
    assertThat(in(State.AWAITING_PUBLISH).on(status(info("error", "x\0y", words)), 0))
        .containsExactly(
            new Fail(new ClientFailure.Refused(Stage.PUBLISH, "x y", "a b  c" + "d".repeat(294))));
  }

  @Test
  void reportsARefusedConnect() {
    assertThat(
            in(State.CONNECTING).on(error(1, "NetConnection.Connect.Rejected", "no such app"), 0))
        .containsExactly(
            new Fail(
                new ClientFailure.Refused(
                    Stage.CONNECT, "NetConnection.Connect.Rejected", "no such app")));
  }

  @ParameterizedTest
  @CsvSource({
    "NetConnection.Connect.ReconnectRequest",
    "NetConnection.Connect.AppShutdown",
    "NetConnection.Connect.Closed"
  })
  void reportsAServerThatGoesAway(String code) {
    assertThat(in(State.PUBLISHING).on(status(info("status", code, "")), 0))
        .containsExactly(new Fail(new ClientFailure.ReconnectRequested(code, "", "")));
  }

  @Test
  void reportsACloseWithItsStageAndItsTimeSincePublish() {
    assertThat(in(State.CONNECTING).on(new PeerClosed(), 50))
        .containsExactly(new Fail(new ClientFailure.Closed(Stage.CONNECT, -1)));
    assertThat(in(State.PUBLISHING).on(new PeerClosed(), 1500))
        .containsExactly(new Fail(new ClientFailure.Closed(Stage.PUBLISHING, 1500)));
    assertThat(in(State.HANDSHAKING).on(new Broken("text"), 0))
        .containsExactly(new Fail(new ClientFailure.HandshakeFailed("text")));
    assertThat(in(State.PUBLISHING).on(new SocketFailed("reset"), 0))
        .containsExactly(new Fail(new ClientFailure.SocketFailed(Stage.PUBLISHING, "reset")));
    assertThat(in(State.PUBLISHING).on(new Broken("chunks"), 0))
        .containsExactly(new Fail(new ClientFailure.ProtocolBroken(Stage.PUBLISHING, "chunks")));
  }

  @Test
  void givesEachStepTenSecondsAndThePublishForEver() {
    for (State state :
        List.of(
            State.HANDSHAKING, State.CONNECTING, State.CREATING_STREAM, State.AWAITING_PUBLISH)) {
      ClientConnection connection = in(state);
      assertThat(connection.on(new Tick(), 9_999)).as("%s", state).isEmpty();
      assertThat(connection.on(new Tick(), 10_000).getFirst())
          .as("%s", state)
          .isInstanceOfSatisfying(
              Fail.class,
              fail -> assertThat(fail.failure()).isInstanceOf(ClientFailure.TimedOut.class));
    }
    assertThat(in(State.PUBLISHING).on(new Tick(), 1_000_000)).isEmpty();
  }

  @Test
  void saysGoodbyeWhenStoppedAndWaitsASecondAtMost() {
    ClientConnection connection = in(State.PUBLISHING);
    List<ClientEffect> effects = connection.on(new Stop(), 100);
    assertThat(names(effects)).containsExactly("FCUnpublish 6", "deleteStream 7");
    assertThat(((Command) sent(effects).get(1)).arguments()).containsExactly(AmfValue.of(9));
    assertThat(effects.getLast()).isEqualTo(new HalfClose());
    assertThat(connection.on(new Tick(), 1099)).isEmpty();
    assertThat(connection.on(new Tick(), 1100)).containsExactly(new Finish());
  }

  @Test
  void saysNothingWhenDropped() {
    assertThat(in(State.PUBLISHING).on(new Drop(), 0)).containsExactly(new Finish());
  }

  @Test
  void answersPingsAndAcknowledgesWhatItReceives() {
    ClientConnection connection = in(State.PUBLISHING);
    assertThat(sent(connection.on(new Received(new PingRequest(3)), 0)))
        .containsExactly(new PingResponse(3));
    connection.on(new Received(new WindowAcknowledgementSize(100)), 0);
    assertThat(sent(connection.on(new BytesReceived(60), 0)))
        .containsExactly(new Acknowledgement(60));
  }

  @Test
  void countsAcknowledgementsOverTheirWrapAndOverNginxsRestart() {
    ClientConnection connection = in(State.PUBLISHING);
    assertThat(acknowledged(connection, 0x7000_0000L)).isEqualTo(0x7000_0000L);
    assertThat(acknowledged(connection, 0xE000_0000L)).isEqualTo(0xE000_0000L);
    assertThat(acknowledged(connection, 0x0000_0010L)).isEqualTo(0x1_0000_0010L);
    ClientConnection nginx = in(State.PUBLISHING);
    acknowledged(nginx, 0x7000_0000L);
    assertThat(acknowledged(nginx, 0x10L)).isEqualTo(0x7000_0010L);
  }

  @Test
  void endsExactlyOnceWhateverComes() {
    List<ClientInput> inputs =
        List.of(
            CONNECTED,
            CREATED,
            STARTED,
            error(1, "NetConnection.Connect.Rejected", ""),
            status(info("error", "NetStream.Publish.BadName", "")),
            new Received(new PingRequest(1)),
            new Received(new Acknowledgement(77)),
            new BytesReceived(10_000_000),
            new Stop(),
            new Drop(),
            new Tick(),
            new PeerClosed(),
            new SocketFailed("reset"),
            new Broken("garbage"));
    for (long seed = 0; seed < 5000; seed++) {
      Random random = new Random(seed);
      ClientConnection connection = new ClientConnection(TARGET, 0);
      long now = 0;
      int ends = 0;
      if (random.nextInt(10) > 0) {
        connection.on(new HandshakeDone(), 0);
      }
      for (int step = 0; step < 30; step++) {
        now += random.nextInt(3000);
        ClientInput input =
            inputs.get(random.nextInt(3) > 0 ? random.nextInt(3) : random.nextInt(inputs.size()));
        List<ClientEffect> effects = connection.on(input, now);
        assertThat(ends == 1 && !effects.isEmpty()).as("seed %d", seed).isFalse();
        ends +=
            (int) effects.stream().filter(e -> e instanceof Fail || e instanceof Finish).count();
        assertThat(ends).as("seed %d", seed).isEqualTo(connection.state() == State.CLOSED ? 1 : 0);
      }
    }
  }

  private static long acknowledged(ClientConnection connection, long raw) {
    List<ClientEffect> effects = connection.on(new Received(new Acknowledgement(raw)), 0);
    return ((Acknowledged) effects.getFirst()).bytes();
  }

  private static ClientConnection in(State state) {
    ClientConnection connection = new ClientConnection(TARGET, 0);
    List<ClientInput> way =
        new ArrayList<>(List.of(new HandshakeDone(), CONNECTED, CREATED, STARTED));
    while (connection.state() != state) {
      connection.on(way.removeFirst(), 0);
    }
    return connection;
  }

  private static AmfValue info(String level, String code, String description) {
    Map<String, AmfValue> fields = new LinkedHashMap<>();
    fields.put("level", AmfValue.of(level));
    fields.put("code", AmfValue.of(code));
    fields.put("description", AmfValue.of(description));
    return new AmfObject(fields);
  }

  private static Received result(int transactionId, AmfValue... arguments) {
    return new Received(
        new Command("_result", transactionId, 0, AmfValue.NULL, List.of(arguments)));
  }

  private static Received error(int transactionId, String code, String description) {
    return new Received(
        new Command(
            "_error", transactionId, 0, AmfValue.NULL, List.of(info("error", code, description))));
  }

  private static Received status(AmfValue info) {
    return new Received(new Command("onStatus", 0, 9, AmfValue.NULL, List.of(info)));
  }

  private static List<RtmpMessage> sent(List<ClientEffect> effects) {
    return effects.stream()
        .filter(Send.class::isInstance)
        .map(effect -> ((Send) effect).message())
        .toList();
  }

  private static List<String> names(List<ClientEffect> effects) {
    return sent(effects).stream()
        .map(message -> (Command) message)
        .map(command -> command.name() + " " + (int) command.transactionId())
        .toList();
  }
}
