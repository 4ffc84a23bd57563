package manycast.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import manycast.system.bench.tools.SinkCertificate;

/**
 * A real nginx with its RTMP module, which records what is published to it, and in front of that
 * one TLS port for each of some certificates. Owns the process; its files lie in a folder of the
 * caller's.
 */
final class Nginx implements AutoCloseable {
  private static final String RTMP_MODULE = "/usr/lib/nginx/modules/ngx_rtmp_module.so";
  private static final String STREAM_MODULE = "/usr/lib/nginx/modules/ngx_stream_module.so";
  private static final Duration START = Duration.ofSeconds(10);

  private final Path folder;
  private final int port;
  private final Map<String, Integer> tlsPorts = new TreeMap<>();
  private final Process process;

  /** Leaves the test out where there is no such nginx. */
  Nginx(Path folder, Map<String, SinkCertificate> certificates) throws IOException {
    Programs.need("nginx", RTMP_MODULE, STREAM_MODULE);
    this.folder = folder;
    this.port = Ports.free();
    StringBuilder fronts = new StringBuilder();
    for (Map.Entry<String, SinkCertificate> each : certificates.entrySet()) {
      Path key = folder.resolve(each.getKey() + ".key");
      Files.writeString(key, each.getValue().privateKey());
      Path certificate = folder.resolve(each.getKey() + ".pem");
      Files.copy(each.getValue().certificate(), certificate);
      int front = Ports.free();
      tlsPorts.put(each.getKey(), front);
      fronts.append(
          """
            server {
              listen 127.0.0.1:%d ssl;
              ssl_certificate %s;
              ssl_certificate_key %s;
              proxy_pass 127.0.0.1:%d;
            }
          """
              .formatted(front, certificate, key, port));
    }
    Path configuration = folder.resolve("nginx.conf");
    Files.writeString(
        configuration,
        """
        load_module %4$s;
        load_module %5$s;
        daemon off;
        master_process off;
        worker_processes 1;
        pid %1$s/nginx.pid;
        error_log %1$s/error.log warn;
        events { worker_connections 64; }
        rtmp {
          server {
            listen 127.0.0.1:%2$d;
            application live { live on; record all; record_path %1$s; }
          }
        }
        stream {
        %3$s}
        """
            .formatted(folder, port, fronts, RTMP_MODULE, STREAM_MODULE));
    this.process =
        new ProcessBuilder("nginx", "-p", folder.toString(), "-c", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("nginx.log").toFile())
            .start();
    Until.isTrue("nginx listens", START, () -> Ports.isOpen(port));
  }

  String url() {
    return "rtmp://127.0.0.1:" + port + "/live";
  }

  /** The way through the TLS port that shows this certificate. */
  String secureUrl(String certificate) {
    Integer front = tlsPorts.get(certificate);
    if (front == null) {
      throw new AssertionError("no certificate " + certificate);
    }
    return "rtmps://127.0.0.1:" + front + "/live";
  }

  /** Where it has written what was published with this key. */
  Path recording(String key) {
    return folder.resolve(key + ".flv");
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
