package manycast.media.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import manycast.media.testing.StrictChunkReader.Message;
import org.jspecify.annotations.Nullable;

/**
 * A destination of tests: an RTMP server on plain sockets that keeps every media message, or
 * behaves badly in a chosen way.
 */
public final class RtmpSink implements AutoCloseable {
  private final ServerSocket server;
  private final @Nullable SSLContext tls;
  private final List<Visit> visits = new CopyOnWriteArrayList<>();
  private volatile Behaviour behaviour;
  private volatile @Nullable Gatekeeper gatekeeper;
  private volatile int bytesPerSecond = Integer.MAX_VALUE;

  /** What it does with those who connect. */
  public enum Behaviour {
    ACCEPT,
    /** Takes the connection and never says a word. */
    SILENT,
    /** Answers publish with NetStream.Publish.Denied. */
    DENY,
    /** Answers publish with NetStream.Publish.BadName. */
    BAD_NAME,
    /** Closes right after publish. */
    CLOSE_AFTER_PUBLISH,
    /** Publishes, then stops reading. */
    STALL,
    /** Takes everything and acknowledges nonsense. */
    LIE
  }

  /** One connection and what came on it. */
  public static final class Visit {
    private final List<Message> media = new ArrayList<>();
    private final List<Long> arrivals = new ArrayList<>();
    private final List<String> commands = new ArrayList<>();
    private final Socket socket;
    private String app = "";
    private String key = "";
    private boolean published;
    private boolean ended;
    private volatile boolean held;
    private int fullHeaders;
    private @Nullable String fault;

    Visit(Socket socket) {
      this.socket = socket;
    }

    /** Audio, video and data messages so far. */
    public synchronized List<Message> media() {
      return List.copyOf(media);
    }

    /** Audio or video access units and configs of one message type so far. */
    public synchronized List<Message> ofType(int type) {
      return media.stream().filter(message -> message.type() == type).toList();
    }

    public synchronized List<String> commands() {
      return List.copyOf(commands);
    }

    public synchronized String key() {
      return key;
    }

    public synchronized String app() {
      return app;
    }

    public synchronized boolean published() {
      return published;
    }

    public synchronized boolean ended() {
      return ended;
    }

    /** How many messages had a header of their own, with absolute time. */
    public synchronized int fullHeaders() {
      return fullHeaders;
    }

    /** What was wrong with the bytes, or null. */
    public synchronized @Nullable String fault() {
      return fault;
    }

    /** When each of {@link #media} was there, on {@link System#nanoTime}'s clock. */
    public synchronized List<Long> arrivals() {
      return List.copyOf(arrivals);
    }

    /** Stops reading for as long as this holds. */
    public void hold(boolean on) {
      held = on;
    }

    /** Cuts the connection. */
    public void cut() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  private RtmpSink(ServerSocket server, @Nullable SSLContext tls, Behaviour behaviour) {
    this.server = server;
    this.tls = tls;
    this.behaviour = behaviour;
    Thread.ofVirtual().start(this::accept);
  }

  public static RtmpSink open(Behaviour behaviour) throws IOException {
    return open(behaviour, null);
  }

  /** A server that speaks TLS first. */
  public static RtmpSink open(Behaviour behaviour, @Nullable SSLContext tls) throws IOException {
    return new RtmpSink(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), tls, behaviour);
  }

  /** A server whose sockets hold so many bytes unread. */
  public static RtmpSink openWithBuffer(Behaviour behaviour, int bytes, @Nullable SSLContext tls)
      throws IOException {
    ServerSocket server = new ServerSocket();
    server.setReceiveBufferSize(bytes);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    return new RtmpSink(server, tls, behaviour);
  }

  /** Reads no faster than this. */
  public void pace(int mostBytesPerSecond) {
    bytesPerSecond = mostBytesPerSecond;
  }

  /** Asks everybody who connects from now on who they are. */
  public void ask(Gatekeeper asking) {
    gatekeeper = asking;
  }

  /** Another behaviour for those who connect from now on. */
  public void behave(Behaviour next) {
    behaviour = next;
  }

  public String url() {
    return (tls == null ? "rtmp" : "rtmps") + "://127.0.0.1:" + server.getLocalPort() + "/live";
  }

  public List<Visit> visits() {
    return List.copyOf(visits);
  }

