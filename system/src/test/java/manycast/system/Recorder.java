package manycast.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import manycast.launcher.rtmp.Message;
import manycast.launcher.rtmp.Receiver;
import manycast.launcher.rtmp.RtmpException;
import org.jspecify.annotations.Nullable;

/** A destination that takes any media and remembers which. Owns its port and connections. */
final class Recorder implements AutoCloseable {
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<Visit> visits = new CopyOnWriteArrayList<>();

  Recorder() {
    try {
      this.server = new ServerSocket();
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("recorder").start(this::accept);
  }

  String url() {
    return "rtmp://127.0.0.1:" + server.getLocalPort() + "/live";
  }

  /** Every publish there was, in order. */
  List<Visit> visits() {
    return List.copyOf(visits);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        Thread.ofPlatform().daemon().name("recorder-reads").start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    Visit visit = new Visit();
    try (socket) {
      new Receiver(socket, visit).run();
    } catch (RtmpException e) {
      visit.fault = e.getMessage();
    } catch (IOException ended) {
      // However a connection ends: it is no fault of what was sent on it.
    } finally {
      sockets.remove(socket);
    }
  }

  /** What arrived on one connection from its publish on. */
  final class Visit implements Receiver.Listener {
    private final List<Media> media = new ArrayList<>();
    private volatile boolean saidGoodbye;
    private volatile @Nullable String fault;

    synchronized List<Media> media() {
      return List.copyOf(media);
    }

    synchronized int frames() {
      return media.size();
    }

    boolean saidGoodbye() {
      return saidGoodbye;
    }

    /** How it departed from the specification; null where it did not. */
    @Nullable String fault() {
      return fault;
    }

    @Override
    public @Nullable String onPublish(String app, String streamKey) {
      visits.add(this);
      return null;
    }

    @Override
    public synchronized void onMessage(Message message) {
      Media.of(message, System::nanoTime).ifPresent(media::add);
    }

    @Override
    public void onGoodbye() {
      saidGoodbye = true;
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
