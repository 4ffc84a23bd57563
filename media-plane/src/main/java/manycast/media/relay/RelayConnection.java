package manycast.media.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.Cursor;
import manycast.media.broadcast.CursorReader;
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
final class RelayConnection implements RtmpTrackWriter.Wire, InStep.Member, DueFrames.Sender {
  /** What one destination may be given in one turn of the loop. */
  private static final int TURN_BYTES = 256 << 10;

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
  private final InStep others;
  private final CatchUp catchUp;
  private final Owner owner;
  private @Nullable Cursor cursor;
  private @Nullable RtmpTrackWriter writer;
  private @Nullable StraightSocket straight;
  private InStep.@Nullable Place place;
  private long straightBytes;
  private long queuedBytesAccepted;
  private long bytesCounted;
  private long progressMs;
  private long allowance;
  private long allowanceMs;

  /** Whose connection it is. */
  interface Owner extends CursorReader {
    /** Something in our own code went wrong when this connection was written to. */
    void failInside(RuntimeException fault);
  }

  /**
   * A connection whose handshake begins.
   *
   * @param others the broadcast's connections that are in step, which it joins when it can
   * @param catchUp shared with the broadcast's other connections
   * @param egress counts what all relays of the node have sent
   */
  RelayConnection(
      Broadcast broadcast,
      RtmpClientHandler handler,
      InStep others,
      CatchUp catchUp,
      Owner owner,
      LongAdder egress) {
    this.broadcast = broadcast;
    this.handler = handler;
    this.others = others;
    this.catchUp = catchUp;
    this.owner = owner;
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
    leaveStep();
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
    if (place != null) {
      others.offered(nowMs);
    }
    Cursor from = cursor;
    RtmpTrackWriter out = writer;
    if (place == null && from != null && out != null) {
      sendEntryByEntry(from, out, nowMs);
    }
  }

  /**
   * From here on it is written to by itself. To be called before anything else than frames is
   * queued, before its tracks or its delay change, and before it is given up.
   */
  void leaveStep() {
    InStep.Place left = place;
    place = null;
    if (left != null) {
      left.leave();
    }
  }

  /** Takes over what was sent to all that are in step. */
  private void settle() {
    if (place != null) {
      place.settle();
    }
  }

  @Override
  public StraightSocket socket() {
    return Objects.requireNonNull(straight);
  }

  /** Its place in the log, once the destination takes media. */
  @Override
  public Cursor cursor() {
    return Objects.requireNonNull(cursor);
  }

  @Override
  public long position() {
    settle();
    return cursor().position();
  }

  @Override
  public void sent(long frames, long bytes, long[] lastMs, long atMs) {
    straightBytes += bytes;
    progressMs = atMs;
    Objects.requireNonNull(writer).passed(frames, lastMs);
  }

  @Override
  public void tookPartOf(LogRun run, long written) {
    place = null;
    straightBytes -= run.bytes() - written;
    Objects.requireNonNull(writer).tookPartOf(run, written);
    handler.flush();
  }

  @Override
  public void broke(Exception fault) {
    place = null;
    if (fault instanceof RuntimeException ours) {
      owner.failInside(ours);
    } else {
      handler.channel().pipeline().fireExceptionCaught(fault);
    }
  }

  @Override
  public void goOn(long nowMs) {
    place = null;
    owner.offered(nowMs);
  }

  private void sendEntryByEntry(Cursor from, RtmpTrackWriter out, long nowMs) {
    boolean fresh = from.lagMs(nowMs) < InStep.FRESH_MS;
    long room = fresh ? TURN_BYTES : Math.min(refillAllowance(nowMs), catchUp.room(nowMs));
    long left = room;
    while (left > 0 && handler.isWritable()) {
      LogEntry entry = from.next(nowMs);
      if (entry == null) {
        break;
      }
      left -= out.write(entry, from);
    }
    if (left < room) {
      // Flushing may make the channel writable and call back here: what is spent is spent.
      if (!fresh) {
        allowance -= room - left;
        catchUp.spend(room - left, nowMs);
      }
      handler.flush();
      noteProgress(nowMs);
    }
    StraightSocket socket = straight;
    if (place == null && socket != null && socket.isClear() && out.isInStep(from)) {
      place = others.enter(this, nowMs);
    }
  }

  /** Sends on what had to wait for its pace, and after the end what no further frame will push. */
  void pumpWhatWaits(long nowMs) {
    settle();
    Cursor from = cursor;
    if (from != null && (broadcast.endReason() != null || from.lagMs(nowMs) >= InStep.FRESH_MS)) {
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
    settle();
    return queuedBytesAccepted + straightBytes;
  }

  /** Access units that the socket has accepted whole. */
  @Override
  public long framesSent() {
    settle();
    RtmpTrackWriter out = writer;
    return out == null ? 0 : out.framesSent();
  }

  /** Access units that were queued and that the socket has not accepted whole. */
  @Override
  public long framesQueued() {
    settle();
    RtmpTrackWriter out = writer;
    return out == null ? 0 : out.framesQueued();
  }

  /** How old the oldest is that waits: in the log, or for the socket. */
  long lagMs(long nowMs) {
    settle();
    Cursor from = cursor;
    long inLog = from == null ? 0 : from.lagMs(nowMs);
    return pendingBytes() > 0 ? Math.max(inLog, nowMs - progressMs) : inLog;
  }

  /** Whether the socket has taken nothing for ten seconds although data waits. */
  boolean isStalled(long nowMs) {
    return isPublishing() && pendingBytes() > 0 && nowMs - progressMs > STALL_MS;
  }
}
