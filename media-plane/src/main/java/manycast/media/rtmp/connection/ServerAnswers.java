package manycast.media.rtmp.connection;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import manycast.media.amf.AmfValue;
import manycast.media.amf.AmfValue.AmfObject;
import manycast.media.rtmp.message.RtmpMessage;
import manycast.media.rtmp.message.RtmpMessage.Command;

/** The commands that a server answers with, field by field as encoders expect them. */
final class ServerAnswers {
  private static final int CAN_FORWARD = 4;
  private static final int CAPS_MULTITRACK = 2;
  private static final int CAPS_MOD_EX = 4;

  private ServerAnswers() {}

  /**
   * GStreamer insists on {@code code} in the second object, gortmplib on {@code level}.
   *
   * @param enhanced whether to name what is taken of Enhanced RTMP; small clients cannot read its
   *     strict array, so only those that named something themselves are told
   */
  static RtmpMessage connected(double transactionId, boolean enhanced) {
    Map<String, AmfValue> properties = new LinkedHashMap<>();
    properties.put("fmsVer", AmfValue.of("FMS/3,0,1,123"));
    properties.put("capabilities", AmfValue.of(31));
    if (enhanced) {
      putEnhancedCapabilities(properties);
    }
    Map<String, AmfValue> info =
        status("status", "NetConnection.Connect.Success", "Connection succeeded.");
    info.put("objectEncoding", AmfValue.of(0));
    if (enhanced) {
      putEnhancedCapabilities(info);
    }
    return new Command(
        "_result", transactionId, 0, new AmfObject(properties), List.of(new AmfObject(info)));
  }

  /** What of Enhanced RTMP is taken (ERTMP, connect): readers look for it in either object. */
  private static void putEnhancedCapabilities(Map<String, AmfValue> fields) {
    AmfValue everyCodec = new AmfObject(Map.of("*", AmfValue.of(CAN_FORWARD)));
    fields.put("fourCcList", new AmfValue.AmfList(List.of(AmfValue.of("*"))));
    fields.put("videoFourCcInfoMap", everyCodec);
    fields.put("audioFourCcInfoMap", everyCodec);
    fields.put("capsEx", AmfValue.of(ServerInput.CAPS_RECONNECT | CAPS_MULTITRACK | CAPS_MOD_EX));
  }

  static RtmpMessage connectRefused(double transactionId, String description) {
    return new Command(
        "_error",
        transactionId,
        0,
        AmfValue.NULL,
        List.of(new AmfObject(status("error", "NetConnection.Connect.Rejected", description))));
  }

  /** An answer that says only that the command was heard. */
  static RtmpMessage heard(double transactionId) {
    return result(transactionId, AmfValue.UNDEFINED);
  }

  static RtmpMessage result(double transactionId, AmfValue value) {
    return new Command("_result", transactionId, 0, AmfValue.NULL, List.of(value));
  }

  /** GStreamer matches it by its message stream id. */
  static RtmpMessage publishStarted(int messageStreamId) {
    return onStatus(
        messageStreamId, "status", "NetStream.Publish.Start", "The stream is being published.");
  }

  /**
   * Asks the encoder to connect anew, to the same URL since none is named; it goes on publishing
   * until it has (ERTMP, reconnect request).
   */
  static RtmpMessage reconnectRequested(String description) {
    return onStatus(0, "status", "NetConnection.Connect.ReconnectRequest", description);
  }

  static RtmpMessage publishRefused(
      int messageStreamId, PublishRefusal refusal, String description) {
    return onStatus(messageStreamId, "error", refusal.code(), description);
  }

  static RtmpMessage unpublished(int messageStreamId, String description) {
    return onStatus(messageStreamId, "status", "NetStream.Unpublish.Success", description);
  }

  static RtmpMessage fcUnpublished() {
    return new Command(
        "onFCUnpublish",
        0,
        0,
        AmfValue.NULL,
        List.of(
            new AmfObject(
                status("status", "NetStream.Unpublish.Success", "The stream has ended."))));
  }

  private static RtmpMessage onStatus(
      int messageStreamId, String level, String code, String description) {
    return new Command(
        "onStatus",
        0,
        messageStreamId,
        AmfValue.NULL,
        List.of(new AmfObject(status(level, code, description))));
  }

  private static Map<String, AmfValue> status(String level, String code, String description) {
    Map<String, AmfValue> fields = new LinkedHashMap<>();
    fields.put("level", AmfValue.of(level));
    fields.put("code", AmfValue.of(code));
    fields.put("description", AmfValue.of(description));
    return fields;
  }
}
