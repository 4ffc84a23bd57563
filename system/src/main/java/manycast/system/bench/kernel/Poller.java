package manycast.system.bench.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** epoll, level-triggered. Each descriptor carries an index of its owner's. One thread uses it. */
public final class Poller {
  public static final int READABLE = 1;
  public static final int WRITABLE = 4;

  private static final int MOST_EVENTS = 4096;
  private static final int ADD = 1;
  private static final int REMOVE = 2;
  private static final int MODIFY = 3;

  /** struct epoll_event is packed on x86-64: 32 bits of events, then 64 of data. */
  private static final int EVENT_SIZE = 12;

  private static final MethodHandle CREATE = Calls.handle("epoll_create1", Calls.INT_OF_INT);
  private static final MethodHandle CONTROL =
      Calls.handle(
          "epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle WAIT =
      Calls.handle(
          "epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));

  private final int fd;
  private final MemorySegment change = Arena.global().allocate(EVENT_SIZE);
  private final MemorySegment events = Arena.global().allocate((long) EVENT_SIZE * MOST_EVENTS);

  public Poller() throws IOException {
    try {
      fd = (int) CREATE.invokeExact(Calls.STATE_OF_LAST_CALL, 0);
    } catch (Throwable e) {
      throw Calls.impossible(e);
    }
    if (fd < 0) {
      throw new IOException("epoll_create1: errno " + Calls.errno());
    }
  }

  public void add(int descriptor, int interest, int index) {
    control(ADD, descriptor, interest, index);
  }

  public void change(int descriptor, int interest, int index) {
    control(MODIFY, descriptor, interest, index);
  }

  public void remove(int descriptor) {
    control(REMOVE, descriptor, 0, 0);
  }

  private void control(int operation, int descriptor, int interest, int index) {
    change.set(ValueLayout.JAVA_INT_UNALIGNED, 0, interest);
    change.set(ValueLayout.JAVA_LONG_UNALIGNED, 4, index);
    try {
      int ignored =
          (int) CONTROL.invokeExact(Calls.STATE_OF_LAST_CALL, fd, operation, descriptor, change);
    } catch (Throwable e) {
      throw Calls.impossible(e);
    }
  }

  /** Waits until something is ready, or the time is over; how many are. */
  public int await(int millis) {
    try {
      return Math.max(
          0, (int) WAIT.invokeExact(Calls.STATE_OF_LAST_CALL, fd, events, MOST_EVENTS, millis));
    } catch (Throwable e) {
      throw Calls.impossible(e);
    }
  }

  /** The index of the descriptor of the {@code i}th that is ready. */
  public int index(int i) {
    return (int) events.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) i * EVENT_SIZE + 4);
  }

  /** Whether the {@code i}th has something to read, an end or an error included. */
  public boolean isReadable(int i) {
    return (readiness(i) & ~WRITABLE) != 0;
  }

  public boolean isWritable(int i) {
    return (readiness(i) & WRITABLE) != 0;
  }

  private int readiness(int i) {
    return events.get(ValueLayout.JAVA_INT_UNALIGNED, (long) i * EVENT_SIZE);
  }
}
