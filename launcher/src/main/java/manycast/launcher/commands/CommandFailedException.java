package manycast.launcher.commands;

/** A command cannot go on; the message is for a person and complete. */
public final class CommandFailedException extends Exception {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  CommandFailedException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  CommandFailedException(String message) {
    this(1, message);
  }

  public int exitCode() {
    return exitCode;
  }
}
