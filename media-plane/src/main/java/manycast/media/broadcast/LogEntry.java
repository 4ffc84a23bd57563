package manycast.media.broadcast;

import io.netty.buffer.ByteBuf;
import manycast.media.frame.Frame;
import org.jspecify.annotations.Nullable;

/**
 * A frame at its place in the log, with the wire images that were made of it. The log owns both.
 */
public final class LogEntry {
  /** What {@link #previousMs} says of the first entry of a track. */
  public static final long NO_PREVIOUS = -1;

  /**
   * What an entry takes beside its bytes: itself, its frame, and the buffers' own objects. Without
   * it tiny messages would fill the heap and count for nothing.
   */
  static final int OVERHEAD_BYTES = 384;

  private final BroadcastLog log;
  private final Frame frame;
  private final long sequence;
  private final long mediaIndex;
  private final long trackIndex;
  private final long bytesBefore;
  private final long arrivalMs;
  private final long previousMs;
  private final @Nullable ByteBuf[] images = new @Nullable ByteBuf[WireFormat.VARIANTS];
  private int bytes;
  private long startSequence = -1;

  LogEntry(
      BroadcastLog log,
      Frame frame,
      long sequence,
      long mediaIndex,
      long trackIndex,
      long bytesBefore,
      long arrivalMs,
      long previousMs) {
    this.log = log;
    this.frame = frame;
    this.sequence = sequence;
    this.mediaIndex = mediaIndex;
    this.trackIndex = trackIndex;
    this.bytesBefore = bytesBefore;
    this.arrivalMs = arrivalMs;
    this.previousMs = previousMs;
    this.bytes = frame.payload().readableBytes() + OVERHEAD_BYTES;
  }

  /** The frame, lent. */
  public Frame frame() {
    return frame;
  }

  /** The entry's number in the log, counted from 0. */
  public long sequence() {
    return sequence;
  }

  /** When it was appended, on the clock of the loop. */
  public long arrivalMs() {
    return arrivalMs;
  }

  /** Decode time of the entry before it on the same track, or {@link #NO_PREVIOUS}. */
  public long previousMs() {
    return previousMs;
  }

  /** The wire image of this variant, lent; made when it is asked for first. */
  public ByteBuf image(WireFormat format) {
    ByteBuf image = images[format.variant()];
    if (image == null) {
      image = format.image(this);
      images[format.variant()] = image;
      bytes += image.readableBytes();
      log.imageMade(image.readableBytes());
    }
    return image;
  }

  /** How many access units were in the log before this one. */
  long mediaIndex() {
    return mediaIndex;
  }

  /** How many access units of its own track were in the log before this one. */
  long trackIndex() {
    return trackIndex;
  }

  /** How many bytes were appended before this one, images not counted. */
  long bytesBefore() {
    return bytesBefore;
  }

  /** Payload, images and what holds them, in bytes. */
  int bytes() {
    return bytes;
  }

  boolean isStart() {
    return startSequence >= 0;
  }

  /**
   * Where a reader that starts at this entry begins: audio of the same time may have come before
   * the picture.
   */
  long startSequence() {
    return startSequence;
  }

  void markStart(long fromSequence) {
    startSequence = fromSequence;
  }

  void release() {
    for (ByteBuf image : images) {
      if (image != null) {
        image.release();
      }
    }
    frame.release();
  }
}
