package manycast.media.rtmp.message;

import java.util.List;
import manycast.media.amf.AmfValue;
import org.jspecify.annotations.Nullable;

/**
 * Every message but audio and video, which travel as buffers beside this set so that the hot path
 * makes nothing per frame.
 */
public sealed interface RtmpMessage {
  /** §5.4.1: the size that the sender's next chunks have. The chunk decoder obeys it by itself. */
  record SetChunkSize(int size) implements RtmpMessage {
    /** The top bit must be 0 and 0 makes no progress. */
    public SetChunkSize {
      if (size < 1) {
        throw new IllegalArgumentException("chunk size " + size + " is not in 1 to 2147483647");
      }
    }
  }

  /** §5.4.3: bytes received so far, modulo 2^32. */
  record Acknowledgement(long bytesReceived) implements RtmpMessage {}

  /** §5.4.4: how many bytes may be sent before an acknowledgement is due. */
  record WindowAcknowledgementSize(long bytes) implements RtmpMessage {}

  /** §5.4.5: the window that the peer should use; the limit type is 0 hard, 1 soft, 2 dynamic. */
  record SetPeerBandwidth(long bytes, int limitType) implements RtmpMessage {}

  /** §7.1.7 event 0. */
  record StreamBegin(int messageStreamId) implements RtmpMessage {}

  /** §7.1.7 event 6: to be answered at once with the same number. */
  record PingRequest(int time) implements RtmpMessage {}

  /** §7.1.7 event 7. */
  record PingResponse(int time) implements RtmpMessage {}

  /**
   * §7.1.1: a named command.
   *
   * @param messageStreamId 0 for NetConnection commands, else the NetStream's id
   * @param commandObject the value behind the transaction id, usually an object or null
   */
  record Command(
      String name,
      double transactionId,
      int messageStreamId,
      AmfValue commandObject,
      List<AmfValue> arguments)
      implements RtmpMessage {
    /** Keeps a copy of the arguments. */
    public Command {
      arguments = List.copyOf(arguments);
    }

    /** The argument at this place as text, or null when it is absent or something else. */
    public @Nullable String text(int index) {
      return index < arguments.size()
              && arguments.get(index) instanceof AmfValue.AmfString(String value)
          ? value
          : null;
    }

    /** The argument at this place as fields, or null when it is absent or something else. */
    public AmfValue.@Nullable Fields fields(int index) {
      return index < arguments.size() && arguments.get(index) instanceof AmfValue.Fields fields
          ? fields
          : null;
    }

    /** Name and transaction only: arguments hold stream keys. */
    @Override
    public String toString() {
      return "Command[" + name + ", transactionId=" + transactionId + "]";
    }
  }

  /**
   * §7.1.2: a data message such as {@code @setDataFrame, onMetaData, {…}}.
   *
   * @param values what could be read; OBS has sent {@code additionalMedia} whose tail is not AMF
   */
  record Data(int messageStreamId, long timestamp, String name, List<AmfValue> values)
      implements RtmpMessage {
    /** Keeps a copy of the values. */
    public Data {
      values = List.copyOf(values);
    }

    /**
     * The fields of {@code onMetaData}, with or without {@code @setDataFrame} before it, or null
     * when this is other data.
     */
    public AmfValue.@Nullable Fields metadata() {
      List<AmfValue> rest = values;
      String what = name;
      if (name.equals("@setDataFrame")
          && !values.isEmpty()
          && values.getFirst() instanceof AmfValue.AmfString(String inner)) {
        what = inner;
        rest = values.subList(1, values.size());
      }
      return what.equals("onMetaData")
              && !rest.isEmpty()
              && rest.getFirst() instanceof AmfValue.Fields fields
          ? fields
          : null;
    }
  }

  /** A message that is whole, legal and of no interest. */
  record Ignored(int type) implements RtmpMessage {}
}
