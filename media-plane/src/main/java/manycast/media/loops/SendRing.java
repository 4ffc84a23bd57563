package manycast.media.loops;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.IovArray;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sends the same bytes to many sockets in one call of the kernel, by an io_uring of its own: the
 * sends of a batch are handed over, carried out and answered for within that call, as none of them
 * may wait. Nothing is under way when it returns. It belongs to the thread that made it.
 *
 * <p>The layouts and numbers are those of {@code linux/io_uring.h}.
 */
final class SendRing implements SharedWrites, AutoCloseable {
  /** Sends of one call; what is more takes another. */
  private static final int ENTRIES = 1024;

  private static final int ENTRY_BYTES = 64;
  private static final int ANSWER_BYTES = 16;

  private static final byte OP_SENDMSG = 9;
  private static final byte OP_SEND = 26;

  /** MSG_DONTWAIT and MSG_NOSIGNAL. */
  private static final int NEVER_WAIT = 0x40 | 0x4000;

  private static final int EAGAIN = 11;

  /** How many sends that do not wait are at least cheaper in a batch. */
  private static final int WORTH_IT = 4;

  private final RingMemory ring;
  private final ByteBuffer entries;
  private final ByteBuffer answers;
  private final int entryMask;
  private final int answerMask;
  private boolean broken;
  private final IovArray vectors = new IovArray();

  /** A msghdr that points to {@link #vectors}. */
  private final MemorySegment message = Arena.ofAuto().allocate(56, 8);

  private SendRing(RingMemory ring) {
    this.ring = ring;
    this.entries = ring.entries();
    this.answers = ring.answers();
    this.entryMask = ring.entryCount() - 1;
    this.answerMask = ring.answerCount() - 1;
  }

  /** A ring for the calling thread, or null where the kernel does not allow one. */
  static @Nullable SendRing open() {
    RingMemory ring = RingMemory.open(ENTRIES);
    return ring == null ? null : new SendRing(ring);
  }

  @Override
  public void write(
      @Nullable StraightSocket[] sockets, int size, Pieces pieces, Shortfall shortfall) {
    if (size < WORTH_IT || broken) {
      ONE_BY_ONE.write(sockets, size, pieces, shortfall);
      return;
    }
    boolean single = pieces.count() == 1;
    if (!single) {
      gather(pieces);
    }
    for (int from = 0; from < size; from += ENTRIES) {
      int to = Math.min(size, from + ENTRIES);
      batch(sockets, from, to, pieces, single, shortfall);
    }
  }

  private void batch(
      @Nullable StraightSocket[] sockets,
      int from,
      int to,
      Pieces pieces,
      boolean single,
      Shortfall shortfall) {
    ByteBuf first = Objects.requireNonNull(pieces.images()[0]);
    long address = single ? first.memoryAddress() + first.readerIndex() : message.address();
    int length = single ? first.readableBytes() : 1;
    byte operation = single ? OP_SEND : OP_SENDMSG;
    int tail = ring.tail();
    int count = 0;
    for (int i = from; i < to; i++) {
      if (sockets[i] instanceof StraightSocket.OfEpoll socket && socket.socket().isOpen()) {
        put((tail + count) & entryMask, operation, socket.socket().intValue(), address, length, i);
        count++;
      } else {
        // The number of a closed one may be another socket's by now.
        shortfall.took(i, 0);
      }
    }
    int answered = ring.carryOut(count);
    broken = answered < count;
    int head = ring.head();
    for (int i = 0; i < answered; i++) {
      int at = ((head + i) & answerMask) * ANSWER_BYTES;
      int result = answers.getInt(at + 8);
      if (result != pieces.bytes()) {
        tell((int) answers.getLong(at), result, shortfall);
      }
    }
    if (answered < count) {
      throw new IllegalStateException(
          "the ring answered for " + answered + " of " + count + " sends");
    }
    ring.forget(answered);
  }

  private void put(int slot, byte operation, int descriptor, long address, int length, int index) {
    int at = slot * ENTRY_BYTES;
    entries.put(at, operation);
    entries.putInt(at + 4, descriptor);
    entries.putLong(at + 16, address);
    entries.putInt(at + 24, length);
    entries.putInt(at + 28, NEVER_WAIT);
    entries.putLong(at + 32, index);
  }

  private static void tell(int index, int result, Shortfall shortfall) {
    if (result >= 0) {
      shortfall.took(index, result);
    } else if (result == -EAGAIN) {
      shortfall.took(index, 0);
    } else {
      IOException fault = Errors.newIOException("send", result);
      shortfall.broke(index, fault);
    }
  }

  private void gather(Pieces pieces) {
    vectors.clear();
    for (int i = 0; i < pieces.count(); i++) {
      ByteBuf piece = Objects.requireNonNull(pieces.images()[i]);
      vectors.add(piece, piece.readerIndex(), piece.readableBytes());
    }
    ByteBuffer header = message.asByteBuffer().order(ByteOrder.nativeOrder());
    header.putLong(16, vectors.memoryAddress(0));
    header.putLong(24, vectors.count());
  }

  @Override
  public void close() {
    vectors.release();
    ring.close();
  }
}
