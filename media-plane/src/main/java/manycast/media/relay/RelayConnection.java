package manycast.media.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.Cursor;
import manycast.media.broadcast.LogEntry;
import manycast.media.broadcast.LogRun;
import manycast.media.frame.Owned;
import manycast.media.loops.StraightSocket;
import manycast.media.rtmp.netty.RtmpClientHandler;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a destination and what goes over it: writes what the cursor yields for as long
 * as the channel takes it, and counts what the socket has accepted. It has no queue. Belongs to the
 * broadcast's loop.
 */
final class RelayConnection implements RtmpTrackWriter.Wire {
  /** What one destination may be given in one turn of the loop. */
  private static final int TURN_BYTES = 256 << 10;

  /** Older entries than this are sent at a bounded pace, so that catching up is no flood. */
  private static final int FRESH_MS = 500;

  private static final int CATCH_UP_TIMES_BITRATE = 4;

  /** A pace below which nothing would ever catch up. */
  private static final int SLOWEST_CATCH_UP_BYTES = 32_000;

  private static final int STALL_MS = 10_000;

  /** What Netty adds to a channel's pending bytes for every buffer in it. */
  private static final int QUEUE_ENTRY_BYTES =
      Integer.getInteger("io.netty.transport.outboundBufferEntrySizeOverhead", 96);

  private final Broadcast broadcast;
  private final RtmpClientHandler handler;
  private final LongAdder egress;
  private @Nullable Cursor cursor;
  private @Nullable RtmpTrackWriter writer;
  private @Nullable StraightSocket straight;
  private long straightBytes;
  private long queuedBytesAccepted;
  private long bytesCounted;
  private long progressMs;
  private long allowance;
  private long allowanceMs;

  /**
   * A connection whose handshake begins.
   *
   * @param egress counts what all relays of the node have sent
   */
  RelayConnection(Broadcast broadcast, RtmpClientHandler handler, LongAdder egress) {
    this.broadcast = broadcast;
    this.handler = handler;
    this.egress = egress;
  }

  RtmpClientHandler handler() {
    return handler;
  }

  Channel channel() {
    return handler.channel();
  }

  /** The destination takes media: from now on the cursor's frames are written. */
  void publish(
      Cursor from, RtmpWireFormat format, PlatformCodecs codecs, TrackChoice tracks, long nowMs) {
    cursor = from;
    writer = new RtmpTrackWriter(broadcast.log(), format, codecs, tracks, this);
    straight = handler.isPlain() ? StraightSocket.of(handler.channel()) : null;
    progressMs = nowMs;
    allowance = TURN_BYTES;
    allowanceMs = nowMs;
  }

  /** Sends other tracks from here on, over the same connection. */
  void choose(TrackChoice tracks) {
    if (writer != null) {
      writer.choose(tracks);
    }
  }

  @Override
  public void write(@Owned ByteBuf chunks) {
    handler.write(chunks);
  }

  @Override
  public int messageStreamId() {
    return handler.messageStreamId();
  }

  @Override
  public long bytesQueued() {
    return handler.bytesQueued();
  }

  boolean isPublishing() {
    return cursor != null;
  }

  /** Sends what the channel takes in one write. */
  void pump(long nowMs) {
    Cursor place = cursor;
    RtmpTrackWriter out = writer;
    if (place != null && out != null && !sendInStep(place, out, nowMs)) {
      sendEntryByEntry(place, out, nowMs);
    }
  }

  /**
   * What has had all that came before and waits for nothing differs from others like it in its
   * socket only: it is sent the same runs of bytes.
   *
   * @return whether there is nothing more to do
   */
  private boolean sendInStep(Cursor place, RtmpTrackWriter out, long nowMs) {
    StraightSocket socket = straight;
    if (socket == null) {
      return false;
    }
    boolean all = false;
    while (!all && socket.isClear()) {
      LogRun run = out.runInStep(place, nowMs);
      if (run == null || nowMs - run.arrivalMs() >= FRESH_MS) {
        return false;
      }
      if (!writeStraight(socket, run, out, place, nowMs)) {
        return true;
      }
      all = place.isAtHead();
    }
    return all;
  }

