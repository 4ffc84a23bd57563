package manycast.media.rtmp.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import manycast.media.amf.AmfValue;
import manycast.media.rtmp.connection.ServerConnection.State;
import manycast.media.rtmp.connection.ServerEffect.Authorize;
import manycast.media.rtmp.connection.ServerEffect.BeginPublish;
import manycast.media.rtmp.connection.ServerEffect.Close;
import manycast.media.rtmp.connection.ServerEffect.EndPublish;
import manycast.media.rtmp.connection.ServerEffect.Send;
import manycast.media.rtmp.connection.ServerInput.Announce;
import manycast.media.rtmp.connection.ServerInput.Broken;
import manycast.media.rtmp.connection.ServerInput.BytesReceived;
import manycast.media.rtmp.connection.ServerInput.CheckBandwidth;
import manycast.media.rtmp.connection.ServerInput.CloseWish;
import manycast.media.rtmp.connection.ServerInput.Connect;
import manycast.media.rtmp.connection.ServerInput.CreateStream;
import manycast.media.rtmp.connection.ServerInput.EndStream;
import manycast.media.rtmp.connection.ServerInput.FcUnpublish;
import manycast.media.rtmp.connection.ServerInput.HandshakeDone;
import manycast.media.rtmp.connection.ServerInput.MoveWish;
import manycast.media.rtmp.connection.ServerInput.Nothing;
import manycast.media.rtmp.connection.ServerInput.PeerClosed;
import manycast.media.rtmp.connection.ServerInput.Ping;
import manycast.media.rtmp.connection.ServerInput.Publish;
import manycast.media.rtmp.connection.ServerInput.PublishAllowed;
import manycast.media.rtmp.connection.ServerInput.PublishRefused;
import manycast.media.rtmp.connection.ServerInput.Tick;
import manycast.media.rtmp.connection.ServerInput.Window;
import manycast.media.rtmp.message.RtmpMessage;
import manycast.media.rtmp.message.RtmpMessage.Acknowledgement;
import manycast.media.rtmp.message.RtmpMessage.Command;
import manycast.media.rtmp.message.RtmpMessage.PingResponse;
import manycast.media.rtmp.message.RtmpMessage.SetChunkSize;
import manycast.media.rtmp.message.RtmpMessage.SetPeerBandwidth;
import manycast.media.rtmp.message.RtmpMessage.StreamBegin;
import manycast.media.rtmp.message.RtmpMessage.WindowAcknowledgementSize;
import org.junit.jupiter.api.Test;

final class ServerConnectionTest {
  private static final Path TABLE =
      Path.of("src/test/resources/golden/rtmp/connection/server-table.txt");
  private static final Connect CONNECT =
      new Connect(1, "live", "rtmp://host/live", "FMLE/3.0 (compatible; FMSc/1.0)", true, true);
  private static final Publish PUBLISH = new Publish(1, "key");

  private static final Map<String, ServerInput> INPUTS = inputs();

  private static Map<String, ServerInput> inputs() {
    Map<String, ServerInput> inputs = new LinkedHashMap<>();
    for (ServerInput input :
        List.of(
            new HandshakeDone(),
            CONNECT,
            new Announce(2),
            new CreateStream(4),
            PUBLISH,
            new FcUnpublish(6),
            new EndStream(),
            new CheckBandwidth(7),
            new Ping(5),
            new Window(1000),
            new Nothing(),
            new BytesReceived(5_000_000),
            new PublishAllowed(),
            new PublishRefused(PublishRefusal.BAD_NAME, "in use"),
            new CloseWish("stopped"),
            new MoveWish("stops"),
            new Tick(),
            new PeerClosed("closed by the encoder"),
            new Broken("garbage"))) {
      inputs.put(input.getClass().getSimpleName(), input);
    }
    return inputs;
  }

