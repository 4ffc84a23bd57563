package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import manycast.control.testing.Eventually;
import manycast.control.testing.TestControlPlane;
import manycast.control.testing.TestNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/** Single values of charts, read in a real Chromium by pointer and by keyboard. */
@ExtendWith(SharedChromium.class)
class ChartsInBrowserIT {
  private static final String READ_OUT = "output.chart-readout";
  private static final String LIVE_CURVE = "#arriving-curve";

  private final TestControlPlane plane = TestControlPlane.shared();
  private final TestAccount account = TestAccount.create(plane);
  private final UUID stream = account.stream("Friday show");

  private Chromium browser;

  @BeforeEach
  void signIn(Chromium shared) {
    browser = shared;
    browser.signIn(plane.url(), account);
  }

  @Test
  void readsAValueOfAReportUnderThePointerAndByTheArrowKeys() {
    UUID place = account.destination(stream, "Twitch");
    UUID broadcast = account.goLiveAndEnd(stream, place);
    account.measure(broadcast, place);
    browser.open(plane.url() + "/broadcasts/" + broadcast);
    assertThat(text(READ_OUT)).isEmpty();

    browser.pointAt("svg.chart", -100);
    String left = text(READ_OUT);
    browser.pointAt("svg.chart", 300);
    String right = text(READ_OUT);
    assertThat(left).matches("[56]\\.\\d\\d Mbit/s, \\d\\d:\\d\\d:\\d\\d");
    assertThat(right).matches("[56]\\.\\d\\d Mbit/s, \\d\\d:\\d\\d:\\d\\d").isNotEqualTo(left);
    browser.pointAt("h1", 0);
    assertThat(text(READ_OUT)).isEmpty();

    for (int i = 0; i < 30 && !focused("svg.chart"); i++) {
      browser.press(Keys.TAB);
    }
    String last = text(READ_OUT);
    assertThat(last).contains("Mbit/s");
    browser.press(Keys.ARROW_LEFT);
    assertThat(text(READ_OUT)).contains("Mbit/s").isNotEqualTo(last);
    browser.press(Keys.END);
    assertThat(text(READ_OUT)).isEqualTo(last);
    browser.press(Keys.HOME);
    assertThat(text(READ_OUT)).contains("Mbit/s").isNotEqualTo(last);
    browser.press(Keys.ESCAPE);
    assertThat(text(READ_OUT)).isEmpty();
    assertThat(browser.attribute("svg.chart", "aria-label"))
        .contains("lowest 5.", "highest 6.", "on average 6.", "there are gaps");
    assertThat(browser.attribute(".got .curve", "aria-label")).contains("lowest 1.");
  }

  @Test
  void readsOnAtTheSamePlaceWhenTheCurveIsPushedAnew() {
    try (var node = new TestNode(plane.database())) {
      UUID broadcast = node.goLive(account.streamKey(stream));
      node.began(broadcast, 200);
      for (int ago = 150; ago > 0; ago -= 10) {
        node.sampleIngest(broadcast, ago, 6_000_000, "silent_ms = 5");
      }
      node.tells(
          """
          [{"broadcastId": "%s", "streamId": "%s", "epoch": 1, "state": "live", "ingest": {"bitrateBps": 6010000},
            "destinations": []}]"""
              .formatted(broadcast, stream));
      browser.open(plane.url() + "/streams/" + stream);
      Eventually.holds(
          "the curve is there", () -> browser.script(curve() + " !== null").equals("true"));
      browser.script(curve() + ".focus()");
      browser.press(Keys.ARROW_LEFT, Keys.ARROW_LEFT);
      assertThat(text(READ_OUT)).contains("6.00 Mbit/s, ", " s ago");
      browser.script("window.before = " + curve());

      Eventually.holds(
          "a new curve is in its place",
          () -> browser.script("window.before.isConnected").equals("false"));
      Eventually.holds(
          "it is read on at the same place", () -> text(READ_OUT).matches(".*Mbit/s, .* s ago.*"));
      assertThat(browser.script("document.activeElement.id")).isEqualTo("arriving-curve");
      assertThat(browser.attribute(LIVE_CURVE, "aria-label")).contains("lowest", "highest");
    }
  }

  private static String curve() {
    return "document.querySelector('" + LIVE_CURVE + "')";
  }

  private boolean focused(String css) {
    return browser.script("document.activeElement.matches('" + css + "')").equals("true");
  }

  private String text(String css) {
    return browser.script("document.querySelector('" + css + "').textContent");
  }
}
