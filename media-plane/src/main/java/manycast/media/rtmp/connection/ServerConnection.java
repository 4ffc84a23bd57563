package manycast.media.rtmp.connection;

import java.util.List;
import manycast.media.amf.AmfValue;
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
import manycast.media.rtmp.message.RtmpMessage.Acknowledgement;
import manycast.media.rtmp.message.RtmpMessage.PingResponse;
import manycast.media.rtmp.message.RtmpMessage.SetChunkSize;
import manycast.media.rtmp.message.RtmpMessage.SetPeerBandwidth;
import manycast.media.rtmp.message.RtmpMessage.StreamBegin;
import manycast.media.rtmp.message.RtmpMessage.WindowAcknowledgementSize;

/**
 * A publisher's connection as the server sees it: one at a time may publish on it, any number in
 * turn.
 */
public final class ServerConnection {
  /** Where a publisher's connection stands. */
  public enum State {
    HANDSHAKING,
    AWAITING_CONNECT,
    CONNECTED,
    STREAM_CREATED,
    AUTHORISING,
    PUBLISHING,
    CLOSED
  }

  /** The application that encoders are told to use. */
  public static final String APP = "live";

  /** FFmpeg takes over the size that we announce: the larger, the fewer headers we parse. */
  static final int CHUNK_SIZE = 65_536;

  static final long WINDOW = 2_500_000;
  static final long HANDSHAKE_MS = 10_000;
  static final long REACH_PUBLISH_MS = 10_000;
  static final long DECISION_MS = 25_000;
  static final long MEDIA_IDLE_MS = 15_000;

  /** OBS reads the refusal only if the socket lives a little longer. */
  static final long LINGER_MS = 700;

  private static final int DYNAMIC = 2;
  private static final int MAX_STREAMS = 16;

  private final AcknowledgementWindow acknowledgements = new AcknowledgementWindow();
  private State state = State.HANDSHAKING;
  private long since;
  private long lastMediaMs;
  private String app = "";
  private String tcUrl = "";
  private String encoder = "";
  private boolean canMove;
  private boolean askedToMove;
  private int createdStreams;
  private int publishStreamId;

  /** A connection that was accepted just now. */
  public ServerConnection(long nowMs) {
    since = nowMs;
  }

  /** Where it stands. */
  public State state() {
    return state;
  }

  /**
   * A message of audio, video or data came in.
   *
   * @return whether it belongs to an accepted publish; if not it is to be dropped
   */
  public boolean acceptMedia(long nowMs) {
    if (state != State.PUBLISHING) {
      return false;
    }
    lastMediaMs = nowMs;
    return true;
  }

