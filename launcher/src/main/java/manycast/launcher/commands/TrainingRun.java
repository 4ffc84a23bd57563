package manycast.launcher.commands;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import manycast.launcher.demo.Demo;
import manycast.launcher.installation.Installation;
import manycast.launcher.installation.NodePorts;
import manycast.launcher.installation.Probe;
import manycast.launcher.process.ChildSpec;
import manycast.launcher.process.StopPlan;
import manycast.launcher.process.SupervisedProcess;
import manycast.launcher.product.Plane;
import manycast.launcher.product.Product;
import manycast.launcher.settings.Ports;
import manycast.launcher.settings.Settings;

/**
 * A short life of both planes on a database of their own, in which they do what they will do in
 * earnest: what they load and link for it goes into the caches that they write at their end.
 */
public final class TrainingRun implements Product.Training {
  private static final Duration START = Duration.ofMinutes(2);

  private static final Duration MEDIA = Duration.ofSeconds(4);

  /** What a playlist names on lines of their own tags. */
  private static final Pattern NAMED = Pattern.compile("URI=\"([^\"]+)\"");

  /** The last one is not there yet, and waited for. */
  private static final int PARTS_WATCHED = 2;

  /** Writing a cache takes seconds, and much of both cores. */
  private static final Duration STOP = Duration.ofMinutes(3);

  private final BooleanSupplier unwanted;

  /**
   * @param unwanted whether nobody waits for it any more
   */
  public TrainingRun(BooleanSupplier unwanted) {
    this.unwanted = unwanted;
  }

  @Override
  public void run(Product product, Consumer<String> progress)
      throws IOException, InterruptedException {
    Path home = Files.createTempDirectory(product.folder(), "training-");
    try {
      train(Installation.open(settings(home)), product, progress);
    } finally {
      delete(home);
    }
  }

  private static Settings settings(Path home) throws IOException {
    List<Integer> ports = NodePorts.freePorts(7);
    Map<String, String> variables = new TreeMap<>();
    variables.put("MANYCAST_HOME", home.toString());
    variables.put("MANYCAST_HTTP_PORT", ports.get(0).toString());
    variables.put("MANYCAST_INTERNAL_PORT", ports.get(1).toString());
    variables.put("MANYCAST_MEDIA_HTTP_PORT", ports.get(2).toString());
    variables.put("MANYCAST_MEDIA_INTERNAL_PORT", ports.get(3).toString());
    variables.put("MANYCAST_RTMP_PORT", ports.get(4).toString());
    variables.put("MANYCAST_RTMPS_PORT", ports.get(5).toString());
    variables.put("MANYCAST_DB_PORT", ports.get(6).toString());
    return Settings.of(variables, home);
  }

  private void train(Installation installation, Product product, Consumer<String> progress)
      throws IOException, InterruptedException {
    List<String> told = new ArrayList<>();
    SupervisedProcess postgres =
        new SupervisedProcess(installation.postgres(), installation.home().run(), told::add);
    List<SupervisedProcess> planes = new ArrayList<>();
    try {
      start(postgres);
      installation.migrate();
      NodePorts ports =
          new NodePorts(
              installation.settings().ports().rtmp(),
              installation.settings().ports().rtmps(),
              installation.settings().ports().mediaHttp(),
              installation.settings().ports().mediaInternal());
      for (ChildSpec spec :
          List.of(
              installation.controlPlane(product::trainingCommand),
              installation.mediaPlane(
                  Plane.MEDIA_PLANE.label(), ports, product::trainingCommand))) {
        planes.add(
            new SupervisedProcess(
                spec.stoppedBy(new StopPlan(spec.stop().signal(), STOP)),
                installation.home().run(),
                told::add));
      }
      for (SupervisedProcess plane : planes) {
        plane.start();
      }
      for (SupervisedProcess plane : planes) {
        await(plane);
      }
      awaitReady(installation.settings().ports());
      exercise(installation, progress);
    } catch (SQLException e) {
      throw new IOException("the training's database: " + e.getMessage(), e);
    } finally {
      if (unwanted.getAsBoolean()) {
        planes.forEach(SupervisedProcess::kill);
      }
      stopTogether(planes);
      postgres.stop();
    }
  }

  /** Each writes its cache meanwhile. */
  private static void stopTogether(List<SupervisedProcess> processes) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      processes.forEach(process -> threads.execute(process::stop));
    }
  }

  private void start(SupervisedProcess process) throws IOException, InterruptedException {
    process.start();
    await(process);
  }

  private void await(SupervisedProcess process) throws IOException, InterruptedException {
    if (!process.awaitUp(START, unwanted)) {
      throw new IOException(
          "%s did not come up:%n%s"
              .formatted(process.spec().name(), String.join("\n", process.lastLines())));
    }
  }

  /** Up is not ready: neither plane serves before it has asked the database. */
  private void awaitReady(Ports ports) throws InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (!(Probe.answersOk(ports.internal(), "/readyz")
            && Probe.answersOk(ports.mediaInternal(), "/readyz"))
        && System.nanoTime() < end
        && !unwanted.getAsBoolean()) {
      Thread.sleep(50);
    }
  }

  /** What everybody does first: sign in, look at a page, publish to some destinations, watch. */
  private void exercise(Installation installation, Consumer<String> progress)
      throws InterruptedException {
    try (Demo demo =
            new Demo(installation.settings().localApi(), installation.credentials().adminToken());
        HttpClient browser =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .cookieHandler(new CookieManager())
                .build()) {
      demo.start();
      String dashboard = installation.settings().publicUrl();
      visit(browser, URI.create(dashboard + "/sign-in"));
      visit(browser, SignInLink.make(installation, demo.page(), null));
      visit(browser, URI.create(dashboard + demo.page()));
      visit(browser, URI.create(dashboard + "/"));
      long end = System.nanoTime() + MEDIA.toNanos();
      while (System.nanoTime() < end && !unwanted.getAsBoolean()) {
        Thread.sleep(500);
        Probe.get(installation.settings().ports().internal(), "/readyz");
        Probe.get(installation.settings().ports().mediaInternal(), "/readyz");
        demo.table();
        Optional<URI> preview = demo.preview();
        if (preview.isPresent()) {
          watch(browser, preview.get());
        }
      }
      browser.shutdownNow();
      if (demo.sinks().stream().anyMatch(sink -> sink.frames() == 0)) {
        throw new IOException("no media came through");
      }
    } catch (IOException | CommandFailedException e) {
      // The planes run, so there will be caches, if of less.
      progress.accept("the training is not whole, so first things take longer: " + e.getMessage());
    }
  }

  /** Fetches what a player fetches first: the playlist, and some of what it names. */
  private static void watch(HttpClient browser, URI playlist)
      throws IOException, InterruptedException {
    String text =
        browser
            .send(
                HttpRequest.newBuilder(playlist).timeout(START).build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    List<String> named = NAMED.matcher(text).results().map(found -> found.group(1)).toList();
    for (String file : named.subList(Math.max(0, named.size() - PARTS_WATCHED), named.size())) {
      visit(browser, playlist.resolve(file));
    }
  }

  private static void visit(HttpClient browser, URI page) throws IOException, InterruptedException {
    browser.send(
        HttpRequest.newBuilder(page).timeout(START).build(),
        HttpResponse.BodyHandlers.discarding());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
