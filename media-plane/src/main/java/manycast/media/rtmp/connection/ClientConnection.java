package manycast.media.rtmp.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import manycast.media.amf.AmfValue;
import manycast.media.rtmp.connection.ClientEffect.Acknowledged;
import manycast.media.rtmp.connection.ClientEffect.BeginPublish;
import manycast.media.rtmp.connection.ClientEffect.Fail;
import manycast.media.rtmp.connection.ClientEffect.Finish;
import manycast.media.rtmp.connection.ClientEffect.HalfClose;
import manycast.media.rtmp.connection.ClientEffect.Heard;
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

/** A relay's connection to a destination, up to the accepted publish and from there to its end. */
public final class ClientConnection {
  /** Where the connection stands. */
  public enum State {
    HANDSHAKING(Stage.HANDSHAKE),
    CONNECTING(Stage.CONNECT),
    CREATING_STREAM(Stage.CREATE_STREAM),
    AWAITING_PUBLISH(Stage.PUBLISH),
    PUBLISHING(Stage.PUBLISHING),
    STOPPING(Stage.PUBLISHING),
    CLOSED(Stage.PUBLISHING);

    private final Stage stage;

    State(Stage stage) {
      this.stage = stage;
    }
  }

  /** What nginx and every platform take without a word. */
  public static final int CHUNK_SIZE = 4096;

  /** How long each step may take. */
  static final long STEP_MS = 10_000;

  /** How long a server may take to close behind our goodbye. */
  static final long STOP_MS = 1_000;

  private final ClientTarget target;
  private final ClientGoal goal;
  private final RandomGenerator random;
  private final AcknowledgementWindow acknowledgements = new AcknowledgementWindow();
  private State state = State.HANDSHAKING;
  private long since;
  private int messageStreamId;
  private long acknowledged;
  private int lastAcknowledgement;

  /** A connection whose socket was connected just now. */
  public ClientConnection(ClientTarget target, long nowMs) {
    this(target, ClientGoal.PUBLISH, nowMs);
  }

  /** The same for this purpose. */
  public ClientConnection(ClientTarget target, ClientGoal goal, long nowMs) {
    this(target, goal, nowMs, ThreadLocalRandom.current());
  }

  ClientConnection(ClientTarget target, long nowMs, RandomGenerator random) {
    this(target, ClientGoal.PUBLISH, nowMs, random);
  }

  private ClientConnection(
      ClientTarget target, ClientGoal goal, long nowMs, RandomGenerator random) {
    this.target = target;
    this.goal = goal;
    this.random = random;
    since = nowMs;
  }

  /** Where it stands. */
  public State state() {
    return state;
  }

  /**
   * The whole machine: what to do about this input now.
   *
   * @param nowMs a clock that only goes forward
   */
  public List<ClientEffect> on(ClientInput input, long nowMs) {
    return switch (state) {
      case HANDSHAKING ->
          switch (input) {
            case HandshakeDone _ ->
                move(
                    State.CONNECTING,
                    nowMs,
                    new Send(new SetChunkSize(CHUNK_SIZE)),
                    new Send(ClientCommands.connect(target)));
            case Broken(String detail) -> fail(new ClientFailure.HandshakeFailed(detail), nowMs);
            case PeerClosed _ -> fail(closed(nowMs), nowMs);
            case SocketFailed(String detail) -> fail(socketFailed(detail), nowMs);
            case Tick _ -> failWhenOverdue(nowMs);
            case Stop _, Drop _ -> move(State.CLOSED, nowMs, new Finish());
            case BytesReceived _, Received _ -> stay();
          };
      case CONNECTING, CREATING_STREAM, AWAITING_PUBLISH, PUBLISHING ->
          switch (input) {
            case Received(RtmpMessage message) -> received(message, nowMs);
            case BytesReceived(long total) -> acknowledge(total);
            case Tick _ -> state == State.PUBLISHING ? stay() : failWhenOverdue(nowMs);
            case Stop _ ->
                state == State.PUBLISHING ? stop(nowMs) : move(State.CLOSED, nowMs, new Finish());
            case Drop _ -> move(State.CLOSED, nowMs, new Finish());
            case PeerClosed _ -> fail(closed(nowMs), nowMs);
            case SocketFailed(String detail) -> fail(socketFailed(detail), nowMs);
            case Broken(String detail) ->
                fail(new ClientFailure.ProtocolBroken(state.stage, detail), nowMs);
            case HandshakeDone _ ->
                throw new IllegalStateException("the handshake was done before: " + state);
          };
      case STOPPING ->
          switch (input) {
            case PeerClosed _, SocketFailed _, Broken _, Drop _ ->
                move(State.CLOSED, nowMs, new Finish());
            case Tick _ ->
                nowMs - since < STOP_MS ? stay() : move(State.CLOSED, nowMs, new Finish());
            case Received _, BytesReceived _, Stop _ -> stay();
            case HandshakeDone _ ->
                throw new IllegalStateException("the handshake was done before: " + state);
          };
      case CLOSED -> stay();
    };
  }

