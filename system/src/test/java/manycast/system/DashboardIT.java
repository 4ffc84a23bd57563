package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import manycast.launcher.demo.Sink;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** What a streamer sees in a real browser. */
class DashboardIT {
  private static final Path SCREENSHOTS = Product.ROOT.resolve("system/target/screenshots");

  private final Product product = Product.shared();

  @Test
  void signsInAddsADestinationAndSeesTheStreamGoLiveWithoutAReload() throws Exception {
    try (LiveStream stream = new LiveStream(product, "In the browser");
        Sink sink = new Sink("browser", 0, "browser-key", Clip.get().sample());
        Browser browser = new Browser()) {
      browser.signIn(product);
      browser.open(product.url() + "/streams/" + stream.id());
      assertThat(browser.attribute("[data-stream-state]", "data-stream-state")).isEqualTo("idle");
      addDestination(browser, sink);
      String destination = browser.await("[data-destination]").getDomAttribute("data-destination");
      String row = "[data-destination='" + destination + "']";
      assertThat(browser.attribute(row, "data-state")).isEqualTo("idle");

      browser.script("window.neverReloaded = true");
      try (Ffmpeg encoder = stream.publish()) {
        browser.await("[data-stream-state]", "data-stream-state", "live");
        browser.await(row, "data-state", "live");
        Until.satisfied(
            "a bitrate above nothing in the row",
            Duration.ofSeconds(15),
            () -> browser.text(row),
            text -> text.lines().anyMatch(line -> line.matches(".*[1-9][0-9.]* [kM]bit/s.*")));
        Until.satisfied(
            "both tracks of the real encoder, at a glance",
            Duration.ofSeconds(15),
            () -> browser.text("#incoming").replace('\n', ' '),
            text ->
                text.matches(
                    ".*640 × 360.* fps .*H\\.264 High .*Keyframe every.*AAC LC, 48 kHz, stereo.*"));
        browser.find("#ingest-details summary").click();
        Until.satisfied(
            "the second keyframe, in details that go on counting",
            Duration.ofSeconds(15),
            () -> browser.text("[data-track=video-0]"),
            text -> text.contains("Keyframes: last") && text.contains("B-frames"));
        assertThat(browser.text("[data-track=audio-0]")).contains("48 kHz");
        browser.screenshot(SCREENSHOTS.resolve("stream-live.png"));
        assertThat(encoder.isRunning()).isTrue();

        killControlPlane();
        LiveStream.awaitMoreFrames(sink, 60);
        String before = browser.text(row);
        Until.satisfied(
            "figures move again after the control plane came back",
            Duration.ofSeconds(45),
            () -> browser.text(row),
            text -> !text.equals(before));
        assertThat(browser.attribute(row, "data-state")).isEqualTo("live");
        encoder.kill();
        browser.await("[data-stream-state]", "data-stream-state", "resuming");
        assertThat(browser.text("#resume-until")).matches("in \\d+ s|now");
      }
      try (Ffmpeg encoder = stream.publish()) {
        browser.await("[data-stream-state]", "data-stream-state", "live");
        encoder.interrupt();
      }
      browser.await("[data-stream-state]", "data-stream-state", "idle");
      assertThat(browser.script("return window.neverReloaded")).isEqualTo("true");
      assertThat(sink.fault()).isNull();
      assertThat(sink.publishes()).isEqualTo(1);
    }
  }

  private static void addDestination(Browser browser, Sink sink) {
    new Select(browser.await("#destination-platform")).selectByValue("custom");
    browser.find("#destination-name").sendKeys("Verified");
    WebElement url = browser.find("#destination-url");
    url.clear();
    url.sendKeys(sink.url());
    browser.find("#destination-key").sendKeys(sink.streamKey());
    browser.find("#save-destination").click();
  }

  private void killControlPlane() throws IOException {
    ProcessHandle victim = product.process("control-plane");
    victim.destroyForcibly();
    victim.onExit().join();
    Until.isTrue(
        "the control plane is back",
        Duration.ofSeconds(15),
        () ->
            product.process("control-plane").pid() != victim.pid()
                && Ports.isOpen(product.port("MANYCAST_HTTP_PORT")));
  }
}
