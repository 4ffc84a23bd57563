package manycast.system;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import manycast.launcher.rtmp.ChunkReader;

/**
 * The way between an encoder and a node: it can be cut, when nothing at all passes in either
 * direction and nobody is told, and it remembers what the encoder got through.
 */
final class Wire implements AutoCloseable {
  /** C0, C1 and C2. */
  private static final int HANDSHAKE_BYTES = 1 + 2 * 1536;

  /** Small, so that an encoder soon has to keep what it cannot send. */
  private static final int BUFFER = 64 * 1024;

  private final int nodePort;
  private final ServerSocket server;
  private final List<Passage> passages = new CopyOnWriteArrayList<>();
  private boolean isCut;

  /** Leads to that port of this machine. */
  Wire(int nodePort) {
    this.nodePort = nodePort;
    try {
      this.server = new ServerSocket();
      server.setReceiveBufferSize(BUFFER);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("wire").start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  synchronized void cut() {
    isCut = true;
  }

  synchronized void mend() {
    isCut = false;
    notifyAll();
  }

  private synchronized void awaitWhole() throws InterruptedException {
    while (isCut) {
      wait();
    }
  }

  /** How many connections an encoder has opened. */
  int connections() {
    return passages.size();
  }

  /** What got through on each connection that carried media, in order. */
  List<List<Media>> sent() throws IOException {
    List<List<Media>> sent = new ArrayList<>();
    for (Passage passage : passages) {
      List<Media> media = passage.media();
      if (!media.isEmpty()) {
        sent.add(media);
      }
    }
    return sent;
  }

  /** Every byte of the encoder's that got through on its first connection. */
  byte[] firstBytes() {
    return passages.getFirst().bytes();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket encoder = server.accept();
        Passage passage = new Passage(encoder);
        passages.add(passage);
        Thread.ofPlatform().daemon().name("wire-passage").start(passage::run);
      } catch (IOException closed) {
        return;
      }
    }
  }

  private final class Passage {
    private final Socket encoder;
    private final ByteArrayOutputStream recorded = new ByteArrayOutputStream();
    private final NavigableMap<Long, Long> times = new TreeMap<>();
    private boolean isOver;

    Passage(Socket encoder) {
      this.encoder = encoder;
    }

    void run() {
      try {
        awaitWhole();
        try (Socket node = new Socket(InetAddress.getLoopbackAddress(), nodePort)) {
          node.setTcpNoDelay(true);
          Thread answers =
              Thread.ofPlatform().daemon().name("wire-answers").start(() -> answer(node));
          forward(encoder.getInputStream(), node.getOutputStream());
          node.shutdownOutput();
          answers.join();
        }
      } catch (IOException gone) {
        // One of the two has left; the other one learns of it below.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        close();
      }
    }

    private void forward(InputStream from, OutputStream to)
        throws IOException, InterruptedException {
      byte[] buffer = new byte[BUFFER];
      for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
        awaitWhole();
        if (!keep(buffer, read)) {
          return;
        }
        to.write(buffer, 0, read);
      }
      awaitWhole();
    }

    /** Whether the node is still there to take it. */
    private synchronized boolean keep(byte[] buffer, int length) {
      if (isOver) {
        return false;
      }
      recorded.write(buffer, 0, length);
      times.put((long) recorded.size(), System.nanoTime());
      return true;
    }

    private void answer(Socket node) {
      try {
        byte[] buffer = new byte[BUFFER];
        InputStream from = node.getInputStream();
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
          awaitWhole();
          encoder.getOutputStream().write(buffer, 0, read);
        }
      } catch (IOException gone) {
        // Below it is the same as an orderly end.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      synchronized (this) {
        isOver = true;
      }
      try {
        awaitWhole();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      close();
    }

    private void close() {
      try {
        encoder.close();
      } catch (IOException alreadyGone) {
        // Nothing is left to give back.
      }
    }

    synchronized byte[] bytes() {
      return recorded.toByteArray();
    }

    List<Media> media() throws IOException {
      byte[] bytes;
      NavigableMap<Long, Long> arrived;
      synchronized (this) {
        bytes = recorded.toByteArray();
        arrived = new TreeMap<>(times);
      }
      List<Media> media = new ArrayList<>();
      if (bytes.length <= HANDSHAKE_BYTES) {
        return media;
      }
      ChunkReader chunks =
          new ChunkReader(
              new ByteArrayInputStream(bytes, HANDSHAKE_BYTES, bytes.length - HANDSHAKE_BYTES));
      try {
        while (true) {
          Media.of(
                  chunks.next(),
                  () -> arrived.ceilingEntry(HANDSHAKE_BYTES + chunks.bytesRead()).getValue())
              .ifPresent(media::add);
        }
      } catch (EOFException end) {
        // A message that was cut off in the middle reached nobody.
        return media;
      }
    }
  }

  @Override
  public void close() {
    mend();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    passages.forEach(Passage::close);
  }
}