  private List<ClientEffect> received(RtmpMessage message, long nowMs) {
    return switch (message) {
      case Command command -> command(command, nowMs);
      case PingRequest(int time) -> stay(new Send(new PingResponse(time)));
      case WindowAcknowledgementSize(long bytes) -> {
        acknowledgements.resize(bytes);
        yield stay();
      }
      case Acknowledgement(long bytes) -> stay(new Acknowledged(unwrap((int) bytes)));
      case SetChunkSize _,
          RtmpMessage.SetPeerBandwidth _,
          RtmpMessage.StreamBegin _,
          RtmpMessage.PingResponse _,
          RtmpMessage.Data _,
          RtmpMessage.Ignored _ ->
          stay();
    };
  }

  private List<ClientEffect> command(Command command, long nowMs) {
    List<ClientEffect> effects = answer(command, nowMs);
    StatusInfo info = goal.tells() ? withoutSecrets(StatusInfo.of(command)) : StatusInfo.NOTHING;
    if (info.words().isEmpty()) {
      return effects;
    }
    List<ClientEffect> told = new ArrayList<>(List.of(new Heard(info.words())));
    told.addAll(effects);
    return told;
  }

  private List<ClientEffect> answer(Command command, long nowMs) {
    return switch (command.name()) {
      case "_result" -> result(command, nowMs);
      case "_error" -> error(command, nowMs);
      case "onStatus" -> status(StatusInfo.of(command), nowMs);
      case "close" ->
          fail(new ClientFailure.ReconnectRequested("close", "", "The server says close."), nowMs);
      default -> stay();
    };
  }

  /** Answers are matched by transaction; a missing info object is a success. */
  private List<ClientEffect> result(Command command, long nowMs) {
    int transaction = (int) command.transactionId();
    if (state == State.CONNECTING && transaction == ClientCommands.CONNECT) {
      return connected(StatusInfo.of(command), nowMs);
    }
    if (state == State.CREATING_STREAM && transaction == ClientCommands.CREATE_STREAM) {
      return streamCreated(command, nowMs);
    }
    if (state == State.AWAITING_PUBLISH && transaction == ClientCommands.PUBLISH) {
      StatusInfo info = StatusInfo.of(command);
      return info.isRefusal() ? refused(info, nowMs) : beginPublish(nowMs);
    }
    return stay();
  }

  private List<ClientEffect> connected(StatusInfo info, long nowMs) {
    if (info.isRefusal()) {
      return connectRefused(info, nowMs);
    }
    if (goal == ClientGoal.TEST_WITHOUT_PUBLISH) {
      return move(State.CLOSED, nowMs, new Finish());
    }
    return move(
        State.CREATING_STREAM,
        nowMs,
        new Send(ClientCommands.releaseStream(target)),
        new Send(ClientCommands.fcPublish(target)),
        new Send(ClientCommands.createStream()));
  }

  private List<ClientEffect> streamCreated(Command command, long nowMs) {
    if (command.arguments().isEmpty()
        || !(command.arguments().getFirst() instanceof AmfValue.AmfNumber(double id))) {
      return fail(
          new ClientFailure.ProtocolBroken(
              state.stage, "createStream was answered without a stream id (RTMP 1.0 §7.2.1.3)"),
          nowMs);
    }
    messageStreamId = (int) id;
    return move(
        State.AWAITING_PUBLISH, nowMs, new Send(ClientCommands.publish(target, messageStreamId)));
  }

