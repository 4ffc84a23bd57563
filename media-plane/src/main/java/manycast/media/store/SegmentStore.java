package manycast.media.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import manycast.media.broadcast.BroadcastClaim;
import manycast.media.hls.Recorder;
import manycast.media.hls.Recording;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the segments of all broadcasts of this node: a folder for each time that a node carried
 * one, named {@code broadcast/epoch}. With a bucket the folder is a place on the way: what is there
 * is moved on, by the next process where this one ended before. Safe from any thread.
 */
public final class SegmentStore implements Recorder, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentStore.class);
  private static final String LOCK = "lock";

  private final Path folder;
  private final @Nullable S3Bucket bucket;
  private final @Nullable FileChannel lock;
  private final Set<Object> busy = ConcurrentHashMap.newKeySet();
  private final Set<Upload> uploads = ConcurrentHashMap.newKeySet();

  private SegmentStore(Path folder, @Nullable S3Bucket bucket, @Nullable FileChannel lock) {
    this.folder = folder;
    this.bucket = bucket;
    this.lock = lock;
  }

  /** A store whose segments stay in this folder, which nodes may share. */
  public static SegmentStore inFolder(Path folder) {
    return new SegmentStore(folder, null, null);
  }

  /**
   * A store whose segments go on to a bucket, which it owns.
   *
   * @param waiting where segments are until the bucket has them; each process has a folder of its
   *     own there, and takes up what those that are no more have left
   */
  public static SegmentStore inBucket(Path waiting, S3Bucket bucket) {
    try {
      Path own = Files.createDirectories(waiting.resolve(UUID.randomUUID().toString()));
      FileChannel lock = lock(own);
      SegmentStore store = new SegmentStore(own, bucket, lock);
      store.takeUp(waiting);
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public Recording begin(BroadcastClaim claim) {
    String name = claim.broadcastId() + "/" + claim.epoch();
    Path its = folder.resolve(claim.broadcastId().toString()).resolve(Long.toString(claim.epoch()));
    Object token = new Object();
    busy.add(token);
    return new FolderRecording(
        name, new RecordingFolder(its), upload(its, name), () -> busy.remove(token));
  }

  /** Whether everything that has ended is where it belongs. */
  public boolean isIdle() {
    return busy.isEmpty() && uploads.isEmpty();
  }

  /** What is on its way stays where it is, for the next process. */
  @Override
  public void close() {
    uploads.forEach(Upload::close);
    try {
      if (bucket != null) {
        bucket.close();
      }
      if (lock != null) {
        lock.close();
      }
    } catch (IOException e) {
      LOG.warn("the store's lock cannot be given back: {}", e.getMessage());
    }
  }

  private @Nullable Upload upload(Path its, String name) {
    S3Bucket to = bucket;
    if (to == null) {
      return null;
    }
    Upload upload = new Upload(to, its, name, uploads::remove);
    uploads.add(upload);
    return upload;
  }

  private static @Nullable FileChannel lock(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException thisProcess) {
      // Another node in it.
    }
    channel.close();
    return null;
  }

  /** Moves what processes that are no more have left. */
  private void takeUp(Path waiting) throws IOException {
    for (Path left : list(waiting)) {
      if (left.equals(folder) || !Files.isDirectory(left)) {
        continue;
      }
      try (FileChannel mine = lock(left)) {
        if (mine != null) {
          takeUpAll(left);
        }
      }
    }
  }

  private void takeUpAll(Path left) throws IOException {
    for (Path broadcast : list(left)) {
      if (Files.isDirectory(broadcast)) {
        for (Path recording : list(broadcast)) {
          takeUp(recording, broadcast.getFileName() + "/" + recording.getFileName());
        }
      }
      Files.delete(broadcast); // or the lock, which is ours
    }
    Files.delete(left);
  }

  private void takeUp(Path left, String name) throws IOException {
    Path its = folder.resolve(name);
    Files.createDirectories(its.getParent());
    Files.move(left, its);
    Path playlist = its.resolve(RecordingFolder.PLAYLIST);
    if (!Files.exists(playlist) || !RecordingFolder.endLeftBehind(playlist)) {
      return;
    }
    LOG.info("recording {} was left behind and is stored now", name);
    Upload upload = upload(its, name);
    if (upload != null) {
      for (Path file : list(its)) {
        String fileName = file.getFileName().toString();
        if (fileName.endsWith(".mp4") || fileName.endsWith(".m4s")) {
          upload.file(file);
        } else if (fileName.endsWith(RecordingFolder.GROWING)) {
          Files.delete(file);
        }
      }
      upload.end(Files.size(playlist));
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted(Comparator.comparing(Path::getFileName)).toList();
    }
  }
}
