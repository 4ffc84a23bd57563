package manycast.launcher.installation;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * A port that a process is going to listen on.
 *
 * @param variable the setting that says so
 * @param loopback whether it binds to loopback only
 */
public record WantedPort(String variable, int port, boolean loopback) {
  /** What to say when it is not free. */
  public String toFault() {
    return "%s: port %d is taken; set %s to a free one".formatted(variable, port, variable);
  }

  /** Whether it could be listened on now. */
  public boolean isFree() {
    try (ServerSocket socket =
        loopback
            ? new ServerSocket(port, 1, InetAddress.getLoopbackAddress())
            : new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