  /** Every state with every input, as a text that a person reviews; the documentation quotes it. */
  @Test
  void anEncodersNameIsMadeFitToBeStored() {
    Command connect =
        new Command(
            "connect",
            1,
            0,
            new AmfValue.AmfObject(
                Map.of("app", AmfValue.of("live"), "flashVer", AmfValue.of("an\0 encoder\u0007"))),
            List.of());

    assertThat(ServerInput.of(connect))
        .isEqualTo(new Connect(1, "live", "", "an  encoder ", false, false));
  }

  @Test
  void answersEveryInputInEveryStateAsTheTableSays() throws IOException {
    StringBuilder table = new StringBuilder();
    for (State state : State.values()) {
      table.append(state).append('\n');
      INPUTS.forEach(
          (name, input) -> {
            ServerConnection connection = in(state);
            List<ServerEffect> effects = connection.on(input, 1000);
            String next = connection.state() == state ? "stay" : connection.state().name();
            table.append(
                "  %-15s %-16s %s".formatted(name, next, words(effects)).stripTrailing() + "\n");
          });
    }
    if (Boolean.getBoolean("golden.write")) {
      Files.createDirectories(TABLE.getParent());
      Files.writeString(TABLE, table);
    }
    assertThat(table.toString()).isEqualTo(Files.readString(TABLE));
  }

  @Test
  void everyKindOfInputIsInTheTable() {
    assertThat(INPUTS.keySet())
        .containsExactlyInAnyOrderElementsOf(
            List.of(ServerInput.class.getPermittedSubclasses()).stream()
                .map(Class::getSimpleName)
                .toList());
  }

  @Test
  void answersConnectInTheOrderAndWithTheFieldsThatEncodersInsistOn() {
    List<RtmpMessage> sent = sent(in(State.AWAITING_CONNECT).on(CONNECT, 0));
    assertThat(sent.subList(0, 3))
        .containsExactly(
            new WindowAcknowledgementSize(2_500_000),
            new SetPeerBandwidth(2_500_000, 2),
            new SetChunkSize(65_536));
    Command result = (Command) sent.get(3);
    assertThat(result.name()).isEqualTo("_result");
    assertThat(result.transactionId()).isEqualTo(1);
    assertThat(result.messageStreamId()).isZero();
    assertThat(((AmfValue.Fields) result.commandObject()).text("fmsVer"))
        .isEqualTo("FMS/3,0,1,123");
    AmfValue.Fields info = info(result);
    assertThat(info.text("level")).isEqualTo("status");
    assertThat(info.text("code")).isEqualTo("NetConnection.Connect.Success");
    for (AmfValue.Fields said : List.of(info, (AmfValue.Fields) result.commandObject())) {
      assertThat(said.number("capsEx")).as("reconnect, multitrack and ModEx").isEqualTo(7);
      assertThat(said.fields())
          .as("every codec is forwarded")
          .containsEntry("videoFourCcInfoMap", new AmfValue.AmfObject(Map.of("*", AmfValue.of(4))));
    }
    assertThat(info.number("objectEncoding")).isEqualTo(0);
  }

  @Test
  void namesEnhancedRtmpOnlyToWhoeverNamesItItself() {
    List<ServerEffect> effects =
        in(State.AWAITING_CONNECT).on(new Connect(1, "live", "", "", false, false), 0);
    Command result = (Command) ((Send) effects.getLast()).message();
    assertThat(info(result).fields()).doesNotContainKeys("fourCcList", "capsEx");
    assertThat(((AmfValue.Fields) result.commandObject()).fields())
        .doesNotContainKeys("fourCcList", "capsEx");

    for (String field : List.of("fourCcList", "videoFourCcInfoMap", "capsEx")) {
      Command connect =
          new Command(
              "connect", 1, 0, new AmfValue.AmfObject(Map.of(field, AmfValue.of(1))), List.of());
      assertThat(((Connect) ServerInput.of(connect)).namesEnhanced()).as(field).isTrue();
    }
  }