  /** Answers whether the socket has taken all of it. */
  private boolean writeStraight(
      StraightSocket socket, LogRun run, RtmpTrackWriter out, Cursor place, long nowMs) {
    int bytes = run.bytes();
    long written;
    try {
      written = socket.write(run.images(), run.count(), run.filled());
    } catch (IOException e) {
      handler.channel().pipeline().fireExceptionCaught(e);
      return false;
    }
    straightBytes += written;
    progressMs = nowMs;
    out.wrote(run, written, place);
    if (written < bytes) {
      handler.flush();
    }
    return written == bytes;
  }

  private void sendEntryByEntry(Cursor place, RtmpTrackWriter out, long nowMs) {
    boolean fresh = place.lagMs(nowMs) < FRESH_MS;
    long room = fresh ? TURN_BYTES : refillAllowance(nowMs);
    long left = room;
    while (left > 0 && handler.isWritable()) {
      LogEntry entry = place.next(nowMs);
      if (entry == null) {
        break;
      }
      left -= out.write(entry, place);
    }
    if (left < room) {
      // Flushing may make the channel writable and call back here: what is spent is spent.
      allowance = fresh ? allowance : left;
      handler.flush();
      noteProgress(nowMs);
    }
    // Also where nothing was written: the cursor may have lost its place.
    out.enterStepWhenPossible(place);
  }

  /** Sends on what had to wait for its pace, and after the end what no further frame will push. */
  void pumpWhatWaits(long nowMs) {
    Cursor place = cursor;
    if (place != null && (broadcast.endReason() != null || place.lagMs(nowMs) >= FRESH_MS)) {
      pump(nowMs);
    }
  }

  private long refillAllowance(long nowMs) {
    long perSecond =
        Math.max(
            SLOWEST_CATCH_UP_BYTES,
            CATCH_UP_TIMES_BITRATE * broadcast.ingest().bitrateBps(nowMs) / 8);
    allowance = Math.min(TURN_BYTES, allowance + perSecond * (nowMs - allowanceMs) / 1000);
    allowanceMs = nowMs;
    return allowance;
  }

  /** Looks what the socket has accepted by now. */
  void noteProgress(long nowMs) {
    long pending = pendingBytes();
    long accepted = handler.bytesQueued() - pending;
    if (accepted > queuedBytesAccepted || pending == 0) {
      queuedBytesAccepted = Math.max(queuedBytesAccepted, accepted);
      if (writer != null) {
        writer.noteSent(queuedBytesAccepted);
      }
      progressMs = nowMs;
    }
  }

  /** Adds what was accepted since the last call to the node's count. */
  void count() {
    long accepted = bytesAccepted();
    egress.add(accepted - bytesCounted);
    bytesCounted = accepted;
  }

  /**
   * What the socket has not taken yet. Behind TLS that is ciphertext, a little more than what it
   * was made of, so what was accepted is told a little late; what TLS still holds is counted too.
   */
  long pendingBytes() {
    ChannelOutboundBuffer buffer = handler.channel().unsafe().outboundBuffer();
    return buffer == null
        ? 0
        : buffer.totalPendingWriteBytes()
            - (long) buffer.size() * QUEUE_ENTRY_BYTES
            - buffer.currentProgress();
  }

  /** Bytes that the socket has accepted, handshake and commands included. */
  long bytesAccepted() {
    return queuedBytesAccepted + straightBytes;
  }

  /** Access units that the socket has accepted whole. */
  long framesSent() {
    RtmpTrackWriter out = writer;
    return out == null ? 0 : out.framesSent();
  }

  /** How old the oldest is that waits: in the log, or for the socket. */
  long lagMs(long nowMs) {
    Cursor place = cursor;
    long inLog = place == null ? 0 : place.lagMs(nowMs);
    return pendingBytes() > 0 ? Math.max(inLog, nowMs - progressMs) : inLog;
  }

  /** Whether the socket has taken nothing for ten seconds although data waits. */
  boolean isStalled(long nowMs) {
    return isPublishing() && pendingBytes() > 0 && nowMs - progressMs > STALL_MS;
  }
}
