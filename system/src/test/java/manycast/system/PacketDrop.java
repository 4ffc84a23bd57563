package manycast.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A network that is cut for one port of this machine: the kernel drops every packet to it and from
 * it, and tells nobody. Needs root and {@code iptables}; {@link #close} mends it.
 */
final class PacketDrop implements AutoCloseable {
  private final int port;
  private final Thread atTheEnd = Thread.ofPlatform().unstarted(this::mend);
  private boolean cut = true;

  /** Cuts it. */
  PacketDrop(int port) {
    this.port = port;
    Runtime.getRuntime().addShutdownHook(atTheEnd);
    for (String side : List.of("--dport", "--sport")) {
      iptables("-I", side);
    }
  }

  /** Whether this machine lets us. */
  static boolean isPossible() {
    try {
      return new ProcessBuilder("iptables", "-w", "5", "-L", "INPUT", "-n")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException notThere) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized void mend() {
    if (cut) {
      cut = false;
      for (String side : List.of("--dport", "--sport")) {
        iptables("-D", side);
      }
    }
  }

  private void iptables(String how, String side) {
    try {
      Process process =
          new ProcessBuilder(
                  "iptables",
                  "-w",
                  "5",
                  how,
                  "INPUT",
                  "-i",
                  "lo",
                  "-p",
                  "tcp",
                  side,
                  String.valueOf(port),
                  "-j",
                  "DROP")
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes());
      if (process.waitFor() != 0) {
        throw new AssertionError("iptables " + how + ": " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    mend();
    Runtime.getRuntime().removeShutdownHook(atTheEnd);
  }
}
