package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import manycast.launcher.demo.Sink;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** A stream's page by keyboard alone, and while what it shows is not well. */
class WatchedPageIT {
  private static final Path SCREENSHOTS = Product.ROOT.resolve("system/target/screenshots");

  /** Three times what the contract promises. */
  private static final Duration SOON = Duration.ofMillis(600);

  /** Where it is written how long they took, for docs/performance.md. */
  private static final Figures FIGURES = new Figures("hanging-node.md");

  private static final int QUESTIONS = 20;

  /** A node's figures are trusted for two seconds, and its lease is stale after six. */
  private static final Duration TRUSTED = Duration.ofSeconds(2);

  private final Product product = Product.shared();

  @Test
  void isUsedByKeyboardAlone() throws Exception {
    int port = Ports.free();
    try (LiveStream stream = new LiveStream(product, "By keyboard");
        Browser browser = new Browser()) {
      browser.signIn(product);
      browser.open(product.url() + "/streams/" + stream.id());
      browser.tabTo("destination-name");
      browser.press("Verified");
      browser.tabTo("destination-url");
      browser.selectAll();
      browser.press("rtmp://127.0.0.1:" + port + "/live");
      browser.tabTo("destination-key");
      browser.press("the-key", Keys.ENTER);
      browser.await("[data-destination]");
      String destination = browser.attribute("[data-destination]", "data-destination");
      String row = "[data-destination='" + destination + "']";

      try (Ffmpeg _ = stream.publish()) {
        browser.await("[data-stream-state]", "data-stream-state", "live");
        browser.await(row, "data-state", "retrying");
        try (Sink sink = new Sink("keyboard", port, "the-key", Clip.get().sample())) {
          Until.isTrue(
              "tried again and live",
              Duration.ofSeconds(45),
              () ->
                  browser.attribute(row, "data-state").equals("live")
                      || retries(browser, destination));
          LiveStream.awaitMoreFrames(sink, 30);

          browser.tabTo("end-broadcast");
          browser.press(Keys.ENTER);
          browser.tabTo("confirm-yes");
          browser.press(Keys.ENTER);
          browser.await("[data-stream-state]", "data-stream-state", "idle");
          Until.isTrue("the goodbye", Duration.ofSeconds(15), sink::endedWithGoodbye);
        }
      }
      browser.tabTo("allow-again");
      browser.press(Keys.ENTER);
      Until.isTrue(
          "allowed again",
          Duration.ofSeconds(15),
          () -> browser.script("return document.getElementById('allow-again')").equals("null"));
    }
  }

  @Test
  void answersAtOnceAndSaysThatItIsStaleWhileTheNodeHangs() throws Exception {
    try (LiveStream stream = new LiveStream(product, "On a node that hangs");
        Browser browser = new Browser()) {
      String destination = stream.addSink("hangs");
      browser.signIn(product);
      browser.open(product.url() + "/streams/" + stream.id());
      ProcessHandle node = product.process("media-plane");
      try (Ffmpeg _ = stream.publish()) {
        stream.awaitDestination(destination, "live");
        browser.await("[data-stream-state]", "data-stream-state", "live");

        signal(node, "STOP");
        try {
          Until.isTrue(
              "figures that are too old",
              TRUSTED.multipliedBy(3),
              () -> {
                assertThat(timed(stream::live)).isLessThan(SOON);
                return stream.live().get("stale").asBoolean();
              });
          browser.open(browser.url());
          assertThat(answeredAfter(browser)).isLessThan(SOON);
          assertThat(browser.text("#stream-figures")).contains("old");
          assertThat(browser.attribute("[data-stream-state]", "data-stream-state"))
              .isEqualTo("live");
          askAgainAndAgain(browser, stream);
        } finally {
          signal(node, "CONT");
        }
        Until.isTrue(
            "fresh figures again",
            Duration.ofSeconds(15),
            () -> !stream.live().get("stale").asBoolean());
        screenshots(browser);
      }
    }
  }

  /** Answers are soon, one after the other; how soon is written down. */
  private static void askAgainAndAgain(Browser browser, LiveStream stream) throws IOException {
    List<Double> pages =
        Figures.of(
            browser.script(
                "return (async () => { const took = []; while (took.length < "
                    + QUESTIONS
                    + ") { const begin = performance.now(); await (await fetch(location.href)).text();"
                    + " took.push(performance.now() - begin); } return took.join(); })()"));
    List<Double> answers =
        Stream.generate(() -> timed(stream::live).toNanos() / 1e6).limit(QUESTIONS).toList();
    FIGURES.write(
        Figures.HEAD
            + Figures.row("page while the node hangs, ms", pages)
            + Figures.row("/live while the node hangs, ms", answers));
    assertThat(pages).hasSize(QUESTIONS);
    assertThat(Figures.median(pages)).isLessThan(SOON.toMillis());
    assertThat(Figures.median(answers)).isLessThan(SOON.toMillis());
  }

  /** While an attempt runs there is no button to press; answers false. */
  private static boolean retries(Browser browser, String destination) {
    if (!browser
        .script("return document.getElementById('retry-%s')".formatted(destination))
        .equals("null")) {
      browser.tabTo("retry-" + destination);
      browser.press(Keys.ENTER);
    }
    return false;
  }

  /** For people who want to know what it looks like. */
  private static void screenshots(Browser browser) {
    for (String colours : List.of("light", "dark")) {
      for (int width : new int[] {1280, 360}) {
        browser.show(width, width == 360 ? 2600 : 1500, colours);
        browser.screenshot(SCREENSHOTS.resolve("live-%d-%s.png".formatted(width, colours)));
      }
    }
  }

  /** From asking for the page to its last byte. */
  private static Duration answeredAfter(Browser browser) {
    Object millis =
        browser.script(
            "return Math.round(performance.getEntriesByType('navigation')[0].responseEnd)");
    return Duration.ofMillis(Long.parseLong(millis.toString()));
  }

  private static Duration timed(Runnable question) {
    long begin = System.nanoTime();
    question.run();
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private static void signal(ProcessHandle process, String name)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }
}
