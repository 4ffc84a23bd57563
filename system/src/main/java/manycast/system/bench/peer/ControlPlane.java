package manycast.system.bench.peer;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manycast.launcher.installation.Credentials;
import manycast.launcher.process.SupervisedProcess;

/** A control plane under measurement, and a browser in which its first admin has signed in. */
public final class ControlPlane implements AutoCloseable {
  private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int OK = 200;
  private static final int SEE_OTHER = 303;

  private final SupervisedProcess process;
  private final URI url;
  private final Credentials credentials;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .cookieHandler(new CookieManager())
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();
  private long pid;

  ControlPlane(SupervisedProcess process, int port, Credentials credentials) {
    this.process = process;
    this.url = URI.create("http://localhost:" + port);
    this.credentials = credentials;
  }

  /** Starts it, waits until it is ready, and signs in. */
  void start(Duration atMost) throws IOException, InterruptedException {
    process.start();
    pid = process.pid();
    try {
      long end = System.nanoTime() + atMost.toNanos();
      while (!process.awaitUp(atMost, () -> false)
          || get("/readyz").statusCode() != OK
          || !signIn()) {
        if (System.nanoTime() > end) {
          throw new IOException(
              "the control plane does not start:\n" + String.join("\n", process.lastLines()));
        }
        Thread.sleep(100);
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Gives the stream another name, which every page that shows it is then told. */
  public void rename(UUID stream, String name) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            request("/api/v1/streams/" + stream)
                .header("Authorization", "Bearer " + credentials.adminToken())
                .header("Content-Type", "application/json")
                .method(
                    "PATCH", HttpRequest.BodyPublishers.ofString("{\"name\": \"" + name + "\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != OK) {
      throw new IOException("renaming the stream: " + answer.statusCode() + " " + answer.body());
    }
  }

  /** Opens what keeps a stream's page up to date; the lines go to the subscriber until it ends. */
  public CompletableFuture<HttpResponse<Void>> watch(
      UUID stream, Flow.Subscriber<? super String> lines) {
    return client.sendAsync(
        HttpRequest.newBuilder(url.resolve("/streams/" + stream + "/feed"))
            .header("Accept", "text/event-stream")
            .build(),
        HttpResponse.BodyHandlers.fromLineSubscriber(lines));
  }

  /** Its process; throws when that died. */
  public long pid() throws IOException {
    if (process.pid() != pid) {
      throw new IOException("the control plane died:\n" + String.join("\n", process.lastLines()));
    }
    return pid;
  }

  @Override
  public void close() {
    client.shutdownNow();
    process.stop();
  }

  private boolean signIn() throws IOException, InterruptedException {
    Matcher token = CSRF.matcher(get("/sign-in").body());
    if (!token.find()) {
      throw new IOException("the sign-in page has no form");
    }
    String form =
        "_csrf=%s&email=%s&password=%s"
            .formatted(
                encoded(token.group(1)),
                encoded(credentials.adminEmail()),
                encoded(credentials.adminPassword()));
    HttpResponse<String> answer =
        client.send(
            request("/sign-in")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return answer.statusCode() == SEE_OTHER;
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url.resolve(path)).timeout(PATIENCE);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
