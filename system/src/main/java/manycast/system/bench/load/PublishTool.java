package manycast.system.bench.load;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import manycast.launcher.rtmp.Amf0;
import manycast.system.bench.kernel.Poller;
import manycast.system.bench.kernel.Sockets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Publishes a clip on some connections, each at the clip's own pace and a little later than the one
 * before, without end. A socket that takes nothing stops no clock: what waits is kept and counted.
 */
final class PublishTool {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1000 * MILLI;
  private static final long MOST_WAITING = 256L << 20;
  private static final int STAGGER_MS = 2000;
  private static final int VIDEO_STREAM = 6;
  private static final int AUDIO_STREAM = 5;
  private static final int METADATA_STREAM = 4;
  private static final byte[] NOTHING = {};
  private static final byte[] SET_DATA_FRAME = Amf0.write("@setDataFrame");

  private final Load load;
  private final Clip clip;
  private final Options options;
  private final int leaveOut;
  private final Poller poller = new Poller();
  private final MemorySegment block = Arena.global().allocate(1 << 16);
  private final List<Publication> all = new ArrayList<>();

  PublishTool(Options options, Load load) throws IOException {
    this.load = load;
    this.options = options;
    this.leaveOut = options.number("--leave-out", 0);
    this.clip = Clip.read(Path.of(options.need("--flv")));
  }

  /** One connection's way through the clip. */
  private static final class Publication {
    private final int index;
    private final PublishConnection connection;
    private long beganNanos;
    private int next;
    private long roundMs;
    private long pictures;
    private long audioFrames;
    private long bytes;
    private long latestNanos;
    private boolean wantsToWrite;
    private @Nullable String end;

    Publication(int index, PublishConnection connection) {
      this.index = index;
      this.connection = connection;
    }
  }

  void run() throws IOException {
    int ingests = options.number("--streams", 1);
    for (int i = 0; i < ingests; i++) {
      PublishConnection connection = open(i);
      all.add(new Publication(i, connection));
      poller.add(connection.fd(), Poller.READABLE, i);
    }
    System.err.println("published " + ingests);
    long begin = System.nanoTime();
    for (Publication each : all) {
      each.beganNanos = begin + (long) STAGGER_MS * MILLI * each.index / ingests;
    }
    while (!load.isOver() && all.stream().anyMatch(each -> each.end == null)) {
      long now = System.nanoTime();
      long due = now + SECOND / 20;
      for (Publication each : all) {
        due = Math.min(due, sendDue(each, now));
      }
      long wait = due - System.nanoTime();
      react(poller.await((int) Math.max(0, (wait + MILLI - 1) / MILLI)));
    }
    long end = System.nanoTime();
    sayGoodbye();
    report((end - begin) / 1e9);
  }

  private PublishConnection open(int index) throws IOException {
    PublishConnection.Address address =
        PublishConnection.Address.parse(options.need("--url"), index);
    long end = System.nanoTime() + options.number("--retry", 0) * SECOND;
    while (true) {
      try {
        return PublishConnection.open(address, options.number("--chunk", 4096));
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        pause(5);
      }
    }
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException nobodyDoes) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends what is due by now; when the next will be. */
  private long sendDue(Publication each, long now) {
    while (each.end == null) {
      Tag tag = clip.tags().get(each.next);
      long timeMs = clip.offsetMs(tag) + each.roundMs;
      long at = each.beganNanos + timeMs * MILLI;
      if (at > now) {
        return at;
      }
      each.latestNanos = Math.max(each.latestNanos, now - at);
      if (each.connection.out().size() > MOST_WAITING) {
        each.end = "256 MiB wait to be sent";
        break;
      }
      put(each, tag, timeMs);
      flush(each);
      advance(each);
    }
    return Long.MAX_VALUE;
  }

