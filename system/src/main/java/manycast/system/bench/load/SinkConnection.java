package manycast.system.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import manycast.system.bench.kernel.NativeBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the sink knows of one publisher: how far it is in the clip, and what was wrong since when.
 */
final class SinkConnection {
  private static final long MICRO = 1000;

  final int fd;
  final IngestConnection ingest;
  private final @Nullable TlsSide tls;
  private final Sources sources;
  private final Track video = new Track();
  private final Track audio = new Track();
  private final Histogram latency = new Histogram();
  private final List<Histogram> latencyOfAll;

  int index = -1;
  boolean open = true;
  long publishedNanos;
  long closedNanos;
  long bytes;
  private long arrivedNanos;
  private boolean stamped;
  private long number;
  private long lost;
  private long repeated;
  private long outOfOrder;
  private long unstamped;
  private long backwards;
  private long headChanged;
  private long longestSilence;
  private long lastMediaNanos;

  /** The clip's tracks; null when payloads are not compared with it. */
  record Sources(@Nullable ClipIndex video, @Nullable ClipIndex audio) {
    boolean areChecked() {
      return video != null;
    }
  }

  /** One track's counts and its place in the clip. */
  private static final class Track {
    private int place = -1;
    private long lastMs = -1;
    private long frames;
    private long right;
    private long wrong;
    private long skipped;

    void clear() {
      frames = 0;
      right = 0;
      wrong = 0;
      skipped = 0;
    }
  }

  /**
   * @param tls for what comes encrypted; null where it comes plain
   */
  SinkConnection(int fd, @Nullable TlsSide tls, Sources sources, List<Histogram> latencyOfAll) {
    this.fd = fd;
    this.tls = tls;
    this.sources = sources;
    this.latencyOfAll = latencyOfAll;
    this.ingest = new IngestConnection(sources.areChecked(), this::onMedia);
  }

  /** Bytes have arrived at this time. */
  void receive(ByteBuffer in, long nowNanos) throws IOException {
    arrivedNanos = nowNanos;
    if (tls == null) {
      receivePlain(in);
    } else {
      tls.receive(in, this::receivePlain);
    }
  }

  /** What is counted is RTMP, however it came. */
  private void receivePlain(ByteBuffer in) throws IOException {
    bytes += in.remaining();
    ingest.receive(in);
  }

  /** Sends what the publisher is to get; whether the connection still stands. */
  boolean reply() throws IOException {
    NativeBuffer replies = ingest.replies();
    if (tls != null) {
      if (!replies.isEmpty()) {
        tls.send(replies.bytes());
        replies.clear();
      }
      replies = tls.outgoing();
    }
    return replies.isEmpty() || replies.sendTo(fd) >= 0;
  }

  private void onMedia(ChunkStream message) {
    Track track = message.type == Tag.VIDEO ? video : audio;
    if (lastMediaNanos != 0) {
      longestSilence = Math.max(longestSilence, arrivedNanos - lastMediaNanos);
    }
    lastMediaNanos = arrivedNanos;
    if (message.timeMs < track.lastMs) {
      backwards++;
    }
    track.lastMs = message.timeMs;
    if (message.length < 2 || message.head[1] != 1) {
      return;
    }
    track.frames++;
    Stamp stamp = message.type == Tag.VIDEO ? message.stamp() : null;
    if (sources.areChecked()) {
      compare(message, track, stamp == null ? 0 : Stamp.SIZE);
    }
    if (stamp != null) {
      onStamp(stamp);
    } else if (message.type == Tag.VIDEO) {
      unstamped++;
    }
  }

  private void compare(ChunkStream message, Track track, int stampSize) {
    ClipIndex source = message.type == Tag.VIDEO ? sources.video() : sources.audio();
    if (source == null || source.size() == 0) {
      return;
    }
    int crc = message.crc(stampSize);
    int length = message.length - stampSize;
    int expected = (track.place + 1) % source.size();
    if (track.place < 0 || !source.isAt(expected, crc, length)) {
      int found = source.find(crc, length);
      if (found < 0) {
        track.wrong++;
        return;
      }
      if (track.place >= 0) {
        track.skipped += Math.floorMod(found - expected, source.size());
      }
      expected = found;
    }
    track.place = expected;
    track.right++;
    if (message.type == Tag.VIDEO && !hasHeadOf(source.tag(expected), message)) {
      headChanged++;
    }
  }

  private static boolean hasHeadOf(Tag tag, ChunkStream message) {
    return Arrays.equals(tag.body(), 0, Tag.VIDEO_HEAD, message.head, 0, Tag.VIDEO_HEAD);
  }

  private void onStamp(Stamp stamp) {
    if (!stamped || stamp.number() == number + 1) {
      stamped = true;
      number = stamp.number();
    } else if (stamp.number() > number) {
      lost += stamp.number() - number - 1;
      number = stamp.number();
    } else if (stamp.number() == number) {
      repeated++;
    } else {
      outOfOrder++;
    }
    long micros = (arrivedNanos - stamp.nanos()) / MICRO;
    latency.add(micros);
    for (Histogram each : latencyOfAll) {
      each.add(micros);
    }
  }

  /** Counts begin anew; the place in the clip stays. */
  void clear() {
    video.clear();
    audio.clear();
    latency.clear();
    bytes = 0;
    lost = 0;
    repeated = 0;
    outOfOrder = 0;
    unstamped = 0;
    backwards = 0;
    headChanged = 0;
    longestSilence = 0;
  }

  /** Adds its counts to the sums over all connections. */
  void addTo(Sums sums) {
    sums.bytes += bytes;
    sums.pictures += video.frames;
    sums.audioFrames += audio.frames;
    sums.lost += lost;
    sums.repeated += repeated;
    sums.outOfOrder += outOfOrder;
    sums.unstamped += unstamped;
    sums.backwards += backwards;
    sums.videoWrong += video.wrong;
    sums.videoSkipped += video.skipped;
    sums.headChanged += headChanged;
    sums.audioWrong += audio.wrong;
    sums.audioSkipped += audio.skipped;
  }

  /** The sums of a report. */
  static final class Sums {
    long bytes;
    long pictures;
    long audioFrames;
    long lost;
    long repeated;
    long outOfOrder;
    long unstamped;
    long backwards;
    long videoWrong;
    long videoSkipped;
    long headChanged;
    long audioWrong;
    long audioSkipped;
  }

  /**
   * For a report that lists connections.
   *
   * @param beginNanos when the sink began
   */
  void into(ObjectNode json, long beginNanos) {
    json.put("i", index);
    json.put("app", ingest.app());
    json.put("key", ingest.key());
    json.put("published_ms", (publishedNanos - beginNanos) / 1e6);
    json.put("closed_ms", open ? -1 : (closedNanos - beginNanos) / 1e6);
    json.put("bytes", bytes);
    json.put("video", video.frames);
    json.put("audio", audio.frames);
    json.put("lost", lost);
    json.put("video_skipped", video.skipped);
    json.put("audio_skipped", audio.skipped);
    json.put("longest_gap_ms", longestSilence / 1e6);
    latency.into(json.putObject("latency"));
  }
}