  @Test
  void asksAnEncoderThatCanToConnectAnewAndTakesItsGoodbyeForNoEnd() {
    ServerConnection connection = in(State.PUBLISHING);
    Command asked = (Command) sent(connection.on(new MoveWish("It stops."), 0)).getFirst();
    assertThat(asked.name()).isEqualTo("onStatus");
    assertThat(asked.messageStreamId()).isZero();
    assertThat(info(asked).text("level")).isEqualTo("status");
    assertThat(info(asked).text("code")).isEqualTo("NetConnection.Connect.ReconnectRequest");
    assertThat(info(asked).text("description")).isEqualTo("It stops.");
    assertThat(connection.state()).isEqualTo(State.PUBLISHING);
    assertThat(connection.acceptMedia(1)).as("it goes on meanwhile").isTrue();
    assertThat(connection.on(new MoveWish("It stops."), 1)).as("asked once").isEmpty();
    assertThat(connection.on(new FcUnpublish(6), 2))
        .contains(new EndPublish(PublishEnd.CLOSED_BY_US, "FCUnpublish"));
  }

  @Test
  void asksNobodyToConnectAnewWhoHasNotSaidThatItCan() {
    for (double capabilities : new double[] {0, 2, 6}) {
      Command connect =
          new Command(
              "connect",
              1,
              0,
              new AmfValue.AmfObject(
                  Map.of("app", AmfValue.of("live"), "capsEx", AmfValue.of(capabilities))),
              List.of());
      ServerConnection connection = new ServerConnection(0);
      connection.on(new HandshakeDone(), 0);
      connection.on(ServerInput.of(connect), 0);
      connection.on(new CreateStream(4), 0);
      connection.on(PUBLISH, 0);
      connection.on(new PublishAllowed(), 0);
      assertThat(connection.on(new MoveWish("It stops."), 0)).isEmpty();
      assertThat(connection.on(new EndStream(), 0))
          .contains(new EndPublish(PublishEnd.UNPUBLISHED, "deleteStream"));
    }
  }

  @Test
  void saysPublishStartOnTheCreatedStreamAndOnlyWhenTheKeyWasAllowed() {
    ServerConnection connection = in(State.STREAM_CREATED);
    assertThat(connection.on(PUBLISH, 0))
        .containsExactly(
            new Authorize(
                new PublishRequest("live", "key", Map.of(), "FMLE/3.0 (compatible; FMSc/1.0)")));
    assertThat(connection.acceptMedia(0)).isFalse();
    List<ServerEffect> effects = connection.on(new PublishAllowed(), 0);
    assertThat(effects.getFirst()).isEqualTo(new BeginPublish());
    List<RtmpMessage> sent = sent(effects);
    assertThat(sent.getFirst()).isEqualTo(new StreamBegin(1));
    Command status = (Command) sent.get(1);
    assertThat(status.messageStreamId()).isEqualTo(1);
    assertThat(info(status).text("code")).isEqualTo("NetStream.Publish.Start");
    assertThat(connection.acceptMedia(0)).isTrue();
  }

  @Test
  void refusesWithTheGatesWordsAndClosesALittleLater() {
    List<ServerEffect> effects =
        in(State.AUTHORISING).on(new PublishRefused(PublishRefusal.BAD_NAME, "Key in use."), 0);
    AmfValue.Fields info = info((Command) sent(effects).getFirst());
    assertThat(info.text("level")).isEqualTo("error");
    assertThat(info.text("code")).isEqualTo("NetStream.Publish.BadName");
    assertThat(info.text("description")).isEqualTo("Key in use.");
    assertThat(effects.getLast()).isEqualTo(new Close(700, "Key in use."));
  }

  @Test
  void closesAtOnceBehindAConnectErrorBecauseObsWouldWait() {
    List<ServerEffect> effects =
        in(State.AWAITING_CONNECT).on(new Connect(1, "app", "", "", false, false), 0);
    assertThat(((Command) sent(effects).getFirst()).name()).isEqualTo("_error");
    assertThat(((Close) effects.getLast()).afterMs()).isZero();
  }

