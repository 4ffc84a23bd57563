package manycast.system;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * How long a stream's open page takes to say that it is live, measured in the document of a real
 * Chromium, from the moment at which the database had accepted a real encoder. A measurement, so no
 * part of the run of all tests: {@code mvn verify -pl system -am -Dit.test=PublishToPageProof
 * -Dfailsafe.failIfNoSpecifiedTests=false}. Its figures go to {@code target/publish-figures.md}.
 */
class PublishToPageProof {
  private static final Figures FIGURES = new Figures("publish-figures.md");
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int PUBLISHES = 30;

  /** Notes when the document first says that the stream is in a state. */
  private static final String NOTE_WHEN =
      """
      window.saidAt = '';
      const look = () => {
        if (document.querySelector('[data-stream-state]').dataset.streamState !== '%s') return;
        window.saidAt = String(performance.timeOrigin + performance.now());
        watching.disconnect();
      };
      const watching = new MutationObserver(look);
      watching.observe(document.body, {subtree: true, childList: true, attributes: true});
      """;

  private final Product product = Product.shared();

  @Test
  void fromAnAcceptedPublishToTheOpenPage() throws Exception {
    try (LiveStream stream = new LiveStream(product, "Measured");
        Browser browser = new Browser()) {
      browser.signIn(product);
      browser.open(product.url() + "/streams/" + stream.id());
      List<Double> tookMs = new ArrayList<>();
      for (int i = 0; i < PUBLISHES; i++) {
        browser.script(NOTE_WHEN.formatted("live"));
        try (Ffmpeg encoder = stream.publish()) {
          double saidAtMs = whenSaid(browser);
          Instant startedAt = Instant.parse(stream.live().get("startedAt").asString());
          tookMs.add(saidAtMs - startedAt.toEpochMilli());
          browser.script(NOTE_WHEN.formatted("idle"));
          encoder.interrupt();
          whenSaid(browser);
        }
      }
      FIGURES.write(Figures.HEAD + Figures.row("accepted publish to open page, ms", tookMs));
    }
  }

  private static double whenSaid(Browser browser) {
    return Double.parseDouble(
        Until.satisfied(
            "the page says so",
            SOON,
            () -> browser.script("return window.saidAt"),
            answer -> !answer.isEmpty()));
  }
}