  /** The connection with this number, waiting for it to be there and as wanted. */
  public Visit await(int number, Duration patience, Predicate<Visit> wanted) {
    return Until.there(
        patience,
        "visit " + number,
        () -> visits.size() > number && wanted.test(visits.get(number)) ? visits.get(number) : null,
        () ->
            visits.stream()
                .map(
                    visit ->
                        visit.commands()
                            + " media="
                            + visit.media().size()
                            + " ended="
                            + visit.ended()
                            + " fault="
                            + visit.fault())
                .toList());
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Visit visit : visits) {
      visit.socket.close();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        Visit visit = new Visit(socket);
        visits.add(visit);
        Behaviour mine = behaviour;
        Thread.ofVirtual().start(() -> serve(visit, mine));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Visit visit, Behaviour mine) {
    try (Socket socket = tls == null ? visit.socket : secured(visit.socket, tls)) {
      if (mine == Behaviour.SILENT) {
        while (visit.socket.getInputStream().read() >= 0) {
          Thread.onSpinWait();
        }
        return;
      }
      DataInputStream in =
          new DataInputStream(
              new BufferedInputStream(new Tap(socket.getInputStream(), visit), 1 << 14));
      OutputStream out = socket.getOutputStream();
      shakeHands(in, out);
      StrictChunkReader chunks = new StrictChunkReader(in);
      while (take(visit, mine, chunks.next(), out)) {
        synchronized (visit) {
          visit.fullHeaders = chunks.fullHeaders();
        }
      }
    } catch (IOException | InterruptedException e) {
      synchronized (visit) {
        visit.fault =
            e instanceof EOFException || e instanceof SocketException ? null : e.toString();
      }
    } finally {
      synchronized (visit) {
        visit.ended = true;
      }
    }
  }

  /** Asks whoever publishes on this visit to connect anew, there. */
  public static void askToReconnect(Visit visit, String tcUrl) throws IOException {
    Map<String, Object> info = status("status", "NetConnection.Connect.ReconnectRequest");
    info.put("tcUrl", tcUrl);
    send(visit.socket.getOutputStream(), 3, 0, Amf.bytes("onStatus", 0.0, null, info));
  }

  private static Socket secured(Socket socket, SSLContext tls) throws IOException {
    SSLSocket secured =
        (SSLSocket)
            tls.getSocketFactory()
                .createSocket(socket, socket.getInetAddress().getHostAddress(), 0, true);
    secured.setUseClientMode(false);
    return secured;
  }

  private static void shakeHands(DataInputStream in, OutputStream out) throws IOException {
    byte[] hello = new byte[1537];
    in.readFully(hello);
    byte[] answer = new byte[1 + 1536 * 2];
    answer[0] = 3;
    for (int i = 9; i < 1537; i++) {
      answer[i] = (byte) (i * 31);
    }
    System.arraycopy(hello, 1, answer, 1537, 1536);
    out.write(answer);
    byte[] echo = new byte[1536];
    in.readFully(echo);
    for (int i = 0; i < 1536; i++) {
      if (echo[i] != answer[1 + i]) {
        throw new IOException("C2 is no copy of S1");
      }
    }
  }

  private boolean take(Visit visit, Behaviour mine, Message message, OutputStream out)
      throws IOException, InterruptedException {
    switch (message.type()) {
      case 8, 9, 18 -> {
        synchronized (visit) {
          visit.media.add(message);
          visit.arrivals.add(System.nanoTime());
        }
        if (mine == Behaviour.LIE) {
          sendChunk(out, 2, 0, 3, new byte[] {-1, (byte) visit.media.size(), -1, -1});
        }
      }
      case 20 -> {
        return command(visit, mine, message, out);
      }
      default -> {}
    }
    return true;
  }

  private boolean command(Visit visit, Behaviour mine, Message message, OutputStream out)
      throws IOException, InterruptedException {
    Amf amf = new Amf(message.body());
    String name = String.valueOf(amf.value());
    double transaction = amf.value() instanceof Double number ? number : 0;
    Object object = amf.value();
    synchronized (visit) {
      visit.commands.add(name);
      if (name.equals("connect") && object instanceof Map<?, ?> fields) {
        visit.app = String.valueOf(fields.get("app"));
      }
    }
    switch (name) {
      case "connect" -> {
        Gatekeeper asking = gatekeeper;
        String refusal = asking == null ? null : asking.refusal(visit.app());
        if (refusal != null) {
          Map<String, Object> info = status("error", "NetConnection.Connect.Rejected");
          info.put("description", refusal);
          send(out, 3, 0, Amf.bytes("_error", transaction, null, info));
          return false;
        }
        send(
            out,
            3,
            0,
            Amf.bytes(
                "_result",
                transaction,
                Map.of("capabilities", 31.0),
                status("status", "NetConnection.Connect.Success")));
      }
      case "createStream" -> send(out, 3, 0, Amf.bytes("_result", transaction, null, 7.0));
      case "releaseStream", "FCPublish" ->
          send(out, 3, 0, Amf.bytes("_result", transaction, null, null));
      case "publish" -> {
        synchronized (visit) {
          visit.key = String.valueOf(amf.value());
          visit.published =
              mine == Behaviour.ACCEPT || mine == Behaviour.STALL || mine == Behaviour.LIE;
        }
        switch (mine) {
          case DENY ->
              send(
                  out,
                  5,
                  7,
                  Amf.bytes("onStatus", 0.0, null, status("error", "NetStream.Publish.Denied")));
          case BAD_NAME ->
              send(
                  out,
                  5,
                  7,
                  Amf.bytes("onStatus", 0.0, null, status("error", "NetStream.Publish.BadName")));
          case CLOSE_AFTER_PUBLISH -> {
            return false;
          }
          case ACCEPT, SILENT, STALL, LIE ->
              send(
                  out,
                  5,
                  7,
                  Amf.bytes("onStatus", 0.0, null, status("status", "NetStream.Publish.Start")));
        }
        if (mine == Behaviour.STALL) {
          while (!visit.socket.isClosed()) {
            Thread.sleep(50);
          }
          return false;
        }
      }
      case "deleteStream" -> {
        return false;
      }
      default -> {}
    }
    return true;
  }