  private void put(Publication each, Tag tag, long timeMs) {
    switch (tag.type()) {
      case Tag.VIDEO -> {
        if (!tag.isPicture()) {
          each.connection.media(VIDEO_STREAM, Tag.VIDEO, timeMs, tag.body(), NOTHING);
          return;
        }
        long number = each.pictures++;
        if (leaveOut == 0 || number % leaveOut != leaveOut - 1) {
          byte[] stamp = new Stamp(each.index, number, System.nanoTime()).bytes();
          each.connection.media(VIDEO_STREAM, Tag.VIDEO, timeMs, tag.body(), stamp);
        }
      }
      case Tag.AUDIO -> {
        each.audioFrames += tag.isCoded() ? 1 : 0;
        each.connection.media(AUDIO_STREAM, Tag.AUDIO, timeMs, tag.body(), NOTHING);
      }
      default ->
          each.connection.media(METADATA_STREAM, Tag.METADATA, timeMs, SET_DATA_FRAME, tag.body());
    }
  }

  private void advance(Publication each) {
    if (++each.next < clip.tags().size()) {
      return;
    }
    each.roundMs += clip.spanMs();
    each.next = 0;
    while (!clip.tags().get(each.next).isCoded()) {
      each.next++;
    }
  }

  private void flush(Publication each) {
    long sent = each.connection.out().sendTo(each.connection.fd());
    if (sent < 0) {
      each.end = "send: errno " + -sent;
      return;
    }
    each.bytes += sent;
    boolean waits = !each.connection.out().isEmpty();
    if (waits != each.wantsToWrite) {
      each.wantsToWrite = waits;
      poller.change(
          each.connection.fd(), Poller.READABLE | (waits ? Poller.WRITABLE : 0), each.index);
    }
  }

  private void react(int ready) {
    for (int i = 0; i < ready; i++) {
      Publication each = all.get(poller.index(i));
      if (each.end != null) {
        continue;
      }
      if (poller.isWritable(i)) {
        flush(each);
      }
      if (poller.isReadable(i)) {
        receive(each);
      }
    }
  }

  private void receive(Publication each) {
    long count = Sockets.receive(each.connection.fd(), block);
    if (count == Sockets.WOULD_BLOCK) {
      return;
    }
    try {
      if (count <= 0) {
        throw new IOException(count == 0 ? "closed by the server" : "recv: errno " + -count);
      }
      each.connection.receive(block.asSlice(0, count).asByteBuffer());
    } catch (IOException e) {
      each.end = String.valueOf(e.getMessage());
      poller.remove(each.connection.fd());
    }
  }

  /** Waits a moment for the servers to close, so that what they sent turns no end into a reset. */
  private void sayGoodbye() {
    for (Publication each : all) {
      if (each.end == null && each.connection.out().isEmpty()) {
        each.connection.sayGoodbye();
        each.connection.out().sendTo(each.connection.fd());
        Sockets.endSending(each.connection.fd());
      }
    }
    long end = System.nanoTime() + SECOND / 2;
    List<Publication> open = new ArrayList<>(all);
    while (!open.isEmpty() && System.nanoTime() < end) {
      open.removeIf(each -> each.end != null || isClosed(each.connection.fd()));
      pause(2);
    }
  }

  private boolean isClosed(int fd) {
    long count = Sockets.receive(fd, block);
    return count <= 0 && count != Sockets.WOULD_BLOCK;
  }

  private void report(double seconds) {
    ObjectNode json = new JsonMapper().createObjectNode();
    json.put("mode", "publish");
    json.put("streams", all.size());
    json.put("seconds", seconds);
    json.put("bytes", all.stream().mapToLong(each -> each.bytes).sum());
    json.put("video", all.stream().mapToLong(each -> each.pictures).sum());
    json.put("audio", all.stream().mapToLong(each -> each.audioFrames).sum());
    json.put("dead", all.stream().filter(each -> each.end != null).count());
    json.put(
        "why", all.stream().map(each -> each.end).filter(end -> end != null).findAny().orElse(""));
    json.put("late_max_ms", all.stream().mapToLong(each -> each.latestNanos).max().orElse(0) / 1e6);
    json.put("unsent_bytes", all.stream().mapToLong(each -> each.connection.out().size()).sum());
    System.out.println(json);
  }
}