  /**
   * The whole machine: what to do about this input now.
   *
   * @param nowMs a clock that only goes forward
   */
  public List<ServerEffect> on(ServerInput input, long nowMs) {
    return switch (state) {
      case HANDSHAKING ->
          switch (input) {
            case HandshakeDone _ -> move(State.AWAITING_CONNECT, nowMs);
            case Tick _ -> closeAfter(HANDSHAKE_MS, nowMs, "no whole handshake");
            case PeerClosed(String detail) -> move(State.CLOSED, nowMs, new Close(0, detail));
            case Broken(String detail) -> move(State.CLOSED, nowMs, new Close(0, detail));
            case CloseWish(String why) -> move(State.CLOSED, nowMs, new Close(0, why));
            case BytesReceived _, Nothing _, MoveWish _ -> stay();
            case Connect _, Announce _, CreateStream _, Publish _, FcUnpublish _, EndStream _ ->
                refuse(input, nowMs);
            case CheckBandwidth _, Ping _, Window _, PublishAllowed _, PublishRefused _ ->
                refuse(input, nowMs);
          };
      case AWAITING_CONNECT ->
          switch (input) {
            case Connect connect -> connect(connect, nowMs);
            case Tick _ -> closeAfter(REACH_PUBLISH_MS, nowMs, "no connect");
            case PeerClosed(String detail) -> move(State.CLOSED, nowMs, new Close(0, detail));
            case Broken(String detail) -> move(State.CLOSED, nowMs, new Close(0, detail));
            case CloseWish(String why) -> move(State.CLOSED, nowMs, new Close(0, why));
            case BytesReceived(long total) -> acknowledge(total);
            case Window(long bytes) -> resizeWindow(bytes);
            case Ping(int time) -> stay(new Send(new PingResponse(time)));
            case Nothing _, MoveWish _ -> stay();
            case Announce _, CreateStream _, Publish _, FcUnpublish _, EndStream _ ->
                refuse(input, nowMs);
            case CheckBandwidth _, HandshakeDone _, PublishAllowed _, PublishRefused _ ->
                refuse(input, nowMs);
          };
      case CONNECTED, STREAM_CREATED ->
          switch (input) {
            case Announce(double id) -> stay(new Send(ServerAnswers.heard(id)));
            case CreateStream(double id) -> createStream(id, nowMs);
            case Publish publish ->
                state == State.STREAM_CREATED ? publish(publish, nowMs) : refuse(input, nowMs);
            case FcUnpublish(double id) -> stay(new Send(ServerAnswers.heard(id)));
            case EndStream _ -> stay();
            case CheckBandwidth(double id) ->
                stay(new Send(ServerAnswers.result(id, AmfValue.of(0))));
            case Tick _ -> closeAfter(REACH_PUBLISH_MS, nowMs, "no publish");
            case PeerClosed(String detail) -> move(State.CLOSED, nowMs, new Close(0, detail));
            case Broken(String detail) -> move(State.CLOSED, nowMs, new Close(0, detail));
            case CloseWish(String why) -> move(State.CLOSED, nowMs, new Close(0, why));
            case BytesReceived(long total) -> acknowledge(total);
            case Window(long bytes) -> resizeWindow(bytes);
            case Ping(int time) -> stay(new Send(new PingResponse(time)));
            case Nothing _, MoveWish _ -> stay();
            case Connect _, HandshakeDone _, PublishAllowed _, PublishRefused _ ->
                refuse(input, nowMs);
          };
      case AUTHORISING ->
          switch (input) {
            case PublishAllowed _ -> beginPublish(nowMs);
            case PublishRefused(PublishRefusal refusal, String why) ->
                refusePublish(refusal, why, nowMs);
            case Tick _ ->
                nowMs - since < DECISION_MS
                    ? stay()
                    : refusePublish(
                        PublishRefusal.REJECTED, "The server could not decide in time.", nowMs);
            // The encoder has given up: an answer that comes now finds the connection closed.
            case FcUnpublish _, EndStream _ ->
                move(State.CLOSED, nowMs, new Close(0, "gave up before the answer"));
            case PeerClosed(String detail) -> move(State.CLOSED, nowMs, new Close(0, detail));
            case Broken(String detail) -> move(State.CLOSED, nowMs, new Close(0, detail));
            case CloseWish(String why) -> refusePublish(PublishRefusal.REJECTED, why, nowMs);
            case Announce(double id) -> stay(new Send(ServerAnswers.heard(id)));
            case CheckBandwidth(double id) ->
                stay(new Send(ServerAnswers.result(id, AmfValue.of(0))));
            case BytesReceived(long total) -> acknowledge(total);
            case Window(long bytes) -> resizeWindow(bytes);
            case Ping(int time) -> stay(new Send(new PingResponse(time)));
            case Nothing _, MoveWish _ -> stay();
            case Connect _, HandshakeDone _, CreateStream _, Publish _ -> refuse(input, nowMs);
          };
      case PUBLISHING ->
          switch (input) {
            case FcUnpublish(double id) ->
                move(
                    State.STREAM_CREATED,
                    nowMs,
                    new EndPublish(goodbye(), "FCUnpublish"),
                    new Send(ServerAnswers.fcUnpublished()),
                    new Send(ServerAnswers.heard(id)));
            case EndStream _ ->
                move(State.CONNECTED, nowMs, new EndPublish(goodbye(), "deleteStream"));
            case Tick _ ->
                nowMs - lastMediaMs < MEDIA_IDLE_MS
                    ? stay()
                    : endPublish(PublishEnd.SILENT, "no media for 15 s", nowMs);
            case PeerClosed(String detail) -> endPublish(PublishEnd.LOST, detail, nowMs);
            case Broken(String detail) -> endPublish(PublishEnd.LOST, detail, nowMs);
            case CloseWish(String why) ->
                move(
                    State.CLOSED,
                    nowMs,
                    new EndPublish(PublishEnd.CLOSED_BY_US, why),
                    new Send(ServerAnswers.unpublished(publishStreamId, why)),
                    new Close(LINGER_MS, why));
            case Announce(double id) -> stay(new Send(ServerAnswers.heard(id)));
            case CheckBandwidth(double id) ->
                stay(new Send(ServerAnswers.result(id, AmfValue.of(0))));
            case BytesReceived(long total) -> acknowledge(total);
            case Window(long bytes) -> resizeWindow(bytes);
            case Ping(int time) -> stay(new Send(new PingResponse(time)));
            case MoveWish(String why) -> askToMove(why);
            case Nothing _ -> stay();
            case Connect _, CreateStream _, Publish _, HandshakeDone _ -> refuse(input, nowMs);
            case PublishAllowed _, PublishRefused _ -> refuse(input, nowMs);
          };
      case CLOSED ->
          switch (input) {
            case PublishAllowed _ ->
                stay(new EndPublish(PublishEnd.LOST, "the encoder left before the answer"));
            case HandshakeDone _, Connect _, Announce _, CreateStream _, Publish _ -> stay();
            case FcUnpublish _, EndStream _, CheckBandwidth _, Ping _, Window _ -> stay();
            case Nothing _, BytesReceived _, PublishRefused _, CloseWish _, MoveWish _ -> stay();
            case Tick _, PeerClosed _, Broken _ -> stay();
          };
    };
  }

