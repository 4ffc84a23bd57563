package manycast.launcher.process;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** kill(2), which Java offers for SIGTERM and SIGKILL and single processes only. */
public enum Signals {
  INT(2),
  QUIT(3),
  KILL(9),
  USR1(10),
  TERM(15);

  private static final MethodHandle KILL_2 =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private final int number;

  Signals(int number) {
    this.number = number;
  }

  /** Sends this signal to a process; false when there is none, or none of ours. */
  public boolean send(long pid) {
    return kill(Math.toIntExact(pid));
  }

  /** Sends this signal to every process of a group; false when there is none, or none of ours. */
  public boolean sendToGroup(long leaderPid) {
    return kill(-Math.toIntExact(leaderPid));
  }

  private boolean kill(int target) {
    if (target == 0 || target == -1 || target == 1) {
      throw new IllegalArgumentException(
          "a signal to " + target + " would reach far more than a child");
    }
    try {
      return (int) KILL_2.invokeExact(target, number) == 0;
    } catch (Throwable cannotHappen) {
      throw new IllegalStateException("kill(2) is a function of two ints", cannotHappen);
    }
  }

  /** How a process ended, in words, from the exit value that Java gives: 128 + n for signal n. */
  public static String ending(int exitValue) {
    if (exitValue > 128 && exitValue < 128 + 65) {
      return "killed by signal " + (exitValue - 128);
    }
    return "exit code " + exitValue;
  }
}