  @Test
  void refusesAPublishWithoutAKeyByItself() {
    List<ServerEffect> effects = in(State.STREAM_CREATED).on(new Publish(1, "?a=b"), 0);
    assertThat(info((Command) sent(effects).getFirst()).text("code"))
        .isEqualTo("NetStream.Publish.Denied");
  }

  @Test
  void letsOneConnectionPublishAgainAfterAGoodbye() {
    ServerConnection connection = in(State.PUBLISHING);
    assertThat(connection.on(new FcUnpublish(6), 0))
        .contains(new EndPublish(PublishEnd.UNPUBLISHED, "FCUnpublish"));
    assertThat(connection.on(new EndStream(), 0)).isEmpty();
    assertThat(sent(connection.on(new CreateStream(7), 0)))
        .containsExactly(ServerAnswers.result(7, AmfValue.of(2)));
    assertThat(connection.on(new Publish(2, "key"), 0).getFirst()).isInstanceOf(Authorize.class);
    connection.on(new PublishAllowed(), 0);
    assertThat(connection.state()).isEqualTo(State.PUBLISHING);
  }

  @Test
  void keepsTheDeadlinesOfEveryState() {
    assertDeadline(State.HANDSHAKING, 10_000);
    assertDeadline(State.AWAITING_CONNECT, 10_000);
    assertDeadline(State.CONNECTED, 10_000);
    assertDeadline(State.STREAM_CREATED, 10_000);
    assertDeadline(State.AUTHORISING, 25_000);
    assertDeadline(State.PUBLISHING, 15_000);
  }

  private static void assertDeadline(State state, long ms) {
    ServerConnection connection = in(state);
    assertThat(connection.on(new Tick(), ms - 1)).as("%s before", state).isEmpty();
    assertThat(connection.on(new Tick(), ms).getLast())
        .as("%s after", state)
        .isInstanceOf(Close.class);
  }

  @Test
  void reachingPublishTakesTenSecondsInAllNotTenPerCommand() {
    ServerConnection connection = new ServerConnection(0);
    connection.on(new HandshakeDone(), 0);
    connection.on(CONNECT, 6_000);
    connection.on(new CreateStream(2), 9_000);
    assertThat(connection.on(new Tick(), 10_000).getLast()).isInstanceOf(Close.class);
  }

  @Test
  void countsMediaButNoPingAsLife() {
    ServerConnection connection = in(State.PUBLISHING);
    connection.acceptMedia(10_000);
    connection.on(new Ping(1), 20_000);
    assertThat(connection.on(new Tick(), 24_999)).isEmpty();
    assertThat(connection.on(new Tick(), 25_000))
        .startsWith(new EndPublish(PublishEnd.SILENT, "no media for 15 s"));
  }

  @Test
  void answersPingsAtOnceAndAcknowledgesEveryHalfWindow() {
    ServerConnection connection = in(State.PUBLISHING);
    assertThat(sent(connection.on(new Ping(77), 0))).containsExactly(new PingResponse(77));
    connection.on(new Window(1000), 0);
    assertThat(connection.on(new BytesReceived(499), 0)).isEmpty();
    assertThat(sent(connection.on(new BytesReceived(500), 0)))
        .containsExactly(new Acknowledgement(500));
    assertThat(connection.on(new BytesReceived(900), 0)).isEmpty();
    assertThat(sent(connection.on(new BytesReceived((1L << 32) + 5), 0)))
        .containsExactly(new Acknowledgement(5));
  }

  @Test
  void tellsTheSinkOfAnEncoderThatLeftBeforeTheAnswer() {
    ServerConnection connection = in(State.AUTHORISING);
    connection.on(new PeerClosed("closed"), 0);
    assertThat(connection.on(new PublishAllowed(), 0).getFirst())
        .isInstanceOfSatisfying(
            EndPublish.class, end -> assertThat(end.end()).isEqualTo(PublishEnd.LOST));
    assertThat(in(State.CLOSED).on(new PublishRefused(PublishRefusal.DENIED, ""), 0)).isEmpty();
  }