  private List<ClientEffect> beginPublish(long nowMs) {
    return move(State.PUBLISHING, nowMs, new BeginPublish(messageStreamId));
  }

  /** Servers that do not know releaseStream or FCPublish say {@code _error}: harmless. */
  private List<ClientEffect> error(Command command, long nowMs) {
    int transaction = (int) command.transactionId();
    boolean ours =
        switch (state) {
          case CONNECTING -> transaction == ClientCommands.CONNECT;
          case CREATING_STREAM -> transaction == ClientCommands.CREATE_STREAM;
          case AWAITING_PUBLISH -> transaction == ClientCommands.PUBLISH;
          case HANDSHAKING, PUBLISHING, STOPPING, CLOSED -> false;
        };
    if (!ours) {
      return stay();
    }
    StatusInfo info = StatusInfo.of(command);
    return state == State.CONNECTING ? connectRefused(info, nowMs) : refused(info, nowMs);
  }

  /** It may only want to know who we are. */
  private List<ClientEffect> connectRefused(StatusInfo info, long nowMs) {
    return switch (target.authentication().next(info.description(), target.app(), random)) {
      case Authentication.Next.Again(Authentication next) ->
          fail(new ClientFailure.LoginAsked(target.with(next)), nowMs);
      case Authentication.Next.Over(ClientFailure failure) -> fail(failure, nowMs);
      case Authentication.Next.OtherMatter _ -> refused(info, nowMs);
    };
  }

  private List<ClientEffect> status(StatusInfo info, long nowMs) {
    if (info.isFarewell()) {
      StatusInfo words = withoutSecrets(info);
      return fail(
          new ClientFailure.ReconnectRequested(words.code(), words.tcUrl(), words.description()),
          nowMs);
    }
    if (info.isRefusal()) {
      return refused(info, nowMs);
    }
    if (state == State.AWAITING_PUBLISH && info.code().equals("NetStream.Publish.Start")) {
      return beginPublish(nowMs);
    }
    return stay();
  }

  private StatusInfo withoutSecrets(StatusInfo info) {
    Login login = target.authentication().login();
    StatusInfo withoutKey = info.withoutKey(target.key());
    return login == null ? withoutKey : withoutKey.withoutKey(login.password());
  }

  private List<ClientEffect> refused(StatusInfo info, long nowMs) {
    StatusInfo words = withoutSecrets(info);
    return fail(new ClientFailure.Refused(state.stage, words.code(), words.description()), nowMs);
  }

  private List<ClientEffect> stop(long nowMs) {
    return move(
        State.STOPPING,
        nowMs,
        new Send(ClientCommands.fcUnpublish(target)),
        new Send(ClientCommands.deleteStream(messageStreamId)),
        new HalfClose());
  }

  private List<ClientEffect> acknowledge(long total) {
    return acknowledgements.isDue(total)
        ? stay(new Send(new Acknowledgement(total & 0xFFFF_FFFFL)))
        : stay();
  }

  /** Counts on over 2^32; nginx begins anew at 0xF0000000, which looks like a step back. */
  private long unwrap(int raw) {
    int step = raw - lastAcknowledgement;
    acknowledged += step >= 0 ? step : Integer.toUnsignedLong(raw);
    lastAcknowledgement = raw;
    return acknowledged;
  }

  private List<ClientEffect> failWhenOverdue(long nowMs) {
    return nowMs - since < STEP_MS
        ? stay()
        : fail(new ClientFailure.TimedOut(state.stage, STEP_MS), nowMs);
  }

  private ClientFailure closed(long nowMs) {
    return new ClientFailure.Closed(state.stage, state == State.PUBLISHING ? nowMs - since : -1);
  }

  private ClientFailure socketFailed(String detail) {
    return new ClientFailure.SocketFailed(state.stage, detail);
  }

  private List<ClientEffect> fail(ClientFailure failure, long nowMs) {
    return move(State.CLOSED, nowMs, new Fail(failure));
  }

  private List<ClientEffect> move(State next, long nowMs, ClientEffect... effects) {
    state = next;
    since = nowMs;
    return List.of(effects);
  }

  private static List<ClientEffect> stay(ClientEffect... effects) {
    return List.of(effects);
  }
}