  private static Map<String, Object> status(String level, String code) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("level", level);
    fields.put("code", code);
    fields.put("description", "the sink says so");
    return fields;
  }

  private static void send(OutputStream out, int chunkStreamId, int messageStreamId, byte[] body)
      throws IOException {
    sendChunk(out, chunkStreamId, messageStreamId, 20, body);
  }

  private static void sendChunk(
      OutputStream out, int chunkStreamId, int messageStreamId, int type, byte[] body)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    data.writeByte(chunkStreamId);
    data.write(new byte[3]);
    data.writeByte(0);
    data.writeShort(body.length);
    data.writeByte(type);
    data.writeInt(Integer.reverseBytes(messageStreamId));
    for (int from = 0; from < body.length; from += 128) {
      if (from > 0) {
        data.writeByte(0xC0 | chunkStreamId);
      }
      data.write(body, from, Math.min(128, body.length - from));
    }
    out.write(bytes.toByteArray());
  }

  /** Holds back what a held or paced visit does not read yet. */
  private final class Tap extends FilterInputStream {
    private final Visit visit;
    private final long beganNanos = System.nanoTime();
    private long bytes;

    Tap(InputStream in, Visit visit) {
      super(in);
      this.visit = visit;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      try {
        while (visit.held && !visit.socket.isClosed()) {
          Thread.sleep(5);
        }
        int pace = bytesPerSecond;
        if (pace != Integer.MAX_VALUE) {
          long dueMs = bytes * 1000 / pace;
          Thread.sleep(Math.max(0, dueMs - (System.nanoTime() - beganNanos) / 1_000_000));
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      int read = super.read(into, offset, Math.min(length, 4096));
      bytes += Math.max(0, read);
      return read;
    }
  }

  /** As much of AMF0 as these conversations need. */
  static final class Amf {
    private final ByteBuffer in;

    Amf(byte[] bytes) {
      this.in = ByteBuffer.wrap(bytes);
    }

    @Nullable Object value() throws IOException {
      if (!in.hasRemaining()) {
        return null;
      }
      return switch (in.get()) {
        case 0 -> in.getDouble();
        case 1 -> in.get() != 0;
        case 2 -> text();
        case 3 -> fields();
        case 8 -> {
          in.getInt();
          yield fields();
        }
        default -> null;
      };
    }

    private String text() {
      byte[] bytes = new byte[in.getShort() & 0xFFFF];
      in.get(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }

    private Map<String, @Nullable Object> fields() throws IOException {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      while (true) {
        String name = text();
        if (name.isEmpty() && in.get(in.position()) == 9) {
          in.get();
          return fields;
        }
        fields.put(name, value());
      }
    }

    static byte[] bytes(@Nullable Object... values) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      for (Object value : values) {
        write(out, value);
      }
      return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, @Nullable Object value) throws IOException {
      switch (value) {
        case Double number -> {
          out.writeByte(0);
          out.writeDouble(number);
        }
        case String text -> {
          out.writeByte(2);
          out.writeUTF(text);
        }
        case Map<?, ?> fields -> {
          out.writeByte(3);
          for (Map.Entry<?, ?> field : fields.entrySet()) {
            out.writeUTF((String) field.getKey());
            write(out, field.getValue());
          }
          out.writeShort(0);
          out.writeByte(9);
        }
        case null -> out.writeByte(5);
        default -> throw new IOException("no AMF for " + value.getClass());
      }
    }
  }
}
