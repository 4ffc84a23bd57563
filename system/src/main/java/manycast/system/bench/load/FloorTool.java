package manycast.system.bench.load;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import manycast.system.bench.kernel.NativeBuffer;
import manycast.system.bench.kernel.Poller;
import manycast.system.bench.kernel.Sockets;

/**
 * For each publisher so many destinations: once all publish, whatever it sends is sent to each as
 * it comes, unread, in one call. Only what a socket doesn't take is kept for it.
 */
final class FloorTool {
  private static final int LISTENER = 0;
  private static final long MOST_WAITING = 64L << 20;
  private static final int WAIT_MS = 20;

  private final Load load;
  private final int sinkPort;
  private final int fanOut;
  private final int batchMs;
  private final int listening;
  private final Poller poller = new Poller();
  private final MemorySegment block = Arena.global().allocate(1 << 20);
  private final MemorySegment unread = Arena.global().allocate(1 << 12);
  private final List<Connection> connections = new ArrayList<>();

  FloorTool(Options options, Load load) throws IOException {
    this.load = load;
    String out = options.need("--out");
    this.sinkPort = Integer.parseInt(out.substring(out.indexOf(':') + 1));
    this.fanOut = options.number("--fanout", 1);
    this.batchMs = options.number("--batch-ms", 0);
    this.listening = Sockets.listen(Integer.parseInt(options.need("--in-port")), 0);
  }

  /** A socket of either side. */
  private static final class Connection {
    private final int fd;
    private final List<Connection> destinations;
    private final NativeBuffer waiting;
    private boolean open = true;
    private int index;

    Connection(int fd, List<Connection> destinations, NativeBuffer waiting) {
      this.fd = fd;
      this.destinations = destinations;
      this.waiting = waiting;
    }
  }

  void run() throws IOException {
    poller.add(listening, Poller.READABLE, LISTENER);
    while (!load.isOver()) {
      if (batchMs > 0) {
        batch();
      }
      int ready = poller.await(WAIT_MS);
      for (int i = 0; i < ready; i++) {
        int index = poller.index(i);
        if (index == LISTENER) {
          accept();
          continue;
        }
        Connection connection = connections.get(index - 1);
        if (!connection.open) {
          continue;
        }
        if (connection.destinations.isEmpty()) {
          onDestination(connection, poller.isReadable(i), poller.isWritable(i));
        } else {
          onPublisher(connection);
        }
      }
    }
    System.out.println("{\"mode\":\"floor\"}");
  }

  private void batch() {
    try {
      Thread.sleep(batchMs);
    } catch (InterruptedException nobodyDoes) {
      Thread.currentThread().interrupt();
    }
  }

  /** Serves a new publisher alone until it and all destinations publish. */
  private void accept() throws IOException {
    int fd = Sockets.accept(listening);
    if (fd < 0) {
      return;
    }
    IngestConnection ingest = new IngestConnection(false, message -> {});
    try {
      while (!ingest.isPublishing()) {
        Sockets.sendAll(fd, ingest.replies().bytes());
        ingest.replies().clear();
        ingest.receive(block.asSlice(0, Sockets.receiveSome(fd, block)).asByteBuffer());
      }
    } catch (IOException notAPublisher) {
      Sockets.close(fd);
      return;
    }
    List<Connection> destinations = new ArrayList<>();
    for (int i = 0; i < fanOut; i++) {
      PublishConnection out =
          PublishConnection.open(
              new PublishConnection.Address(sinkPort, "out" + i, ingest.key()), ingest.chunkSize());
      Connection destination = new Connection(out.fd(), List.of(), out.out());
      destinations.add(destination);
      add(destination);
    }
    Sockets.sendAll(fd, ingest.replies().bytes());
    add(new Connection(fd, destinations, ingest.replies()));
  }

  private void add(Connection connection) {
    connections.add(connection);
    connection.index = connections.size();
    poller.add(connection.fd, Poller.READABLE, connection.index);
  }

  private void onPublisher(Connection publisher) {
    long count = Sockets.receive(publisher.fd, block);
    if (count == Sockets.WOULD_BLOCK) {
      return;
    }
    if (count <= 0) {
      publisher.destinations.forEach(this::close);
      close(publisher);
      return;
    }
    MemorySegment bytes = block.asSlice(0, count);
    for (Connection destination : publisher.destinations) {
      if (destination.open) {
        send(destination, bytes);
      }
    }
  }

  private void send(Connection destination, MemorySegment bytes) {
    long sent = 0;
    if (destination.waiting.isEmpty()) {
      sent = Sockets.send(destination.fd, bytes);
      if (sent == bytes.byteSize()) {
        return;
      }
      if (sent == Sockets.WOULD_BLOCK) {
        sent = 0;
      }
    }
    if (sent < 0 || destination.waiting.size() > MOST_WAITING) {
      close(destination);
      return;
    }
    boolean first = destination.waiting.isEmpty();
    destination.waiting.put(bytes.asSlice(sent));
    if (first) {
      poller.change(destination.fd, Poller.READABLE | Poller.WRITABLE, destination.index);
    }
  }

  private void onDestination(Connection destination, boolean readable, boolean writable) {
    if (readable) {
      long count = Sockets.receive(destination.fd, unread);
      if (count <= 0 && count != Sockets.WOULD_BLOCK) {
        close(destination);
        return;
      }
    }
    if (writable) {
      if (destination.waiting.sendTo(destination.fd) < 0) {
        close(destination);
      } else if (destination.waiting.isEmpty()) {
        poller.change(destination.fd, Poller.READABLE, destination.index);
      }
    }
  }

  private void close(Connection connection) {
    if (connection.open) {
      connection.open = false;
      Sockets.close(connection.fd);
    }
  }
}
