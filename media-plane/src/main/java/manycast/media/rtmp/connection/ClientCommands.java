package manycast.media.rtmp.connection;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import manycast.media.amf.AmfValue;
import manycast.media.amf.AmfValue.AmfObject;
import manycast.media.flv.FourCc;
import manycast.media.rtmp.message.RtmpMessage;
import manycast.media.rtmp.message.RtmpMessage.Command;

/** The commands that a publisher sends, as OBS does. */
final class ClientCommands {
  static final int CONNECT = 1;
  static final int RELEASE_STREAM = 2;
  static final int FC_PUBLISH = 3;
  static final int CREATE_STREAM = 4;
  static final int PUBLISH = 5;
  static final int FC_UNPUBLISH = 6;
  static final int DELETE_STREAM = 7;

  private ClientCommands() {}

  /** We can go where a server asks us to (ERTMP, capsEx). */
  private static final int CAPS_RECONNECT = 1;

  private static final int CAN_FORWARD = 4;

  /**
   * Exactly these fields in this order: further ones made a Chinese platform reset after publish.
   * Only whoever is sent Enhanced RTMP hears of it.
   */
  static RtmpMessage connect(ClientTarget target) {
    Map<String, AmfValue> fields = new LinkedHashMap<>();
    fields.put("app", AmfValue.of(target.appAsked()));
    fields.put("type", AmfValue.of("nonprivate"));
    fields.put("flashVer", AmfValue.of(target.flashVer()));
    fields.put("swfUrl", AmfValue.of(target.tcUrlAsked()));
    fields.put("tcUrl", AmfValue.of(target.tcUrlAsked()));
    if (!target.enhanced().isEmpty()) {
      putEnhanced(fields, target.enhanced());
    }
    return new Command("connect", CONNECT, 0, new AmfObject(fields), List.of());
  }

  private static void putEnhanced(Map<String, AmfValue> fields, List<FourCc> codecs) {
    List<AmfValue> names = new ArrayList<>();
    Map<String, AmfValue> video = new LinkedHashMap<>();
    Map<String, AmfValue> audio = new LinkedHashMap<>();
    for (FourCc codec : codecs) {
      String name = FourCc.text(codec.value());
      names.add(AmfValue.of(name));
      (codec.isVideo() ? video : audio).put(name, AmfValue.of(CAN_FORWARD));
    }
    fields.put("fourCcList", new AmfValue.AmfList(names));
    if (!video.isEmpty()) {
      fields.put("videoFourCcInfoMap", new AmfObject(video));
    }
    if (!audio.isEmpty()) {
      fields.put("audioFourCcInfoMap", new AmfObject(audio));
    }
    fields.put("capsEx", AmfValue.of(CAPS_RECONNECT));
  }

  static RtmpMessage releaseStream(ClientTarget target) {
    return ofConnection("releaseStream", RELEASE_STREAM, AmfValue.of(target.key()));
  }

  static RtmpMessage fcPublish(ClientTarget target) {
    return ofConnection("FCPublish", FC_PUBLISH, AmfValue.of(target.key()));
  }

  static RtmpMessage createStream() {
    return new Command("createStream", CREATE_STREAM, 0, AmfValue.NULL, List.of());
  }

  static RtmpMessage publish(ClientTarget target, int messageStreamId) {
    return new Command(
        "publish",
        PUBLISH,
        messageStreamId,
        AmfValue.NULL,
        List.of(AmfValue.of(target.key()), AmfValue.of("live")));
  }

  static RtmpMessage fcUnpublish(ClientTarget target) {
    return ofConnection("FCUnpublish", FC_UNPUBLISH, AmfValue.of(target.key()));
  }

  static RtmpMessage deleteStream(int messageStreamId) {
    return ofConnection("deleteStream", DELETE_STREAM, AmfValue.of(messageStreamId));
  }

  private static RtmpMessage ofConnection(String name, int transactionId, AmfValue argument) {
    return new Command(name, transactionId, 0, AmfValue.NULL, List.of(argument));
  }
}