  private List<ServerEffect> connect(Connect connect, long nowMs) {
    if (!StreamKeyParser.firstSegment(connect.app()).equals(APP)) {
      // OBS does nothing with the error and would wait 30 s: close at once.
      String why = "Unknown application: the server URL ends in /" + APP + ".";
      return move(
          State.CLOSED,
          nowMs,
          new Send(ServerAnswers.connectRefused(connect.transactionId(), why)),
          new Close(0, why));
    }
    app = connect.app();
    tcUrl = connect.tcUrl();
    encoder = connect.encoder();
    canMove = connect.canMove();
    state = State.CONNECTED; // the 10 s to reach publish go on running
    return stay(
        new Send(new WindowAcknowledgementSize(WINDOW)),
        new Send(new SetPeerBandwidth(WINDOW, DYNAMIC)),
        new Send(new SetChunkSize(CHUNK_SIZE)),
        new Send(ServerAnswers.connected(connect.transactionId(), connect.namesEnhanced())));
  }

  private List<ServerEffect> createStream(double transactionId, long nowMs) {
    if (createdStreams == MAX_STREAMS) {
      return broken("more than " + MAX_STREAMS + " streams created", nowMs);
    }
    createdStreams++;
    state = State.STREAM_CREATED;
    return stay(new Send(ServerAnswers.result(transactionId, AmfValue.of(createdStreams))));
  }

  private List<ServerEffect> publish(Publish publish, long nowMs) {
    publishStreamId = publish.messageStreamId();
    PublishRequest request = StreamKeyParser.parse(app, tcUrl, publish.name(), encoder);
    if (request.key().isEmpty()) {
      return refusePublish(PublishRefusal.DENIED, "No stream key was given.", nowMs);
    }
    return move(State.AUTHORISING, nowMs, new Authorize(request));
  }

  private List<ServerEffect> beginPublish(long nowMs) {
    lastMediaMs = nowMs;
    return move(
        State.PUBLISHING,
        nowMs,
        new BeginPublish(),
        new Send(new StreamBegin(publishStreamId)),
        new Send(ServerAnswers.publishStarted(publishStreamId)));
  }

  /** Who has not said that it understands this is left alone. */
  private List<ServerEffect> askToMove(String why) {
    if (!canMove || askedToMove) {
      return stay();
    }
    askedToMove = true;
    return stay(new Send(ServerAnswers.reconnectRequested(why)));
  }

  /** Whoever leaves because it was asked to does not end the show. */
  private PublishEnd goodbye() {
    return askedToMove ? PublishEnd.CLOSED_BY_US : PublishEnd.UNPUBLISHED;
  }

  private List<ServerEffect> refusePublish(PublishRefusal refusal, String why, long nowMs) {
    return move(
        State.CLOSED,
        nowMs,
        new Send(ServerAnswers.publishRefused(publishStreamId, refusal, why)),
        new Close(LINGER_MS, why));
  }

  private List<ServerEffect> endPublish(PublishEnd end, String detail, long nowMs) {
    return move(State.CLOSED, nowMs, new EndPublish(end, detail), new Close(0, detail));
  }

  private List<ServerEffect> acknowledge(long total) {
    return acknowledgements.isDue(total)
        ? stay(new Send(new Acknowledgement(total & 0xFFFF_FFFFL)))
        : stay();
  }

  private List<ServerEffect> resizeWindow(long bytes) {
    acknowledgements.resize(bytes);
    return stay();
  }

  private List<ServerEffect> closeAfter(long ms, long nowMs, String what) {
    String detail = what + " within " + ms / 1000 + " s";
    return nowMs - since < ms ? stay() : move(State.CLOSED, nowMs, new Close(0, detail));
  }

  /** An input that has no place in this state. */
  private List<ServerEffect> refuse(ServerInput input, long nowMs) {
    return broken(input.getClass().getSimpleName() + " while " + state, nowMs);
  }

  private List<ServerEffect> broken(String detail, long nowMs) {
    return state == State.PUBLISHING
        ? endPublish(PublishEnd.LOST, detail, nowMs)
        : move(State.CLOSED, nowMs, new Close(0, detail));
  }

  private List<ServerEffect> move(State next, long nowMs, ServerEffect... effects) {
    state = next;
    since = nowMs;
    return List.of(effects);
  }

  private static List<ServerEffect> stay(ServerEffect... effects) {
    return List.of(effects);
  }
}
