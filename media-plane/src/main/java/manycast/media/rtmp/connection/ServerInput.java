package manycast.media.rtmp.connection;

import java.util.Collections;
import java.util.Set;
import manycast.media.amf.AmfValue;
import manycast.media.rtmp.message.RtmpMessage;
import manycast.media.rtmp.message.RtmpMessage.Acknowledgement;
import manycast.media.rtmp.message.RtmpMessage.Command;
import manycast.media.rtmp.message.RtmpMessage.Data;
import manycast.media.rtmp.message.RtmpMessage.Ignored;
import manycast.media.rtmp.message.RtmpMessage.PingRequest;
import manycast.media.rtmp.message.RtmpMessage.PingResponse;
import manycast.media.rtmp.message.RtmpMessage.SetChunkSize;
import manycast.media.rtmp.message.RtmpMessage.SetPeerBandwidth;
import manycast.media.rtmp.message.RtmpMessage.StreamBegin;
import manycast.media.rtmp.message.RtmpMessage.WindowAcknowledgementSize;

/** Everything that can happen to a publisher's connection, media aside. */
public sealed interface ServerInput {
  /** Each says that the encoder knows Enhanced RTMP (ERTMP, connect). */
  Set<String> ENHANCED_FIELDS =
      Set.of("fourCcList", "videoFourCcInfoMap", "audioFourCcInfoMap", "capsEx");

  /** The bit of {@code capsEx} that says a reconnect request is understood (ERTMP, connect). */
  int CAPS_RECONNECT = 1;

  /** C2 was read. */
  record HandshakeDone() implements ServerInput {}

  /**
   * {@code connect}.
   *
   * @param app the application with its query, which may hold a stream key
   * @param tcUrl the whole URL, may be empty
   * @param encoder {@code flashVer} without control characters, may be empty
   * @param namesEnhanced whether it names what it can of Enhanced RTMP
   * @param canMove whether it goes elsewhere when it is asked to (ERTMP, capsEx)
   */
  record Connect(
      double transactionId,
      String app,
      String tcUrl,
      String encoder,
      boolean namesEnhanced,
      boolean canMove)
      implements ServerInput {
    /** Without the URL. */
    @Override
    public String toString() {
      return "Connect[]";
    }
  }

  /**
   * {@code releaseStream} or {@code FCPublish}: harmless, but some firmware waits for the answer.
   */
  record Announce(double transactionId) implements ServerInput {}

  /** {@code createStream}. */
  record CreateStream(double transactionId) implements ServerInput {}

  /** {@code publish}; its name is a stream key. */
  record Publish(int messageStreamId, String name) implements ServerInput {
    /** Without the key. */
    @Override
    public String toString() {
      return "Publish[]";
    }
  }

  /** {@code FCUnpublish}: the encoder says goodbye. */
  record FcUnpublish(double transactionId) implements ServerInput {}

  /** {@code deleteStream} or {@code closeStream}. */
  record EndStream() implements ServerInput {}

  /** {@code _checkbw}, which OBS sends to servers that say onBWDone. */
  record CheckBandwidth(double transactionId) implements ServerInput {}

  /** The peer wants its number back. */
  record Ping(int time) implements ServerInput {}

  /** The peer wants an acknowledgement at least every so many bytes. */
  record Window(long bytes) implements ServerInput {}

  /** A message that asks for nothing. */
  record Nothing() implements ServerInput {}

  /** So many bytes of chunks have been received in all. */
  record BytesReceived(long total) implements ServerInput {}

  /** The gate let the encoder in. */
  record PublishAllowed() implements ServerInput {}

  /** The gate said no. */
  record PublishRefused(PublishRefusal refusal, String description) implements ServerInput {}

  /** This node wants the connection to end. */
  record CloseWish(String description) implements ServerInput {}

  /** This node wants a running publish to go on elsewhere. */
  record MoveWish(String description) implements ServerInput {}

  /** Time has passed. */
  record Tick() implements ServerInput {}

  /** The socket has ended. */
  record PeerClosed(String detail) implements ServerInput {}

  /** The peer's bytes could not be understood. */
  record Broken(String detail) implements ServerInput {}

  /** What a message means to a publisher's connection. */
  static ServerInput of(RtmpMessage message) {
    return switch (message) {
      case Command command -> ofCommand(command);
      case PingRequest(int time) -> new Ping(time);
      case WindowAcknowledgementSize(long bytes) -> new Window(bytes);
      case SetChunkSize _,
          Acknowledgement _,
          SetPeerBandwidth _,
          StreamBegin _,
          PingResponse _,
          Data _,
          Ignored _ ->
          new Nothing();
    };
  }

  private static boolean namesEnhanced(Command command) {
    return command.commandObject() instanceof AmfValue.Fields said
        && !Collections.disjoint(said.fields().keySet(), ENHANCED_FIELDS);
  }

  private static boolean canMove(Command command) {
    Double can =
        command.commandObject() instanceof AmfValue.Fields said ? said.number("capsEx") : null;
    return can != null && (can.intValue() & CAPS_RECONNECT) != 0;
  }

  private static ServerInput ofCommand(Command command) {
    double transactionId = command.transactionId();
    return switch (command.name()) {
      case "connect" ->
          new Connect(
              transactionId,
              field(command, "app"),
              field(command, "tcUrl"),
              PeerWords.of(field(command, "flashVer")),
              namesEnhanced(command),
              canMove(command));
      case "releaseStream", "FCPublish" -> new Announce(transactionId);
      case "createStream" -> new CreateStream(transactionId);
      case "publish" -> {
        String name = command.text(0);
        yield new Publish(command.messageStreamId(), name == null ? "" : name);
      }
      case "FCUnpublish" -> new FcUnpublish(transactionId);
      case "deleteStream", "closeStream" -> new EndStream();
      case "_checkbw" -> new CheckBandwidth(transactionId);
      default -> new Nothing();
    };
  }

  private static String field(Command command, String name) {
    String text =
        command.commandObject() instanceof AmfValue.Fields fields ? fields.text(name) : null;
    return text == null ? "" : text;
  }
}
