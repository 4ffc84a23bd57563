package manycast.launcher.rtmp;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection that publishes, speaking as OBS does: the same commands in the same order, all media
 * on chunk stream 4. Blocking; a thread of its own reads what the server says.
 */
public final class Publisher implements Closeable {
  private static final int CONNECT_MILLIS = 5000;
  private static final int SILENCE_MILLIS = 30_000;
  private static final int CHUNK_SIZE = 4096;
  private static final int DEFAULT_PORT = 1935;
  private static final int COMMANDS = 3;
  private static final int MEDIA = 4;
  private static final int PING_REQUEST = 6;
  private static final int PING_RESPONSE = 7;
  private static final String FLASH_VERSION = "FMLE/3.0 (compatible; FMSc/1.0)";

  private final Socket socket;
  private final ChunkReader reader;
  private final ChunkWriter writer;
  private final String streamKey;
  private int messageStreamId;
  private volatile @Nullable IOException ended;

  /**
   * Connects and publishes; returns when the server has said that media may begin.
   *
   * @param server such as {@code rtmp://host:1935/live}
   * @throws IOException also when the server refuses, with its words
   */
  public Publisher(URI server, String streamKey) throws IOException {
    this.streamKey = streamKey;
    this.socket = new Socket();
    try {
      int port = server.getPort() < 0 ? DEFAULT_PORT : server.getPort();
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(SILENCE_MILLIS);
      socket.connect(new InetSocketAddress(server.getHost(), port), CONNECT_MILLIS);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      Handshake.asClient(in, socket.getOutputStream());
      this.reader = new ChunkReader(in);
      this.writer = new ChunkWriter(socket.getOutputStream());
      open(server);
      // A server that has nothing to say to a publisher says nothing.
      socket.setSoTimeout(0);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
    Thread.ofVirtual().name("publisher-reads").start(this::readOn);
  }

  private void open(URI server) throws IOException {
    writer.announceChunkSize(CHUNK_SIZE);
    String path = server.getRawPath();
    String app = path.startsWith("/") ? path.substring(1) : path;
    Map<String, Object> connect = new LinkedHashMap<>();
    connect.put("app", server.getRawQuery() == null ? app : app + "?" + server.getRawQuery());
    connect.put("type", "nonprivate");
    connect.put("flashVer", FLASH_VERSION);
    connect.put("swfUrl", server.toString());
    connect.put("tcUrl", server.toString());
    command(COMMANDS, 0, "connect", 1, connect);
    result(1);
    command(COMMANDS, 0, "releaseStream", 2, null, streamKey);
    command(COMMANDS, 0, "FCPublish", 3, null, streamKey);
    command(COMMANDS, 0, "createStream", 4, null);
    Command created = result(4);
    if (created.arguments().isEmpty() || !(created.arguments().getFirst() instanceof Double id)) {
      throw new RtmpException("createStream was answered without a message stream id (§7.2.1.3)");
    }
    messageStreamId = id.intValue();
    command(MEDIA, messageStreamId, "publish", 5, null, streamKey, "live");
    while (true) {
      Command status = nextCommand();
      if (status.name().equals("onStatus")) {
        if (!status.status().startsWith("NetStream.Publish.Start ")) {
          throw new IOException("publish was refused: " + status.status());
        }
        return;
      }
    }
  }

  private void command(int chunkStreamId, int streamId, @Nullable Object... values)
      throws IOException {
    writer.write(new Message(chunkStreamId, streamId, MessageType.COMMAND, 0, Amf0.write(values)));
  }

  private Command result(double transaction) throws IOException {
    while (true) {
      Command answer = nextCommand();
      if (answer.transaction() == transaction) {
        if (answer.name().equals("_error")) {
          throw new IOException("the server answered with an error: " + answer.status());
        }
        return answer;
      }
    }
  }

  private Command nextCommand() throws IOException {
    while (true) {
      Message message = reader.next();
      if (message.type() == MessageType.COMMAND) {
        return Command.of(message);
      }
      answerPing(message);
    }
  }

  private void answerPing(Message message) throws IOException {
    if (message.type() == MessageType.USER_CONTROL && message.body().length == 6) {
      ByteBuffer event = ByteBuffer.wrap(message.body());
      if (event.getShort() == PING_REQUEST) {
        byte[] answer =
            ByteBuffer.allocate(6).putShort((short) PING_RESPONSE).putInt(event.getInt()).array();
        writer.write(new Message(2, 0, MessageType.USER_CONTROL, 0, answer));
      }
    }
  }

  private void readOn() {
    try {
      while (true) {
        Message message = reader.next();
        if (message.type() == MessageType.COMMAND) {
          Command command = Command.of(message);
          if (command.status().startsWith("NetStream.Publish.")
              && !command.status().startsWith("NetStream.Publish.Start ")) {
            throw new IOException("the server said: " + command.status());
          }
        }
        answerPing(message);
      }
    } catch (IOException e) {
      ended = e;
      closeSocket();
    }
  }

  /**
   * Sends a media or data message at this time.
   *
   * @throws IOException also when the server has closed the connection meanwhile
   */
  public void send(MessageType type, long timestampMs, byte[] body) throws IOException {
    IOException end = ended;
    if (end != null) {
      throw new IOException("the connection ended: " + end.getMessage(), end);
    }
    writer.write(new Message(MEDIA, messageStreamId, type, timestampMs, body));
  }

  /** Says goodbye as an encoder does whose user pressed stop, and closes. */
  public void stop() throws IOException {
    try (this) {
      command(COMMANDS, 0, "FCUnpublish", 6, null, streamKey);
      command(COMMANDS, 0, "deleteStream", 7, null, messageStreamId);
    }
  }

  /** Closes without a goodbye: the encoder is lost. */
  @Override
  public void close() {
    closeSocket();
  }

  private void closeSocket() {
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      // Nothing is left to give back.
    }
  }
}
