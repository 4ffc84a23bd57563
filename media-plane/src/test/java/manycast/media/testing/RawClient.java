package manycast.media.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.LinkedHashMap;
import java.util.Map;
import manycast.media.testing.RtmpSink.Amf;
import org.jspecify.annotations.Nullable;

/** A client of tests that sends whatever bytes it is told to, and reads answers only when asked. */
public final class RawClient implements AutoCloseable {
  private static final int BLOCK = 1536;

  private final Socket socket;
  private final OutputStream out;

  /** Connects to this machine's port and says nothing yet. */
  public RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
  }

  /** The simple handshake, to its end. */
  public RawClient shakeHands() throws IOException {
    byte[] hello = new byte[1 + BLOCK];
    hello[0] = 3;
    out.write(hello);
    byte[] answer = new byte[1 + 2 * BLOCK];
    new DataInputStream(socket.getInputStream()).readFully(answer);
    out.write(answer, 1, BLOCK);
    return this;
  }

  /** The command of that name, and those before it that a publisher sends. */
  public RawClient upTo(String command, String key) throws IOException {
    Map<String, Object> connect = new LinkedHashMap<>();
    connect.put("app", "live");
    connect.put("tcUrl", "rtmp://127.0.0.1/live");
    shakeHands();
    command(0, "connect", 1.0, connect);
    if (command.equals("connect")) {
      return this;
    }
    command(0, "createStream", 2.0, null);
    if (command.equals("createStream")) {
      return this;
    }
    command(1, "publish", 3.0, null, key, "live");
    return this;
  }

  /** Reads until this code has come. */
  public void awaitAnswer(String code) throws IOException {
    StringBuilder read = new StringBuilder();
    socket.setSoTimeout(10_000);
    while (read.indexOf(code) < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("closed before " + code);
      }
      read.append((char) next);
    }
  }

  /** A command of these values. */
  public void command(int messageStreamId, @Nullable Object... values) throws IOException {
    message(3, 20, messageStreamId, Amf.bytes(values));
  }

  /** Metadata or other data of these values. */
  public void data(int messageStreamId, Object... values) throws IOException {
    message(4, 18, messageStreamId, Amf.bytes(values));
  }

  /** A message in chunks of 128 bytes. */
  public void message(int chunkStreamId, int type, int messageStreamId, byte[] body)
      throws IOException {
    message(chunkStreamId, type, messageStreamId, body, 128);
  }

  /** A message in chunks of this size. */
  public void message(int chunkStreamId, int type, int messageStreamId, byte[] body, int chunkSize)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(header(chunkStreamId, type, messageStreamId, body.length));
    for (int from = 0; from < body.length; from += chunkSize) {
      if (from > 0) {
        bytes.write(0xC0 | chunkStreamId);
      }
      bytes.write(body, from, Math.min(chunkSize, body.length - from));
    }
    out.write(bytes.toByteArray());
  }

  /** A type 0 header of time 0, whatever follows it. */
  public static byte[] header(int chunkStreamId, int type, int messageStreamId, int length)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    data.writeByte(chunkStreamId);
    data.write(new byte[3]);
    data.writeByte(length >> 16);
    data.writeShort(length);
    data.writeByte(type);
    data.writeInt(Integer.reverseBytes(messageStreamId));
    return bytes.toByteArray();
  }

  /** Bytes as they are. */
  public void send(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  /** Whether the other side closes within this time, whatever it says before. */
  public boolean isClosedWithin(int ms) throws IOException {
    long until = System.nanoTime() + ms * 1_000_000L;
    byte[] buffer = new byte[4096];
    try {
      while (true) {
        socket.setSoTimeout((int) Math.max(1, (until - System.nanoTime()) / 1_000_000));
        if (socket.getInputStream().read(buffer) < 0) {
          return true;
        }
      }
    } catch (SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
