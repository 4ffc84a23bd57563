package manycast.launcher.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process to be kept running.
 *
 * @param name of its pid and log files
 * @param command makes the program and its arguments anew for each start; no secret may stand there
 * @param environment all that it gets, nothing is inherited
 * @param ports what it will listen on
 * @param health tells when it is up
 */
public record ChildSpec(
    String name,
    Command command,
    Map<String, String> environment,
    Map<String, Integer> ports,
    Path log,
    Health health,
    StopPlan stop) {

  /**
   * Puts in order what an earlier, perhaps killed, run of the process left, and says how to start
   * it.
   */
  @FunctionalInterface
  public interface Command {
    List<String> prepare() throws IOException;
  }

  /** Asks whether a process does its work. Called often; must answer within a second or two. */
  @FunctionalInterface
  public interface Health {
    boolean isUp();
  }

  /**
   * The same command in a session of its own, so that Ctrl-C at the terminal reaches the launcher
   * alone, and with SIGINT's default disposition, which a shell without job control takes from what
   * it puts in the background. Both programs become the next one, so that the pid stays.
   */
  List<String> commandInItsOwnSession() throws IOException {
    List<String> whole = new ArrayList<>(List.of("setsid", "env", "--default-signal=INT"));
    whole.addAll(command.prepare());
    return whole;
  }

  /** The same, stopped in another way. */
  public ChildSpec stoppedBy(StopPlan plan) {
    return new ChildSpec(name, command, environment, ports, log, health, plan);
  }
}
