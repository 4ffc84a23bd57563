package manycast.system.bench.load;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import manycast.launcher.rtmp.Amf0;
import manycast.system.bench.kernel.NativeBuffer;
import manycast.system.bench.kernel.Sockets;
import org.jspecify.annotations.Nullable;

/**
 * A publisher's side of a connection to a port of this machine: connects and publishes, waiting for
 * each answer. Afterwards whoever made it sends media, and hands over what arrives.
 */
final class PublishConnection implements ChunkReader.Listener {
  private static final int PING_REQUEST = 6;
  private static final int PING_RESPONSE = 7;
  private static final MemorySegment BLOCK = Arena.global().allocate(65_536);

  private final int fd;
  private final String key;
  private final NativeBuffer out;
  private final ChunkWriter writer;
  private final ChunkReader reader = new ChunkReader(false, this);
  private double answered;
  private int messageStreamId;
  private boolean allowed;
  private @Nullable String refusal;

  private PublishConnection(int fd, String key, NativeBuffer out) {
    this.fd = fd;
    this.key = key;
    this.out = out;
    this.writer = new ChunkWriter(out);
  }

  /** Where to publish. */
  record Address(int port, String app, String key) {
    /** Reads {@code rtmp://127.0.0.1:PORT/APP/KEY}; {@code %d} stands for the index. */
    static Address parse(String url, int index) {
      URI uri = URI.create(url.replace("%d", Integer.toString(index)));
      String path = uri.getPath().substring(1);
      int slash = path.lastIndexOf('/');
      return new Address(uri.getPort(), path.substring(0, slash), path.substring(slash + 1));
    }
  }

  /**
   * Publishes; returns when media may begin.
   *
   * @throws IOException when the server refuses or goes away
   */
  static PublishConnection open(Address address, int chunkSize) throws IOException {
    int fd = Sockets.connect(address.port);
    PublishConnection connection =
        new PublishConnection(fd, address.key, new NativeBuffer(1 << 17));
    try {
      connection.shake();
      connection.publish(address, chunkSize);
      return connection;
    } catch (IOException e) {
      Sockets.close(fd);
      throw e;
    }
  }

  private void shake() throws IOException {
    Handshake handshake = new Handshake();
    Handshake.putFirst(out);
    flush();
    ByteBuffer in = receive();
    while (!handshake.takeFirst(in)) {
      in = receive();
    }
    handshake.putEcho(out);
    flush();
    while (!handshake.takeEcho(in)) {
      in = receive();
    }
    reader.read(in);
  }

  private void publish(Address address, int chunkSize) throws IOException {
    String server = "rtmp://127.0.0.1:%d/%s".formatted(address.port, address.app);
    Map<String, Object> connect = new LinkedHashMap<>();
    connect.put("app", address.app);
    connect.put("type", "nonprivate");
    connect.put("flashVer", "FMLE/3.0 (compatible; bench)");
    connect.put("swfUrl", server);
    connect.put("tcUrl", server);
    writer.command(0, "connect", 1, connect);
    awaitAnswer(1);
    writer.announceChunkSize(chunkSize);
    writer.command(0, "releaseStream", 2, null, key);
    writer.command(0, "FCPublish", 3, null, key);
    writer.command(0, "createStream", 4, null);
    awaitAnswer(4);
    writer.command(messageStreamId, "publish", 5, null, key, "live");
    flush();
    while (!allowed) {
      more();
    }
  }

  private void awaitAnswer(int transaction) throws IOException {
    flush();
    while (answered < transaction) {
      more();
    }
  }

  private void more() throws IOException {
    reader.read(receive());
    if (refusal != null) {
      throw new IOException(refusal);
    }
  }

  private void flush() throws IOException {
    Sockets.sendAll(fd, out.bytes());
    out.clear();
  }

  private ByteBuffer receive() throws IOException {
    return BLOCK.asSlice(0, Sockets.receiveSome(fd, BLOCK)).asByteBuffer();
  }

  int fd() {
    return fd;
  }

  /** What waits to be sent. */
  NativeBuffer out() {
    return out;
  }

  void media(int chunkStreamId, int type, long timeMs, byte[] body, byte[] appended) {
    writer.media(chunkStreamId, messageStreamId, type, timeMs, body, appended);
  }

  /** Takes what arrived while media are sent. */
  void receive(ByteBuffer in) throws IOException {
    reader.read(in);
    if (refusal != null) {
      throw new IOException(refusal);
    }
  }

  /** Puts an encoder's goodbye behind what waits to be sent. */
  void sayGoodbye() {
    writer.command(0, "FCUnpublish", 6, null, key);
    writer.command(0, "deleteStream", 7, null, messageStreamId);
  }

  @Override
  public void onMedia(ChunkStream message) {
    // A server has no media for a publisher.
  }

  @Override
  public void onMessage(ChunkStream message) throws IOException {
    if (message.type == ChunkWriter.USER_CONTROL) {
      ByteBuffer event = ByteBuffer.wrap(message.body());
      if (event.remaining() == 6 && event.getShort(0) == PING_REQUEST) {
        writer.control(
            ChunkWriter.USER_CONTROL,
            ByteBuffer.allocate(6).putShort((short) PING_RESPONSE).putInt(event.getInt(2)).array());
      }
    } else if (message.type == ChunkWriter.COMMAND) {
      onCommand(Amf0.read(message.body()));
    }
  }

  private void onCommand(List<@Nullable Object> values) {
    String name = String.valueOf(values.getFirst());
    if (name.equals("_result") && values.get(1) instanceof Double transaction) {
      answered = transaction;
      if (values.getLast() instanceof Double id) {
        messageStreamId = id.intValue();
      }
    } else if (name.equals("_error")) {
      // nginx answers releaseStream and FCPublish so.
      refusal = values.get(1) instanceof Double transaction && transaction == 1 ? "refused" : null;
    } else if (name.equals("onStatus") && values.getLast() instanceof Map<?, ?> status) {
      String code = String.valueOf(status.get("code"));
      if (code.equals("NetStream.Publish.Start")) {
        allowed = true;
      } else if (code.startsWith("NetStream.Publish.")) {
        refusal = code + " " + status.get("description");
      }
    }
  }
}
