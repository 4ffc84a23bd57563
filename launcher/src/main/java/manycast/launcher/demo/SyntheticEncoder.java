package manycast.launcher.demo;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import manycast.launcher.rtmp.Amf0;
import manycast.launcher.rtmp.MessageType;
import manycast.launcher.rtmp.Publisher;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a sample in real time, from its beginning on each connection, and connects again when
 * the connection ends, as an encoder does that its user left running. Owns its thread and
 * connection.
 */
public final class SyntheticEncoder implements AutoCloseable {
  private static final Duration FIRST_WAIT = Duration.ofMillis(500);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(4);
  private static final int MILLIS_OF_GOODBYE = 2000;

  private final URI server;
  private final String streamKey;
  private final Sample sample;
  private final Thread thread;
  private final AtomicLong connections = new AtomicLong();
  private volatile boolean closed;
  private volatile @Nullable String trouble;
  private @Nullable Publisher publisher;

  /** Begins when it is started. */
  public SyntheticEncoder(URI server, String streamKey, Sample sample) {
    this.server = server;
    this.streamKey = streamKey;
    this.sample = sample;
    this.thread = Thread.ofPlatform().name("encoder").daemon().unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** How many times it was let publish. */
  public long connections() {
    return connections.get();
  }

  /** Why it does not publish at the moment; null while it does. */
  public @Nullable String trouble() {
    return trouble;
  }

  private void run() {
    Duration wait = FIRST_WAIT;
    while (!closed) {
      try (Publisher connected = new Publisher(server, streamKey)) {
        synchronized (this) {
          publisher = connected;
        }
        connections.incrementAndGet();
        trouble = null;
        wait = FIRST_WAIT;
        if (publish(connected)) {
          connected.stop();
          return;
        }
      } catch (IOException e) {
        trouble = e.getMessage();
      }
      if (!closed) {
        LockSupport.parkNanos(wait.toNanos());
        wait =
            wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
      }
    }
  }

  /** Returns true at the end of a sample that is played once, or when it was closed. */
  private boolean publish(Publisher to) throws IOException {
    byte[] metadata = sample.metadata();
    if (metadata != null) {
      to.send(MessageType.DATA, 0, setDataFrame(metadata));
    }
    to.send(MessageType.AUDIO, 0, sample.audioConfig());
    to.send(MessageType.VIDEO, 0, sample.videoConfig());
    long began = System.nanoTime();
    long videoIndex = 0;
    long audioIndex = 0;
    while (!closed) {
      MediaFrame video = sample.video(videoIndex);
      MediaFrame audio = sample.audio(audioIndex);
      boolean videoFirst = video != null && (audio == null || video.dtsMs() <= audio.dtsMs());
      MediaFrame next = videoFirst ? video : audio;
      if (next == null) {
        return true;
      }
      if (videoFirst) {
        videoIndex++;
      } else {
        audioIndex++;
      }
      waitUntil(began + next.dtsMs() * 1_000_000);
      to.send(
          next.kind() == MediaFrame.Kind.VIDEO ? MessageType.VIDEO : MessageType.AUDIO,
          next.dtsMs(),
          next.body());
    }
    return true;
  }

  private void waitUntil(long nanoTime) {
    for (long left = nanoTime - System.nanoTime();
        left > 0 && !closed;
        left = nanoTime - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** What encoders put before the metadata, so that servers keep it for those who come later. */
  private static byte[] setDataFrame(byte[] metadata) {
    byte[] command = Amf0.write("@setDataFrame");
    byte[] whole = new byte[command.length + metadata.length];
    System.arraycopy(command, 0, whole, 0, command.length);
    System.arraycopy(metadata, 0, whole, command.length, metadata.length);
    return whole;
  }

  /** Loses the connection as a network does, without a goodbye; it connects again. */
  public synchronized void cut() {
    if (publisher != null) {
      publisher.close();
    }
  }

  /** Says goodbye and ends; it need not have been started. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(MILLIS_OF_GOODBYE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    cut();
  }
}
