package manycast.media.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import manycast.media.broadcast.BroadcastLog;
import manycast.media.broadcast.Cursor;
import manycast.media.broadcast.LogEntry;
import manycast.media.broadcast.LogRun;
import manycast.media.loops.StraightSocket;
import org.jspecify.annotations.Nullable;

/** A destination's connection as a relay drives it, onto a sheet of paper. */
final class WrittenConnection implements RtmpTrackWriter.Wire, InStep.Member, StraightSocket {
  static final int MESSAGE_STREAM_ID = 5;

  final Cursor cursor;
  final RtmpTrackWriter writer;
  final ByteArrayOutputStream wire = new ByteArrayOutputStream();

  /** Of so many bytes offered, how many the socket takes at once; negative breaks it. */
  IntUnaryOperator takes = offered -> offered;

  /** Access units that the cursor yielded, or that were given to all in step. */
  int accessUnits;

  int runs;
  boolean broken;
  private final InStep others;
  private InStep.@Nullable Place place;
  private long queued;

  WrittenConnection(
      BroadcastLog log, RtmpWireFormat format, InStep others, int delayMs, long nowMs) {
    this.others = others;
    cursor = log.openAtNewestStart(_ -> {}, delayMs, nowMs);
    writer =
        new RtmpTrackWriter(log, format, PlatformCodecs.of("custom"), TrackChoice.DEFAULT, this);
  }

  boolean isInStep() {
    return place != null;
  }

  /** As {@link RelayConnection#pump}, on a channel that takes everything. */
  void pump(long nowMs) {
    if (place != null) {
      others.offered(nowMs);
    }
    if (place == null && !broken) {
      for (LogEntry entry = cursor.next(nowMs); entry != null; entry = cursor.next(nowMs)) {
        writer.write(entry, cursor);
        accessUnits += entry.frame().isMedia() ? 1 : 0;
      }
      if (writer.isInStep(cursor)) {
        place = others.enter(this, nowMs);
      }
    }
  }

  void leaveStep() {
    if (place != null) {
      place.leave();
      place = null;
    }
  }

  void settle() {
    if (place != null) {
      place.settle();
    }
  }

  @Override
  public void write(ByteBuf chunks) {
    queued += chunks.readableBytes();
    wire.writeBytes(ByteBufUtil.getBytes(chunks));
    chunks.release();
  }

  @Override
  public int messageStreamId() {
    return MESSAGE_STREAM_ID;
  }

  @Override
  public long bytesQueued() {
    return queued;
  }

  @Override
  public boolean isClear() {
    return true;
  }

  @Override
  public long write(@Nullable ByteBuf[] pieces, int count, int stamp) throws IOException {
    runs++;
    int all = 0;
    for (int i = 0; i < count; i++) {
      all += Objects.requireNonNull(pieces[i]).readableBytes();
    }
    int taken = takes.applyAsInt(all);
    if (taken < 0) {
      throw new IOException("broken pipe");
    }
    for (int i = 0, left = taken; i < count && left > 0; i++) {
      byte[] image = ByteBufUtil.getBytes(Objects.requireNonNull(pieces[i]));
      wire.write(image, 0, Math.min(left, image.length));
      left -= Math.min(left, image.length);
    }
    return taken;
  }

  @Override
  public StraightSocket socket() {
    return this;
  }

  @Override
  public Cursor cursor() {
    return cursor;
  }

  @Override
  public void sent(long frames, long bytes, long[] lastMs, long atMs) {
    accessUnits += (int) frames;
    writer.passed(frames, lastMs);
  }

  @Override
  public void tookPartOf(LogRun run, long written) {
    place = null;
    writer.tookPartOf(run, written);
  }

  @Override
  public void broke(Exception fault) {
    broken = true;
    cursor.close();
  }

  @Override
  public void goOn(long nowMs) {
    place = null;
    pump(nowMs);
  }
}
