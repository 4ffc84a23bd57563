package manycast.system.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import manycast.launcher.installation.NodePorts;
import manycast.system.bench.host.Cores;

/**
 * nginx with its RTMP module, one worker, pushing to each destination.
 *
 * @param chunkSize to destinations: 4096 is the module's own, 60000 what costs it least
 */
public record NginxPeer(String name, int chunkSize, Cores cores) implements Peer {
  private static final List<Path> MODULES =
      List.of(
          Path.of("/usr/lib/nginx/modules/ngx_rtmp_module.so"),
          Path.of("/usr/lib64/nginx/modules/ngx_rtmp_module.so"));

  /** Whether program and module are installed where distributions put them. */
  public static boolean isInstalled() {
    return module().isPresent() && program().isPresent();
  }

  private static Optional<Path> module() {
    return MODULES.stream().filter(Files::isReadable).findFirst();
  }

  private static Optional<Path> program() {
    return Stream.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  @Override
  public boolean compiles() {
    return false;
  }

  @Override
  public Server start(Point point, int sinkPort) throws IOException, InterruptedException {
    int port = NodePorts.freePorts(1).getFirst();
    Path folder = Files.createTempDirectory("manycast-bench-nginx");
    Path config = folder.resolve("nginx.conf");
    Files.writeString(config, config(point, port, sinkPort, folder));
    Process process =
        new ProcessBuilder(
                cores.onServerCore(
                    List.of(
                        program().orElseThrow().toString(),
                        "-p",
                        folder.toString(),
                        "-c",
                        config.toString())))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    if (process.waitFor(1, TimeUnit.SECONDS)) {
      throw new IOException("nginx ended: " + Files.readString(folder.resolve("output")));
    }
    return new Nginx(process, port, folder);
  }

  private String config(Point point, int port, int sinkPort, Path folder) {
    StringBuilder pushes = new StringBuilder();
    for (int i = 0; i < point.destinations(); i++) {
      pushes.append("push rtmp://127.0.0.1:%d/out%d;\n".formatted(sinkPort, i));
    }
    return """
    load_module %s;
    user root;
    daemon off;
    worker_processes 1;
    worker_rlimit_nofile 20000;
    error_log stderr error;
    pid %s/nginx.pid;
    events { worker_connections 10000; }
    rtmp { server { listen 127.0.0.1:%d; access_log off; chunk_size %d;
    application live { live on;
    %s} } }
    """
        .formatted(module().orElseThrow(), folder, port, chunkSize, pushes);
  }

  private record Nginx(Process process, int port, Path folder) implements Server {
    @Override
    public String publishUrl() {
      return "rtmp://127.0.0.1:%d/live/s%%d".formatted(port);
    }

    @Override
    public long pid() throws IOException {
      if (!process.isAlive()) {
        throw new IOException("nginx ended: " + Files.readString(folder.resolve("output")));
      }
      return process.pid();
    }

    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().onExit().join();
      Folders.delete(folder);
    }
  }
}
