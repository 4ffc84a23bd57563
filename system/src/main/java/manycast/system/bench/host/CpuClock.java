package manycast.system.bench.host;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The CPU clocks of other processes, which Java doesn't offer: clock_gettime(2). */
public final class CpuClock {
  private static final MethodHandle CLOCK_GETTIME =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("clock_gettime"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

  /**
   * "Scheduled time of a process" in the low bits of a clock id, as clock_getcpuclockid(3) does.
   */
  private static final int WHOLE_PROCESS_SCHEDULED = 2;

  /** Nanoseconds that all threads of the process have run, ended ones too; 0 when it is gone. */
  public static long nanos(long pid) {
    int clock = (int) (~pid << 3) | WHOLE_PROCESS_SCHEDULED;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2);
      if ((int) CLOCK_GETTIME.invokeExact(clock, time) != 0) {
        return 0;
      }
      return time.getAtIndex(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L
          + time.getAtIndex(ValueLayout.JAVA_LONG, 1);
    } catch (Throwable cannotHappen) {
      throw new IllegalStateException("clock_gettime(2) takes an int and a pointer", cannotHappen);
    }
  }

  private CpuClock() {}
}
