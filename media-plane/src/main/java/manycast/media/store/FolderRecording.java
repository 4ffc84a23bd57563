package manycast.media.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import manycast.media.frame.Owned;
import manycast.media.hls.RecordedSegment;
import manycast.media.hls.Recording;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the segments of one broadcast into a folder. What waits for the disk counts as held by the
 * preview, which bounds it. Owns a thread, and what waits for it.
 */
final class FolderRecording implements Recording {
  private static final Logger LOG = LoggerFactory.getLogger(FolderRecording.class);

  private final String name;
  private final RecordingFolder folder;
  private final @Nullable Upload upload;
  private final Runnable whenWritten;
  private final LinkedBlockingQueue<Step> steps = new LinkedBlockingQueue<>();
  private long lost;
  private boolean gap;

  private sealed interface Step {
    record Add(@Owned RecordedSegment segment) implements Step {}

    record End() implements Step {}
  }

  /**
   * A recording without a segment.
   *
   * @param upload told of what is there; null where it rests in the folder
   * @param whenWritten told when the last segment is in the folder
   */
  FolderRecording(
      String name, RecordingFolder folder, @Nullable Upload upload, Runnable whenWritten) {
    this.name = name;
    this.folder = folder;
    this.upload = upload;
    this.whenWritten = whenWritten;
    Thread.ofVirtual().name("recording-" + name).start(this::run);
  }

  @Override
  public void add(@Owned RecordedSegment segment) {
    steps.add(new Step.Add(segment));
  }

  @Override
  public void end() {
    steps.add(new Step.End());
  }

  private void run() {
    boolean over = false;
    while (!over) {
      try {
        switch (steps.take()) {
          case Step.Add(RecordedSegment segment) -> write(segment);
          case Step.End _ -> {
            over = true;
            finish();
          }
        }
      } catch (InterruptedException nobodyDoes) {
        Thread.currentThread().interrupt();
        over = true;
      }
    }
  }

  private void write(@Owned RecordedSegment segment) {
    try {
      folder.add(gap ? afterGap(segment) : segment, this::added);
      gap = false;
      if (upload != null) {
        upload.playlist(folder.playlistBytes());
      }
    } catch (IOException | RuntimeException e) {
      gap = true;
      if (lost++ == 0) {
        LOG.error("recording {} loses segments: {}", name, e.getMessage());
      }
    } finally {
      segment.bytes().release();
    }
  }

  private void added(Path file) {
    if (upload != null) {
      upload.file(file);
    }
  }

  private void finish() {
    try {
      folder.end();
    } catch (IOException e) {
      LOG.error("the playlist of recording {} could not be ended: {}", name, e.getMessage());
    }
    if (lost > 0) {
      LOG.error("recording {} has lost {} segments", name, lost);
    }
    if (upload != null) {
      upload.end(folder.playlistBytes());
    }
    whenWritten.run();
  }

  private static RecordedSegment afterGap(RecordedSegment segment) {
    return new RecordedSegment(
        segment.number(),
        segment.bytes(),
        segment.init(),
        segment.initBytes(),
        true,
        segment.dateTime(),
        segment.micros(),
        segment.targetSeconds());
  }
}
