package manycast.media.loops;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * An io_uring: the memory that it shares with the kernel, and the calls that make it and hand it
 * over. Owns a descriptor and three mappings. Layouts and numbers are those of {@code
 * linux/io_uring.h} on a 64-bit machine.
 */
final class RingMemory implements AutoCloseable {
  private static final long SETUP = 425;
  private static final long ENTER = 426;
  private static final int ENTER_GETEVENTS = 1;

  /** Submit all, run the tasks of this thread only in its calls, one thread uses it. */
  private static final int SETUP_FLAGS = 1 << 7 | 1 << 8 | 1 << 12;

  private static final long ENTRIES_AT = 0;
  private static final long ANSWERS_AT = 0x8000000;
  private static final long SLOTS_AT = 0x10000000;
  private static final int ENTRY_BYTES = 64;
  private static final int ANSWER_BYTES = 16;
  private static final int PARAMETER_BYTES = 120;

  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED_POPULATE = 0x8001;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle SYSCALL =
      handle(
          "syscall",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG),
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle MMAP =
      handle(
          "mmap",
          FunctionDescriptor.of(
              ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle MUNMAP =
      handle("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final VarHandle INT = JAVA_INT.varHandle();

  private final int descriptor;
  private final int entryCount;
  private final int answerCount;
  private final MemorySegment entryRing;
  private final MemorySegment answerRing;
  private final MemorySegment slots;
  private final long entryTailAt;
  private final long answerHeadAt;
  private final long answerTailAt;
  private final int answersAt;
  private int tail;
  private int head;

  private RingMemory(int descriptor, MemorySegment made) {
    this.descriptor = descriptor;
    entryCount = made.get(JAVA_INT, 0);
    answerCount = made.get(JAVA_INT, 4);
    entryTailAt = made.get(JAVA_INT, 44);
    int arrayAt = made.get(JAVA_INT, 64);
    answerHeadAt = made.get(JAVA_INT, 80);
    answerTailAt = made.get(JAVA_INT, 84);
    answersAt = made.get(JAVA_INT, 100);
    entryRing = map(arrayAt + entryCount * (long) Integer.BYTES, ENTRIES_AT);
    answerRing = map(answersAt + answerCount * (long) ANSWER_BYTES, ANSWERS_AT);
    slots = map(entryCount * (long) ENTRY_BYTES, SLOTS_AT);
    for (int i = 0; i < entryCount; i++) {
      entryRing.set(JAVA_INT, arrayAt + i * (long) Integer.BYTES, i);
    }
    tail = (int) INT.getAcquire(entryRing, entryTailAt);
    head = (int) INT.getAcquire(answerRing, answerHeadAt);
  }

  /** One with at least so many entries, or null where the kernel does not allow it. */
  static @Nullable RingMemory open(int entries) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment parameters = arena.allocate(PARAMETER_BYTES, Long.BYTES);
      parameters.set(JAVA_INT, 8, SETUP_FLAGS);
      long descriptor = call(SETUP, entries, parameters.address(), 0, 0);
      if (descriptor < 0) {
        // An older kernel does not know the flags.
        parameters.fill((byte) 0);
        descriptor = call(SETUP, entries, parameters.address(), 0, 0);
      }
      return descriptor < 0 ? null : new RingMemory((int) descriptor, parameters);
    }
  }

  int entryCount() {
    return entryCount;
  }

  int answerCount() {
    return answerCount;
  }

  /** The entries to fill, 64 bytes each; zero but for what was put there. */
  ByteBuffer entries() {
    return slots.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /** The answers, 16 bytes each. */
  ByteBuffer answers() {
    return answerRing
        .asSlice(answersAt, answerCount * (long) ANSWER_BYTES)
        .asByteBuffer()
        .order(ByteOrder.nativeOrder());
  }

  /** Number of the entry to fill next; its place is that modulo the count. */
  int tail() {
    return tail;
  }

  /** Number of the answer to read next. */
  int head() {
    return head;
  }

  /**
   * Hands over the next so many entries and waits until all are answered for.
   *
   * @return how many answers there are; fewer where the kernel did not take all
   */
  int carryOut(int count) {
    tail += count;
    INT.setRelease(entryRing, entryTailAt, tail);
    int submitted = 0;
    int answered = 0;
    while (answered < count) {
      long taken = call(ENTER, descriptor, count - submitted, count - answered, ENTER_GETEVENTS);
      int before = answered;
      answered = (int) INT.getAcquire(answerRing, answerTailAt) - head;
      if (taken < 0 && answered == before) {
        break;
      }
      submitted += (int) Math.max(0, taken);
    }
    return answered;
  }

  /** Gives the places of so many answers back. */
  void forget(int count) {
    head += count;
    INT.setRelease(answerRing, answerHeadAt, head);
  }

  private MemorySegment map(long bytes, long offset) {
    try {
      MemorySegment at =
          (MemorySegment)
              MMAP.invokeExact(
                  MemorySegment.NULL,
                  bytes,
                  PROT_READ_WRITE,
                  MAP_SHARED_POPULATE,
                  descriptor,
                  offset);
      if (at.address() == -1) {
        throw new IllegalStateException("the ring's memory could not be mapped");
      }
      return at.reinterpret(bytes);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static long call(long number, long first, long second, long third, long fourth) {
    try {
      return (long)
          SYSCALL.invokeExact(number, first, second, third, fourth, MemorySegment.NULL, 0L);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle handle(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
  }

  @Override
  public void close() {
    try {
      for (MemorySegment mapping : new MemorySegment[] {entryRing, answerRing, slots}) {
        int _ = (int) MUNMAP.invokeExact(mapping, mapping.byteSize());
      }
      int _ = (int) CLOSE.invokeExact(descriptor);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
