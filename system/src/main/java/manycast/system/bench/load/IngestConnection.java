package manycast.system.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import manycast.launcher.rtmp.Amf0;
import manycast.system.bench.kernel.NativeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of a publisher's connection, as a platform would hold it. Knows no socket: it
 * is given what arrived, and fills {@link #replies}.
 */
final class IngestConnection implements ChunkReader.Listener {
  private static final int WINDOW = 2_500_000;
  private static final int CHUNK_SIZE = 4096;
  private static final int DYNAMIC = 2;
  private static final int PING_REQUEST = 6;
  private static final int PING_RESPONSE = 7;
  private static final int MESSAGE_STREAM_ID = 1;

  private final NativeBuffer replies = new NativeBuffer(8192);
  private final ChunkWriter writer = new ChunkWriter(replies);
  private final Handshake handshake = new Handshake();
  private final ChunkReader reader;
  private final Media media;
  private boolean greeted;
  private boolean shaken;
  private boolean publishing;
  private long acknowledged;
  private String app = "";
  private String key = "";

  /** Whoever media are for. */
  @FunctionalInterface
  interface Media {
    void on(ChunkStream message) throws IOException;
  }

  /**
   * @param checked whether CRCs of media are computed
   */
  IngestConnection(boolean checked, Media media) {
    this.reader = new ChunkReader(checked, this);
    this.media = media;
  }

  /** What is to be sent to the publisher. */
  NativeBuffer replies() {
    return replies;
  }

  /** Whether it was told that it may publish, and has not said goodbye. */
  boolean isPublishing() {
    return publishing;
  }

  String app() {
    return app;
  }

  String key() {
    return key;
  }

  /** The publisher's chunk size. */
  int chunkSize() {
    return reader.chunkSize();
  }

  /** Takes all that has arrived. */
  void receive(ByteBuffer in) throws IOException {
    if (!shaken && !shake(in)) {
      return;
    }
    reader.read(in);
    if (reader.bytes() - acknowledged > WINDOW / 2) {
      acknowledged = reader.bytes();
      writer.control(ChunkWriter.ACKNOWLEDGEMENT, number((int) acknowledged));
    }
  }

  private boolean shake(ByteBuffer in) {
    if (!greeted) {
      if (!handshake.takeFirst(in)) {
        return false;
      }
      greeted = true;
      Handshake.putFirst(replies);
      handshake.putEcho(replies);
    }
    shaken = handshake.takeEcho(in);
    return shaken;
  }

  @Override
  public void onMedia(ChunkStream message) throws IOException {
    media.on(message);
  }

  @Override
  public void onMessage(ChunkStream message) throws IOException {
    switch (message.type) {
      case ChunkWriter.COMMAND -> onCommand(message);
      case ChunkWriter.USER_CONTROL -> onUserControl(ByteBuffer.wrap(message.body()));
      default -> {
        // Metadata, acknowledgements and windows ask for nothing.
      }
    }
  }

  private void onUserControl(ByteBuffer event) {
    if (event.remaining() == 6 && event.getShort(0) == PING_REQUEST) {
      writer.control(
          ChunkWriter.USER_CONTROL,
          ByteBuffer.allocate(6).putShort((short) PING_RESPONSE).putInt(event.getInt(2)).array());
    }
  }

  private void onCommand(ChunkStream message) throws IOException {
    List<@Nullable Object> values = Amf0.read(message.body());
    if (values.size() < 2 || !(values.get(1) instanceof Double transaction)) {
      throw new IOException("a command without a transaction");
    }
    switch (String.valueOf(values.getFirst())) {
      case "connect" -> onConnect(values, transaction);
      case "createStream" -> writer.command(0, "_result", transaction, null, MESSAGE_STREAM_ID);
      case "releaseStream", "FCPublish", "_checkbw" ->
          writer.command(0, "_result", transaction, null, null);
      case "publish" -> onPublish(values, message.messageStreamId);
      case "FCUnpublish", "deleteStream", "closeStream" -> publishing = false;
      default -> {
        // Whatever else a publisher says needs no answer.
      }
    }
  }

  private void onConnect(List<@Nullable Object> values, double transaction) {
    if (values.size() > 2 && values.get(2) instanceof Map<?, ?> wishes) {
      app = String.valueOf(wishes.get("app"));
    }
    writer.control(ChunkWriter.WINDOW_SIZE, number(WINDOW));
    writer.control(
        ChunkWriter.PEER_BANDWIDTH,
        ByteBuffer.allocate(5).putInt(WINDOW).put((byte) DYNAMIC).array());
    writer.announceChunkSize(CHUNK_SIZE);
    Map<String, Object> server = new LinkedHashMap<>();
    server.put("fmsVer", "FMS/3,5,7,7009");
    server.put("capabilities", 31);
    Map<String, Object> status = status("NetConnection.Connect.Success", "Connection succeeded.");
    status.put("objectEncoding", 0);
    writer.command(0, "_result", transaction, server, status);
  }

  private void onPublish(List<@Nullable Object> values, int messageStreamId) {
    key = values.size() > 3 ? String.valueOf(values.get(3)) : "";
    publishing = true;
    writer.control(
        ChunkWriter.USER_CONTROL, ByteBuffer.allocate(6).putInt(2, messageStreamId).array());
    writer.command(
        messageStreamId,
        "onStatus",
        0,
        null,
        status("NetStream.Publish.Start", "Start publishing."));
  }

  private static Map<String, Object> status(String code, String description) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("level", "status");
    status.put("code", code);
    status.put("description", description);
    return status;
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }
}
