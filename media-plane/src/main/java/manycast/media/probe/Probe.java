package manycast.media.probe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import manycast.media.loops.AddressPolicy;
import manycast.media.loops.EventLoops;
import manycast.media.loops.Transport;
import manycast.media.relay.Dialer;
import manycast.media.tls.ClientTls;
import manycast.media.tls.HandshakeThreads;
import manycast.media.tls.PemFiles;
import org.jspecify.annotations.Nullable;

/**
 * A connection test alone: what {@code doctor URL KEY} runs. Reads the URL and the key from its
 * input, a line each, so that they stand in no list of processes; publishes; prints a line for each
 * step as it ends. Ends with 0 where all went well, 1 where a step failed, 2 where there was
 * nothing to test.
 */
public final class Probe {
  private static final int FAILED = 1;
  private static final int BAD_USAGE = 2;

  private Probe() {}

  /** Runs it; the arguments are not used. */
  public static void main(String[] args) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String url = in.readLine();
    String key = in.readLine();
    System.exit(run(url, key, System.getenv(), System.out));
  }

  private static int run(
      @Nullable String url,
      @Nullable String key,
      Map<String, String> environment,
      PrintStream out) {
    if (url == null || key == null) {
      System.err.println("the URL and the stream key are read from the input, a line each");
      return BAD_USAGE;
    }
    List<X509Certificate> authorities;
    try {
      authorities = authorities(environment.get("MANYCAST_DESTINATION_CA"));
    } catch (IOException | GeneralSecurityException e) {
      System.err.println("MANYCAST_DESTINATION_CA: " + e.getMessage());
      return BAD_USAGE;
    }
    CompletableFuture<ProbeReport> over = new CompletableFuture<>();
    AtomicInteger told = new AtomicInteger();
    HandshakeThreads handshakes = new HandshakeThreads(1);
    try (EventLoops loops = new EventLoops(Transport.NIO, 1)) {
      Dialer dialer =
          new Dialer(
              loops, AddressPolicy.allowEverything(), new ClientTls(handshakes, authorities));
      ConnectionTest.begin(
          loops.all().getFirst(),
          dialer,
          new ProbeTarget(url, key, true),
          report -> {
            for (; told.get() < report.steps().size(); told.incrementAndGet()) {
              out.println(line(report.steps().get(told.get())));
            }
            if (report.over()) {
              over.complete(report);
            }
          });
      return over.join().isWell() ? 0 : FAILED;
    } finally {
      handshakes.close();
    }
  }

  private static String line(StepResult result) {
    String mark =
        switch (result.outcome()) {
          case OK -> "ok";
          case FAILED -> "BAD";
          case SKIPPED -> "-";
        };
    String took = result.ms() > 0 ? " (%d ms)".formatted(result.ms()) : "";
    String said = result.said().isEmpty() ? "" : " It said: " + result.said();
    return "%-4s %-10s %s%s%s".formatted(mark, result.step().word(), result.sentence(), took, said);
  }

  private static List<X509Certificate> authorities(@Nullable String file)
      throws IOException, GeneralSecurityException {
    return file == null || file.isEmpty() ? List.of() : PemFiles.certificates(Path.of(file));
  }
}
