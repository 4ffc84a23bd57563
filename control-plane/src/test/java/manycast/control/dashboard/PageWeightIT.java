package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.UUID;
import java.util.regex.Pattern;
import manycast.control.testing.TestControlPlane;
import org.junit.jupiter.api.Test;

/** How much a stream's page is to load for whoever opens it for the first time. */
class PageWeightIT {
  private static final int MOST_BYTES = 150_000;

  /** The player is loaded beside, when there is something to play. */
  private static final String PLAYER = ".*(hls|preview).*";

  private static final Pattern ASSET =
      Pattern.compile("(?:<script[^>]* src|<link[^>]* href|<img[^>]* src)=\"(/[^\"]+)\"");

  private final TestControlPlane plane = TestControlPlane.shared();
  private final TestAccount account = TestAccount.create(plane);

  @Test
  void isAtMostAHundredAndFiftyKilobytesCompressedWithoutThePlayer() {
    Browser browser = account.browser();
    UUID stream = account.stream("My stream");
    UUID broadcast = account.goLive(stream);
    for (int i = 0; i < 5; i++) {
      account.relay(stream, broadcast, account.destination(stream, "Place " + i), "live");
    }
    String page = "/streams/" + stream;

    var weights = new LinkedHashMap<String, Integer>();
    weights.put(page, browser.weight(page));
    ASSET
        .matcher(browser.get(page).body())
        .results()
        .map(found -> found.group(1).replace("&amp;", "&"))
        .filter(asset -> !asset.matches(PLAYER))
        .forEach(asset -> weights.put(asset, browser.weight(asset)));

    assertThat(weights).as("style sheet, scripts and logo").hasSizeGreaterThanOrEqualTo(5);
    assertThat(weights.values().stream().mapToInt(Integer::intValue).sum())
        .as(weights.toString())
        .isLessThan(MOST_BYTES);
  }
}
