package manycast.media.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves one recording from its folder to a bucket, in order: each file once, the playlist never
 * before what it names. Tries for ever; what is not moved when the process ends is moved by the
 * next one. Owns a thread.
 */
final class Upload {
  private static final Logger LOG = LoggerFactory.getLogger(Upload.class);

  /** A playlist of hours is long, and nobody needs each version of it. */
  private static final long PLAYLIST_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final int FIRST_PAUSE_MS = 500;
  private static final int LONGEST_PAUSE_MS = 30_000;

  private final S3Bucket bucket;
  private final Path folder;
  private final String name;
  private final Consumer<Upload> whenOver;
  private final LinkedBlockingQueue<Step> steps = new LinkedBlockingQueue<>();
  private final Thread thread;
  private long playlistAt = System.nanoTime() - PLAYLIST_EVERY_NANOS;
  private boolean failing;

  private sealed interface Step {
    record File(Path file) implements Step {}

    /** The playlist's first so many bytes name only what was moved before. */
    record Playlist(long bytes, boolean last) implements Step {}
  }

  private interface Attempt {
    void make() throws IOException, InterruptedException;
  }

  /**
   * An upload that has nothing to do yet.
   *
   * @param name of the recording: what its objects' names begin with
   * @param whenOver told when all of it is moved and the folder is gone
   */
  Upload(S3Bucket bucket, Path folder, String name, Consumer<Upload> whenOver) {
    this.bucket = bucket;
    this.folder = folder;
    this.name = name;
    this.whenOver = whenOver;
    this.thread = Thread.ofVirtual().name("upload-" + name).start(this::run);
  }

  /** A file is there whole. */
  void file(Path file) {
    steps.add(new Step.File(file));
  }

  /** The playlist is so long now, and names nothing that was not told of. */
  void playlist(long bytes) {
    steps.add(new Step.Playlist(bytes, false));
  }

  /** The playlist has ended with so many bytes. */
  void end(long bytes) {
    steps.add(new Step.Playlist(bytes, true));
  }

  /** Stops where it is. */
  void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      boolean over = false;
      while (!over) {
        over = carryOut(steps.take());
      }
      whenOver.accept(this);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean carryOut(Step step) throws InterruptedException {
    switch (step) {
      case Step.File(Path file) -> {
        tryForEver(() -> bucket.put(name + "/" + file.getFileName(), file, "video/mp4"));
        delete(file);
      }
      case Step.Playlist(long bytes, boolean last) -> {
        boolean due = last || System.nanoTime() - playlistAt > PLAYLIST_EVERY_NANOS;
        if (due && bytes > 0) {
          tryForEver(() -> putPlaylist(bytes));
          playlistAt = System.nanoTime();
        }
        if (last) {
          delete(folder.resolve(RecordingFolder.PLAYLIST));
          delete(folder);
          deleteIfEmpty(folder.getParent());
          return true;
        }
      }
    }
    return false;
  }

  private void putPlaylist(long bytes) throws IOException, InterruptedException {
    byte[] whole = Files.readAllBytes(folder.resolve(RecordingFolder.PLAYLIST));
    bucket.put(
        name + "/" + RecordingFolder.PLAYLIST,
        Arrays.copyOf(whole, (int) bytes),
        "application/vnd.apple.mpegurl");
  }

  private void tryForEver(Attempt attempt) throws InterruptedException {
    int pause = FIRST_PAUSE_MS;
    while (true) {
      IOException failure = tryOnce(attempt);
      if (failure == null) {
        if (failing) {
          failing = false;
          LOG.info("recording {} is being stored again", name);
        }
        return;
      }
      if (!failing) {
        failing = true;
        LOG.warn("recording {} cannot be stored now: {}", name, failure.getMessage());
      }
      Thread.sleep(pause / 2 + ThreadLocalRandom.current().nextInt(pause / 2));
      pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
    }
  }

  private static @Nullable IOException tryOnce(Attempt attempt) throws InterruptedException {
    try {
      attempt.make();
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  /** The broadcast's folder, where no other recording of it is on its way. */
  private static void deleteIfEmpty(@Nullable Path path) {
    if (path != null && !path.toFile().delete()) {
      LOG.debug("{} is not empty", path);
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.warn("{} is stored and cannot be deleted here: {}", path, e.getMessage());
    }
  }
}
