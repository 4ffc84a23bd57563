package manycast.launcher.rtmp;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection that somebody publishes on, as a platform takes it, by the letter: every step in its
 * order, everything after {@code publish} on the message stream that was created. Blocking.
 */
public final class Receiver {
  private static final int SILENCE_MILLIS = 60_000;
  private static final int WINDOW = 2_500_000;
  private static final int CHUNK_SIZE = 4096;
  private static final int MESSAGE_STREAM_ID = 1;
  private static final int PING_RESPONSE_BYTES = 6;

  private final Socket socket;
  private final Listener listener;
  private final ChunkWriter writer;
  private @Nullable ChunkReader reader;
  private long acknowledged;
  private boolean created;
  private boolean publishing;

  /** Who is told what arrives. */
  public interface Listener {
    /**
     * A publish begins.
     *
     * @return why it is refused, or null when it may
     */
    @Nullable String onPublish(String app, String streamKey);

    /** A media or data message of the accepted publish. */
    void onMessage(Message message) throws RtmpException;

    /** The publisher said that it ends. */
    void onGoodbye();
  }

  /**
   * @param socket closed by whoever made it
   */
  public Receiver(Socket socket, Listener listener) throws IOException {
    this.socket = socket;
    this.listener = listener;
    this.writer = new ChunkWriter(socket.getOutputStream());
  }

  /** Bytes of RTMP received after the handshake. */
  public long bytesReceived() {
    ChunkReader current = reader;
    return current == null ? 0 : current.bytesRead();
  }

  /**
   * Serves the connection until it ends.
   *
   * @throws java.io.EOFException when the peer closed it
   * @throws RtmpException when the peer departs from the specification
   */
  public void run() throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(SILENCE_MILLIS);
    InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    Handshake.asServer(in, socket.getOutputStream());
    ChunkReader chunks = new ChunkReader(in);
    reader = chunks;
    String app = awaitConnect(chunks);
    while (true) {
      on(chunks.next(), app);
      if (chunks.bytesRead() - acknowledged > WINDOW / 2) {
        acknowledged = chunks.bytesRead();
        writer.write(Message.control(MessageType.ACKNOWLEDGEMENT, (int) acknowledged));
      }
    }
  }

  private String awaitConnect(ChunkReader chunks) throws IOException {
    Message first = chunks.next();
    if (first.type() != MessageType.COMMAND) {
      throw new RtmpException("%s before connect (§7.2.1.1)".formatted(first.type()));
    }
    Command connect = Command.of(first);
    if (!connect.name().equals("connect")
        || connect.transaction() != 1
        || !(connect.object() instanceof Map<?, ?> wishes)
        || !(wishes.get("app") instanceof String app)
        || !(wishes.get("tcUrl") instanceof String)) {
      throw new RtmpException("connect comes first, with transaction 1, app and tcUrl (§7.2.1.1)");
    }
    writer.write(Message.control(MessageType.WINDOW_ACKNOWLEDGEMENT_SIZE, WINDOW));
    byte[] bandwidth = ByteBuffer.allocate(5).putInt(WINDOW).put((byte) 2).array();
    writer.write(new Message(2, 0, MessageType.SET_PEER_BANDWIDTH, 0, bandwidth));
    writer.announceChunkSize(CHUNK_SIZE);
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("fmsVer", "FMS/3,0,1,123");
    properties.put("capabilities", 31);
    Map<String, Object> info = status("NetConnection.Connect.Success", "Connection succeeded.");
    info.put("objectEncoding", 0);
    answer(0, "_result", 1, properties, info);
    return app;
  }

  private void on(Message message, String app) throws IOException {
    switch (message.type()) {
      case COMMAND -> on(Command.of(message), message.messageStreamId(), app);
      case AUDIO, VIDEO, DATA -> onMedia(message);
      case USER_CONTROL -> {
        if (message.body().length < PING_RESPONSE_BYTES) {
          throw new RtmpException(
              "user control of %d bytes (§7.1.7)".formatted(message.body().length));
        }
      }
      case SET_CHUNK_SIZE,
          ABORT,
          ACKNOWLEDGEMENT,
          WINDOW_ACKNOWLEDGEMENT_SIZE,
          SET_PEER_BANDWIDTH -> {
        // The reader applied what concerns it; we send too little for the rest to matter.
      }
    }
  }

  private void onMedia(Message message) throws RtmpException {
    if (!publishing || message.messageStreamId() != MESSAGE_STREAM_ID) {
      throw new RtmpException(
          "%s on message stream %d, %s publish (§7.2.2.6)"
              .formatted(
                  message.type(), message.messageStreamId(), publishing ? "after" : "before"));
    }
    listener.onMessage(message);
  }

  private void on(Command command, int streamId, String app) throws IOException {
    switch (command.name()) {
      case "releaseStream", "FCPublish" -> answer(0, "_result", command.transaction(), null, null);
      case "createStream" -> {
        created = true;
        answer(0, "_result", command.transaction(), null, MESSAGE_STREAM_ID);
      }
      case "publish" -> onPublish(command, streamId, app);
      case "FCUnpublish" -> listener.onGoodbye();
      case "deleteStream", "closeStream" -> {
        publishing = false;
        created = false;
      }
      default ->
          throw new RtmpException("command %s is not a publisher's".formatted(command.name()));
    }
  }

  private void onPublish(Command command, int streamId, String app) throws IOException {
    if (!created || publishing || streamId != MESSAGE_STREAM_ID) {
      throw new RtmpException(
          "publish on message stream %d: one that was created and is not published (§7.2.2.6)"
              .formatted(streamId));
    }
    String key = command.string(0);
    if (!command.string(1).equals("live")) {
      throw new RtmpException(
          "publish as \"%s\": live is asked for (§7.2.2.6)".formatted(command.string(1)));
    }
    String refusal = listener.onPublish(app, key);
    if (refusal != null) {
      Map<String, Object> info = status("NetStream.Publish.Denied", refusal);
      info.put("level", "error");
      answer(MESSAGE_STREAM_ID, "onStatus", 0, null, info);
      throw new IOException("refused: " + refusal);
    }
    publishing = true;
    byte[] begin = ByteBuffer.allocate(6).putInt(2, MESSAGE_STREAM_ID).array();
    writer.write(new Message(2, 0, MessageType.USER_CONTROL, 0, begin));
    answer(
        MESSAGE_STREAM_ID, "onStatus", 0, null, status("NetStream.Publish.Start", "Publishing."));
  }

  private static Map<String, Object> status(String code, String description) {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("level", "status");
    info.put("code", code);
    info.put("description", description);
    return info;
  }

  private void answer(int streamId, @Nullable Object... values) throws IOException {
    writer.write(
        new Message(streamId == 0 ? 3 : 5, streamId, MessageType.COMMAND, 0, Amf0.write(values)));
  }
}
