package manycast.media.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import manycast.media.testing.RtmpSink.Amf;
import manycast.media.testing.StrictChunkReader.Message;

/**
 * A publisher of tests on a plain socket, which speaks as OBS does and sends just the tags that it
 * is told to.
 */
public final class Encoder implements AutoCloseable {
  private static final int CHUNK_SIZE = 4096;

  private final Socket socket;
  private final OutputStream out;
  private final StrictChunkReader chunks;
  private final String key;

  private Encoder(Socket socket, String key) throws IOException {
    this.socket = socket;
    this.key = key;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(15_000);
    this.out = socket.getOutputStream();
    DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out.write(new byte[] {3});
    out.write(new byte[1536]);
    byte[] answer = new byte[1 + 1536 * 2];
    in.readFully(answer);
    out.write(answer, 1, 1536);
    this.chunks = new StrictChunkReader(in);
  }

  /** Connects and asks to publish; {@link #answer} tells how that went. */
  public static Encoder publish(int port, String key) throws IOException {
    return publish(new Socket(InetAddress.getLoopbackAddress(), port), key);
  }

  /** Asks to publish over this socket, which may be one of TLS. */
  public static Encoder publish(Socket socket, String key) throws IOException {
    return publish(socket, key, Map.of());
  }

  /** Publishes and is accepted, having said that it goes elsewhere when it is asked to. */
  public static Encoder acceptedAndMovable(int port, String key) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    return accepted(publish(socket, key, Map.of("capsEx", 1.0)));
  }

  private static Encoder publish(Socket socket, String key, Map<String, Object> more)
      throws IOException {
    Encoder encoder = new Encoder(socket, key);
    encoder.send(2, 1, 0, 0, new byte[] {0, 0, CHUNK_SIZE >> 8, (byte) CHUNK_SIZE});
    Map<String, Object> connect = new LinkedHashMap<>();
    connect.put("app", "live");
    connect.put("type", "nonprivate");
    connect.put("flashVer", "FMLE/3.0 (compatible; FMSc/1.0)");
    connect.put("tcUrl", "rtmp://127.0.0.1/live");
    connect.putAll(more);
    encoder.send(3, 20, 0, 0, Amf.bytes("connect", 1.0, connect));
    encoder.send(3, 20, 0, 0, Amf.bytes("releaseStream", 2.0, null, key));
    encoder.send(3, 20, 0, 0, Amf.bytes("FCPublish", 3.0, null, key));
    encoder.send(3, 20, 0, 0, Amf.bytes("createStream", 4.0, null));
    encoder.send(4, 20, 1, 0, Amf.bytes("publish", 5.0, null, key, "live"));
    return encoder;
  }

  /** Waits for the answer to publish: its code. */
  public String answer() throws IOException {
    while (true) {
      Message message = chunks.next();
      if (message.type() == 20) {
        Amf amf = new Amf(message.body());
        if ("onStatus".equals(amf.value())) {
          amf.value();
          amf.value();
          if (amf.value() instanceof Map<?, ?> fields) {
            return String.valueOf(fields.get("code"));
          }
        }
      }
    }
  }

  /** Connects, publishes and is accepted. */
  public static Encoder accepted(int port, String key) throws IOException {
    return accepted(publish(port, key));
  }

  private static Encoder accepted(Encoder encoder) throws IOException {
    String code = encoder.answer();
    if (!code.equals("NetStream.Publish.Start")) {
      throw new IOException("publish was answered with " + code);
    }
    return encoder;
  }

  /** Sends a tag at its own time, on the one chunk stream that OBS uses for all. */
  public void send(Clip.Tag tag) throws IOException {
    send(tag, tag.timestampMs());
  }

  public void send(Clip.Tag tag, long timestampMs) throws IOException {
    send(4, tag.type(), 1, timestampMs, tag.body());
  }

  /** Sends tags as fast as their times tell, from the first one's on. */
  public void sendInRealTime(List<Clip.Tag> tags) throws IOException, InterruptedException {
    sendInRealTime(tags, 0);
  }

  /** The same, all of them so much later than their times say. */
  public void sendInRealTime(List<Clip.Tag> tags, long shiftMs)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    for (Clip.Tag tag : tags) {
      long dueMs = tag.timestampMs() - tags.getFirst().timestampMs();
      long waitMs = dueMs - (System.nanoTime() - began) / 1_000_000;
      if (waitMs > 0) {
        Thread.sleep(waitMs);
      }
      send(tag, tag.timestampMs() + shiftMs);
    }
  }

  /** Sends a tag in so many parts with pauses between them. */
  public void sendSlowly(Clip.Tag tag, int parts, int pauseMs)
      throws IOException, InterruptedException {
    byte[] whole = message(4, tag.type(), 1, tag.timestampMs(), tag.body());
    for (int part = 0; part < parts; part++) {
      int from = (int) ((long) whole.length * part / parts);
      int to = (int) ((long) whole.length * (part + 1) / parts);
      out.write(whole, from, to - from);
      Thread.sleep(pauseMs);
    }
  }

  /** Says goodbye as OBS does at a stop. */
  public void goodbye() throws IOException {
    send(3, 20, 0, 0, Amf.bytes("FCUnpublish", 6.0, null, key));
    send(3, 20, 0, 0, Amf.bytes("deleteStream", 7.0, null, 1.0));
  }

  /** Whether the other side has closed, waiting for it. */
  public boolean isClosedByPeer() {
    try {
      while (true) {
        chunks.next();
      }
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException closed) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void send(int chunkStreamId, int type, int messageStreamId, long timestamp, byte[] body)
      throws IOException {
    out.write(message(chunkStreamId, type, messageStreamId, timestamp, body));
  }

  private static byte[] message(
      int chunkStreamId, int type, int messageStreamId, long timestamp, byte[] body)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    data.writeByte(chunkStreamId);
    data.writeByte((int) (timestamp >> 16));
    data.writeShort((int) timestamp);
    data.writeByte(body.length >> 16);
    data.writeShort(body.length);
    data.writeByte(type);
    data.writeInt(Integer.reverseBytes(messageStreamId));
    int chunkSize = type == 1 || chunkStreamId == 2 ? 128 : CHUNK_SIZE;
    for (int from = 0; from < body.length; from += chunkSize) {
      if (from > 0) {
        data.writeByte(0xC0 | chunkStreamId);
      }
      data.write(body, from, Math.min(chunkSize, body.length - from));
    }
    return bytes.toByteArray();
  }
}
