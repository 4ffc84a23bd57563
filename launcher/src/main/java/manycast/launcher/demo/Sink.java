package manycast.launcher.demo;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import manycast.launcher.rtmp.Message;
import manycast.launcher.rtmp.Receiver;
import manycast.launcher.rtmp.RtmpException;
import org.jspecify.annotations.Nullable;

/**
 * A destination on this machine that verifies every byte it gets. Owns its port and its
 * connections' threads.
 */
public final class Sink implements Closeable {
  private static final String APP = "live";

  private final String name;
  private final String streamKey;
  private final Sample sample;
  private final ServerSocket server;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong frames = new AtomicLong();
  private final AtomicLong publishes = new AtomicLong();
  private final AtomicLong goodbyes = new AtomicLong();
  private final AtomicLong publishing = new AtomicLong();
  private volatile boolean saidGoodbye;
  private volatile @Nullable String fault;
  private volatile @Nullable Verifier current;

  /**
   * Listens on loopback from now on.
   *
   * @param port 0 for any
   */
  public Sink(String name, int port, String streamKey, Sample sample) throws IOException {
    this.name = name;
    this.streamKey = streamKey;
    this.sample = sample;
    this.server = new ServerSocket();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    Thread.ofPlatform().name("sink-" + name).daemon().start(this::accept);
  }

  public String name() {
    return name;
  }

  /** Server and application, without the key. */
  public String url() {
    return "rtmp://127.0.0.1:%d/%s".formatted(server.getLocalPort(), APP);
  }

  public String streamKey() {
    return streamKey;
  }

  /** Bytes of RTMP received on all connections. */
  public long bytes() {
    return bytes.get();
  }

  /** Frames found right on all connections. */
  public long frames() {
    return frames.get();
  }

  /** How many connections published. */
  public long publishes() {
    return publishes.get();
  }

  /** How many of them ended with a goodbye. */
  public long goodbyes() {
    return goodbyes.get();
  }

  /** Whether a connection publishes that has neither said goodbye nor ended. */
  public boolean isPublishedTo() {
    return publishing.get() > 0;
  }

  /** Whether the latest publish ended with a goodbye; false before there was one. */
  public boolean endedWithGoodbye() {
    return saidGoodbye;
  }

  /** The first thing that was wrong on any connection; null while all is right. */
  public @Nullable String fault() {
    return fault;
  }

  /** Where in the sample the latest connection began; -1 when it has no frame yet. */
  public long startDtsMs() {
    Verifier verifier = current;
    return verifier == null ? -1 : verifier.startDtsMs();
  }

  /** How often the latest connection's encoder has begun anew after a gap. */
  public long returns() {
    Verifier verifier = current;
    return verifier == null ? 0 : verifier.returns();
  }

  /** How long the last of these gaps was on the latest connection's timeline, in milliseconds. */
  public long gapMs() {
    Verifier verifier = current;
    return verifier == null ? 0 : verifier.gapMs();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.add(socket);
        Thread.ofPlatform().name("sink-" + name + "-reads").daemon().start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    Taking taking = new Taking();
    try (socket) {
      Receiver receiver = new Receiver(socket, taking);
      taking.receiver = receiver;
      receiver.run();
    } catch (RtmpException e) {
      blame(e.getMessage());
    } catch (IOException ended) {
      // The other side went away, in whatever manner: for a destination that is no fault of the
      // media.
    } finally {
      taking.stop();
      connections.remove(socket);
    }
  }

  private void blame(@Nullable String what) {
    if (fault == null) {
      fault = what;
    }
  }

  private final class Taking implements Receiver.Listener {
    private final Verifier verifier = new Verifier(sample);
    private @Nullable Receiver receiver;
    private long countedBytes;
    private long countedFrames;
    private boolean isCounted;

    @Override
    public @Nullable String onPublish(String app, String key) {
      if (!app.equals(APP) || !key.equals(streamKey)) {
        return "no such stream here";
      }
      publishes.incrementAndGet();
      publishing.incrementAndGet();
      isCounted = true;
      saidGoodbye = false;
      current = verifier;
      return null;
    }

    @Override
    public void onMessage(Message message) {
      verifier.on(message);
      Receiver from = receiver;
      if (from != null) {
        bytes.addAndGet(from.bytesReceived() - countedBytes);
        countedBytes = from.bytesReceived();
      }
      frames.addAndGet(verifier.frames() - countedFrames);
      countedFrames = verifier.frames();
      if (verifier.fault() != null) {
        blame(verifier.fault());
      }
    }

    @Override
    public void onGoodbye() {
      goodbyes.incrementAndGet();
      saidGoodbye = true;
      stop();
    }

    void stop() {
      if (isCounted) {
        isCounted = false;
        publishing.decrementAndGet();
      }
    }
  }

  /**
   * Closes every connection, as a destination does whose network fails; it may be connected to
   * again.
   */
  public void cut() {
    for (Socket socket : connections) {
      closeQuietly(socket);
    }
  }

  /** Stops listening and closes every connection. */
  @Override
  public void close() {
    closeQuietly(server);
    cut();
  }

  private static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException alreadyGone) {
      // Nothing is left to give back.
    }
  }
}
