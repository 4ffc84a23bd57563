package manycast.system.bench.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** Method handles of libc, and what it left in errno. One thread uses it. */
final class Calls {
  static final FunctionDescriptor INT_OF_INT =
      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** Passed to each call first. */
  static final MemorySegment STATE_OF_LAST_CALL = Arena.global().allocate(STATE);

  static MethodHandle handle(String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker()
        .downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow(name),
            descriptor,
            Linker.Option.captureCallState("errno"));
  }

  /** Why the last call failed. */
  static int errno() {
    return (int) ERRNO.get(STATE_OF_LAST_CALL, 0L);
  }

  static IllegalStateException impossible(Throwable thrown) {
    return new IllegalStateException("a system call was called with wrong types", thrown);
  }

  private Calls() {}
}
