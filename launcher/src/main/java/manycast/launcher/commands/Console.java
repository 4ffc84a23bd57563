package manycast.launcher.commands;

import java.io.PrintStream;
import java.util.function.Consumer;

/** Where a command speaks to a person: whole lines, written at once. */
public final class Console implements Consumer<String> {
  private final PrintStream out;

  public Console(PrintStream out) {
    this.out = out;
  }

  /** Prints a line. */
  @Override
  public synchronized void accept(String line) {
    out.println(line);
    out.flush();
  }
}