  @Test
  void neverTellsMoreThanOneEndForEachBeginWhateverComes() {
    List<ServerInput> inputs = List.copyOf(INPUTS.values());
    for (long seed = 0; seed < 5000; seed++) {
      Random random = new Random(seed);
      ServerConnection connection = new ServerConnection(0);
      long now = 0;
      int begun = 0;
      int ended = 0;
      boolean asked = false;
      boolean closed = false;
      for (int step = 0; step < 40; step++) {
        now += random.nextInt(4000);
        ServerInput input = nextInput(inputs, random, asked);
        List<ServerEffect> effects = connection.on(input, now);
        asked &= !(input instanceof PublishAllowed || input instanceof PublishRefused);
        for (ServerEffect effect : effects) {
          assertThat(closed && !(effect instanceof EndPublish)).as("seed %d", seed).isFalse();
          asked |= effect instanceof Authorize;
          begun += effect instanceof BeginPublish ? 1 : 0;
          begun += closed && effect instanceof EndPublish ? 1 : 0; // told to a late answer's sink
          ended += effect instanceof EndPublish ? 1 : 0;
          closed |= effect instanceof Close;
        }
        boolean publishing = connection.state() == State.PUBLISHING;
        assertThat(begun - ended).as("seed %d", seed).isEqualTo(publishing ? 1 : 0);
        assertThat(connection.state() == State.CLOSED).as("seed %d", seed).isEqualTo(closed);
      }
    }
  }

  /** Mostly what a sane peer does next, sometimes anything; the gate answers only when asked. */
  private static ServerInput nextInput(List<ServerInput> inputs, Random random, boolean asked) {
    if (asked && random.nextInt(3) == 0) {
      return random.nextBoolean()
          ? new PublishAllowed()
          : new PublishRefused(PublishRefusal.DENIED, "no");
    }
    ServerInput input =
        inputs.get(random.nextInt(3) == 0 ? random.nextInt(inputs.size()) : random.nextInt(5));
    boolean answer = input instanceof PublishAllowed || input instanceof PublishRefused;
    return answer ? new Tick() : input;
  }

  private static ServerConnection in(State state) {
    ServerConnection connection = new ServerConnection(0);
    List<ServerInput> way =
        new ArrayList<>(
            List.of(
                new HandshakeDone(), CONNECT, new CreateStream(4), PUBLISH, new PublishAllowed()));
    if (state == State.CLOSED) {
      connection.on(new PeerClosed("closed"), 0);
    }
    while (connection.state() != state) {
      connection.on(way.removeFirst(), 0);
    }
    return connection;
  }

  private static List<RtmpMessage> sent(List<ServerEffect> effects) {
    return effects.stream()
        .filter(Send.class::isInstance)
        .map(effect -> ((Send) effect).message())
        .toList();
  }

  private static AmfValue.Fields info(Command command) {
    AmfValue.Fields info = command.fields(0);
    assertThat(info).isNotNull();
    return info == null ? new AmfValue.AmfObject(Map.of()) : info;
  }

  private static String words(List<ServerEffect> effects) {
    return effects.stream().map(ServerConnectionTest::word).collect(Collectors.joining("; "));
  }

  private static String word(ServerEffect effect) {
    return switch (effect) {
      case Send(Command command) ->
          "send "
              + command.name()
              + (command.fields(0) == null ? "" : " " + info(command).text("code"));
      case Send(RtmpMessage message) -> "send " + message.getClass().getSimpleName();
      case Authorize _ -> "authorize";
      case BeginPublish _ -> "begin publish";
      case EndPublish(PublishEnd end, String _) -> "end publish " + end;
      case Close(long afterMs, String detail) ->
          "close" + (afterMs == 0 ? "" : " after " + afterMs + " ms") + ": " + detail;
    };
  }
}
