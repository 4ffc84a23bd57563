package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * What somebody waits for at the preview, measured where it is seen: on the screen of a real
 * Chromium, from a real encoder, on a product as it is started. A measurement, so no part of the
 * run of all tests: {@code mvn verify -pl system -am -Dit.test=PreviewFiguresProof
 * -Dfailsafe.failIfNoSpecifiedTests=false}. Its figures go to {@code target/preview-figures.md}.
 */
class PreviewFiguresProof {
  private static final Figures FIGURES = new Figures("preview-figures.md");
  private static final Path SCREENSHOTS = Product.ROOT.resolve("system/target/screenshots");
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int OPENINGS = 10;
  private static final int PICTURES = 1_800;
  private static final int PICTURES_A_ROW = 300;
  private static final String VIDEO = "document.querySelector('#preview-stage video.on-screen')";

  private final Product product = Product.shared();

  @Test
  void fromOpeningThePageToAPictureAndFromTheEncoderToTheScreen() throws Exception {
    try (LiveStream stream = new LiveStream(product, "Measured");
        Browser browser = new Browser();
        Ffmpeg encoder =
            Ffmpeg.publishClock(
                product.publishUrl(stream.key()),
                Files.createTempFile("manycast-encoder", ".log"))) {
      stream.awaitState("live");
      browser.signIn(product);
      List<Double> openings = new ArrayList<>();
      for (int i = 0; i < OPENINGS; i++) {
        browser.open(product.url() + "/streams/" + stream.id());
        openings.add(
            Double.valueOf(
                Until.satisfied(
                    "a picture",
                    SOON,
                    () -> browser.script("return " + VIDEO + " ? performance.now() : ''"),
                    answer -> !answer.isEmpty())));
      }
      browser.script(
          "window.late = []; window.ahead = []; window.said = []; window.stoodStill = 0;"
              + VIDEO
              + ".addEventListener('waiting', () => window.stoodStill++); const canvas = document.createElement('canvas'); canvas.width = 640; canvas.height = 32;"
              + "const pen = canvas.getContext('2d', {willReadFrequently: true});"
              + "const look = (now, frame) => {"
              + " const video = "
              + VIDEO
              + "; pen.drawImage(video, 0, 0, 640, 32, 0, 0, 640, 32);"
              + " const row = pen.getImageData(0, 16, 640, 1).data; let drawn = 0;"
              + " for (let bit = 0; bit < 32; bit++) if (row[(bit * 20 + 10) * 4] > 127) drawn += 2 ** bit;"
              + " const shown = performance.timeOrigin + frame.expectedDisplayTime;"
              + " window.late.push((Math.round(shown) % 2 ** 32) - drawn);"
              + " window.said.push(1000 * parseFloat(document.getElementById('preview-behind').textContent) || 0);"
              + " window.ahead.push(video.buffered.length ? video.buffered.end(video.buffered.length - 1) - video.currentTime : 0);"
              + " video.requestVideoFrameCallback(look); };"
              + VIDEO
              + ".requestVideoFrameCallback(look)");
      Until.satisfied(
          "so many pictures",
          Duration.ofSeconds(150),
          () -> Integer.valueOf(browser.script("return window.late.length")),
          length -> length >= PICTURES);
      List<Double> late = Figures.of(browser.script("return window.late.join()"));
      List<Double> ahead = Figures.of(browser.script("return window.ahead.join()"));
      assertThat(late).as("the clock can be read").allMatch(ms -> ms > 0 && ms < 60_000);
      List<Double> said = Figures.of(browser.script("return window.said.join()"));
      String stoodStill = browser.script("return window.stoodStill");
      browser.screenshot(SCREENSHOTS.resolve("preview-clock.png"));
      FIGURES.write(
          Figures.HEAD
              + Figures.row("page opened to first picture, ms", openings)
              + Figures.row("picture drawn by the encoder to shown, ms", late)
              + Figures.row("what the page said meanwhile, ms behind the node", said)
              + "\nIt stood still "
              + stoodStill
              + " times for want of media. What is between the two rows is the encoder, and the browser's drawing.\n\n"
              + overTime(late, ahead));
    }
  }

  /** The same pictures in the order they were shown, and how much the player had in hand. */
  private static String overTime(List<Double> late, List<Double> ahead) {
    StringBuilder rows =
        new StringBuilder("| pictures | late, ms | in hand, s |\n| --- | --- | --- |\n");
    for (int from = 0; from + PICTURES_A_ROW <= late.size(); from += PICTURES_A_ROW) {
      int to = from + PICTURES_A_ROW;
      rows.append(
          String.format(
              Locale.ROOT,
              "| %d to %d | %.0f | %.1f |%n",
              from,
              to,
              Figures.median(late.subList(from, to)),
              Figures.median(ahead.subList(from, to))));
    }
    return rows.toString();
  }
}
