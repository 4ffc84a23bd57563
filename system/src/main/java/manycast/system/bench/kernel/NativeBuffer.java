package manycast.system.bench.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Bytes that wait to be sent, in native memory that grows as needed. One thread uses it. */
public final class NativeBuffer {
  private MemorySegment memory;
  private long from;
  private long to;

  public NativeBuffer(int size) {
    memory = Arena.ofAuto().allocate(size);
  }

  public boolean isEmpty() {
    return from == to;
  }

  public long size() {
    return to - from;
  }

  /** What waits; lent until the next call. */
  public MemorySegment bytes() {
    return memory.asSlice(from, to - from);
  }

  public void put(int value) {
    reserve(1);
    memory.set(ValueLayout.JAVA_BYTE, to++, (byte) value);
  }

  /** Low 24 bits, as RTMP writes them. */
  public void put24(int value) {
    put(value >> 16);
    put(value >> 8);
    put(value);
  }

  public void put(byte[] bytes, int offset, int length) {
    reserve(length);
    MemorySegment.copy(bytes, offset, memory, ValueLayout.JAVA_BYTE, to, length);
    to += length;
  }

  public void put(MemorySegment bytes) {
    reserve(bytes.byteSize());
    MemorySegment.copy(bytes, 0, memory, to, bytes.byteSize());
    to += bytes.byteSize();
  }

  /**
   * Sends what the socket takes at once.
   *
   * @return bytes sent, or a negative errno when the connection is over
   */
  public long sendTo(int fd) {
    long sent = 0;
    while (from < to) {
      long count = Sockets.send(fd, bytes());
      if (count == Sockets.WOULD_BLOCK) {
        return sent;
      }
      if (count < 0) {
        return count;
      }
      from += count;
      sent += count;
    }
    clear();
    return sent;
  }

  public void clear() {
    from = 0;
    to = 0;
  }

  private void reserve(long more) {
    if (to + more <= memory.byteSize()) {
      return;
    }
    long size = to - from;
    MemorySegment next = memory;
    if (size + more > memory.byteSize() / 2) {
      next = Arena.ofAuto().allocate(Math.max(memory.byteSize() * 2, (size + more) * 2));
    }
    MemorySegment.copy(memory, from, next, 0, size);
    memory = next;
    from = 0;
    to = size;
  }
}
