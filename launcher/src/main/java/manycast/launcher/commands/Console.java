package manycast.launcher.commands;

import java.io.PrintStream;
import java.util.List;
import java.util.function.Consumer;

/** Where a command speaks to a person: whole lines, written at once. */
public final class Console implements Consumer<String> {
  private static final String CLEAR_LINE = "\033[2K";

  private final PrintStream out;
  private final boolean terminal;
  private int linesOfBlock;

  /**
   * @param terminal whether lines can be written over
   */
  public Console(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  public boolean isTerminal() {
    return terminal;
  }

  /** Prints a line. */
  @Override
  public synchronized void accept(String line) {
    linesOfBlock = 0;
    out.println(line);
    out.flush();
  }

  /** Prints lines, on a terminal over the block before when nothing came between. */
  synchronized void block(List<String> lines) {
    StringBuilder text = new StringBuilder();
    if (terminal && linesOfBlock > 0) {
      text.append("\033[%dA".formatted(linesOfBlock));
    }
    for (String line : lines) {
      text.append(terminal ? CLEAR_LINE : "").append(line).append(System.lineSeparator());
    }
    linesOfBlock = lines.size();
    out.print(text);
    out.flush();
  }
}
