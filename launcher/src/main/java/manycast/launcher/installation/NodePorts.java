package manycast.launcher.installation;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** The ports of one media node. */
public record NodePorts(int rtmp, int rtmps, int http, int internal) {
  /** Four ports that nobody listens on at this moment. */
  public static NodePorts free() throws IOException {
    List<Integer> ports = freePorts(4);
    return new NodePorts(ports.get(0), ports.get(1), ports.get(2), ports.get(3));
  }

  /** Different ports that nobody listens on at this moment. */
  public static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      List<Integer> ports = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, (InetAddress) null);
        held.add(socket);
        ports.add(socket.getLocalPort());
      }
      return ports;
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }
}
