package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import manycast.control.testing.Eventually;
import manycast.control.testing.TestControlPlane;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/**
 * Forms in a real Chromium, with its script: by keyboard alone, and with what is in a clipboard.
 */
@ExtendWith(SharedChromium.class)
class FormsInBrowserIT {
  private static final String KEY = "FB-122-0-AbCd?s_bl=1&s_psm=1&a=AbxY";
  private static final String SERVER = "rtmps://live-api-s.facebook.com:443/rtmp/";

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
  void addsADestinationByKeyboardAloneAndFindsItsEvent() {
    tabTo("a[href='/destinations']");
    browser.press(Keys.ENTER);
    awaitPath("/destinations");
    tabTo("#add-destination");
    browser.press(Keys.ENTER);
    awaitPath("/streams/" + stream + "/destinations/new");
    tabTo("#destination-platform");
    browser.press("twi");
    Eventually.holds(
        "what Twitch takes is shown", () -> text("#destination-accepts").contains("Twitch takes"));
    assertThat(browser.script("document.querySelector('#destination-url').value"))
        .startsWith("rtmps://ingest.global-contribute.live-video.net");
    assertThat(browser.script("document.querySelector('#destination-name').value"))
        .isEqualTo("Twitch");
    tabTo("#destination-key");
    browser.press("live_123_secret", Keys.ENTER);
    awaitPath("/destinations");

    assertThat(text("#all-destinations")).contains("Friday show", "Twitch", "idle");
    tabTo("a[href='/events']");
    browser.press(Keys.ENTER);
    awaitPath("/events");
    tabTo("#filter-type");
    browser.press("destinations: u");
    tabTo("#filter");
    browser.press(Keys.ENTER);
    Eventually.holds(
        "the filter is in the address",
        () -> browser.script("location.search").contains("updated"));
    assertThat(text("#event-lines")).contains("Twitch was added, changed or removed.");
  }

  @Test
  void takesAPastedAddressApartAtOnceAndAddsItWithoutLeavingTheStreamsPage() {
    browser.open(plane.url() + "/streams/" + stream);
    browser.select("#destination-platform", "facebook");
    Eventually.holds(
        "what Facebook takes is shown",
        () -> text("#destination-accepts").contains("Facebook takes"));
    browser.paste("#destination-url", SERVER + KEY);
    Eventually.holds(
        "both parts are shown", () -> text(".destination-form").contains("server and stream key"));

    assertThat(browser.script("document.querySelector('#destination-url').value"))
        .isEqualTo(SERVER);
    assertThat(browser.script("document.documentElement.outerHTML")).doesNotContain("AbCd");
    browser.click("#save-destination");
    Eventually.holds("its row is there", () -> text("#destinations").contains("Facebook"));

    assertThat(plane.text("select url from destination where stream_id = '" + stream + "'"))
        .isEqualTo(SERVER);
    assertThat(browser.path()).isEqualTo("/streams/" + stream);
  }

  @Test
  void copiesAndRevealsTheStreamKey() {
    browser.open(plane.url() + "/streams/" + stream);
    browser.script("navigator.clipboard.writeText = async (text) => { window.copied = text; }");
    browser.click("[data-copy='ingest-key']");
    Eventually.holds(
        "the key is copied",
        () -> browser.script("window.copied").equals(account.streamKey(stream)));

    assertThat(browser.script("document.querySelector('#ingest-key').type")).isEqualTo("password");
    browser.click("[data-reveal='ingest-key']");
    assertThat(browser.script("document.querySelector('#ingest-key').type")).isEqualTo("text");
  }

  /** Presses Tab until the element has the focus. */
  private void tabTo(String css) {
    for (int i = 0; i < 60; i++) {
      if (browser.script("document.activeElement.matches(\"" + css + "\")").equals("true")) {
        return;
      }
      browser.press(Keys.TAB);
    }
    throw new AssertionError(css + " is not reached by the Tab key");
  }

  private void awaitPath(String path) {
    Eventually.holds(
        "at " + path,
        () ->
            browser.path().equals(path)
                && browser.script("document.readyState").equals("complete"));
  }

  private String text(String css) {
    return browser.script("(document.querySelector(\"" + css + "\") || {}).innerText");
  }
}
