package manycast.launcher.installation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/** Short questions to a process on this machine. */
public final class Probe {
  private static final int MILLIS = 2000;
  private static final int MOST_BYTES = 4096;

  /** Whether something accepts connections on this port of loopback. */
  public static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), MILLIS);
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  /** Whether a GET on this port of loopback answers 200. */
  public static boolean answersOk(int port, String path) {
    return get(port, path).status() == 200;
  }

  /** What a GET was answered; status 0 when nobody did. */
  public record Answer(int status, String body) {}

  public static Answer get(int port, String path) {
    HttpURLConnection connection = null;
    try {
      connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
      connection.setConnectTimeout(MILLIS);
      connection.setReadTimeout(MILLIS);
      connection.setInstanceFollowRedirects(false);
      int status = connection.getResponseCode();
      try (InputStream body =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        return new Answer(
            status, body == null ? "" : new String(body.readNBytes(MOST_BYTES), UTF_8));
      }
    } catch (IOException nobodyAnswers) {
      return new Answer(0, "no answer");
    } finally {
      if (connection != null) {
        connection.disconnect();
      }
    }
  }

  private Probe() {}
}
