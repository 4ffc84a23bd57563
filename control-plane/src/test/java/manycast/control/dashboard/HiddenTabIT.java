package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import manycast.control.testing.Eventually;
import manycast.control.testing.TestControlPlane;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A tab that nobody looks at gives its event stream back: a browser has only six per host. Whether
 * it is hidden, and when its 30 s are over, is the test's to say.
 */
@ExtendWith(SharedChromium.class)
class HiddenTabIT {
  private static final String STAGE =
      """
      window.opened = [];
      window.EventSource = class extends EventSource {
        constructor(url) { super(url); window.opened.push(this); }
      };
      window.hide = (now) => {
        window.isHidden = now;
        document.dispatchEvent(new Event("visibilitychange"));
      };
      window.isHidden = location.hash === "#hidden";
      Object.defineProperty(document, "hidden", {get: () => window.isHidden});
      window.afterHalfAMinute = null;
      const set = window.setTimeout, clear = window.clearTimeout;
      window.setTimeout = (what, ms, ...rest) => {
        if (ms !== 30000) return set(what, ms, ...rest);
        window.afterHalfAMinute = what;
        return -30000;
      };
      window.clearTimeout = (id) => {
        if (id === -30000) window.afterHalfAMinute = null;
        else clear(id);
      };
      """;

  private final TestControlPlane plane = TestControlPlane.shared();
  private final TestAccount account = TestAccount.create(plane);
  private final UUID stream = account.stream("My stream");
  private final UUID destination = account.destination(stream, "Twitch");
  private final String row = "[data-destination='" + destination + "']";

  private Chromium browser;

  @BeforeEach
  void signIn(Chromium shared) {
    browser = shared;
    browser.beforeEveryPage(STAGE);
    browser.signIn(plane.url(), account);
  }

  @Test
  void closesItsEventStreamAfterHalfAMinuteAndShowsTheTrueStateWhenItIsSeenAgain() {
    open("");
    browser.script("window.hide(true)");
    assertThat(openSources()).isEqualTo("1");

    browser.script("window.afterHalfAMinute()");
    assertThat(openSources()).isEqualTo("0");
    account.relay(stream, account.goLive(stream), destination, "live");
    assertThat(browser.attribute("[data-stream-state]", "data-stream-state")).isEqualTo("idle");

    browser.script("window.hide(false)");
    browser.await("[data-stream-state]", "data-stream-state", "live");
    browser.await(row, "data-state", "live");
    assertThat(openSources()).isEqualTo("1");
    assertThat(browser.script("window.opened.length")).isEqualTo("2");
    Eventually.holds(
        "it is called fresh", () -> browser.script("document.body.className").isEmpty());
  }

  @Test
  void keepsItsEventStreamWhenItIsHiddenForAMoment() {
    open("");
    browser.script("window.hide(true)");
    browser.script("window.hide(false)");

    assertThat(browser.script("window.afterHalfAMinute")).isEqualTo("null");
    assertThat(browser.script("window.opened.length")).isEqualTo("1");
    account.goLive(stream);
    browser.await("[data-stream-state]", "data-stream-state", "live");
  }

  @Test
  void closesItsEventStreamTooWhenItWasOpenedInTheBackground() {
    open("#hidden");

    browser.script("window.afterHalfAMinute()");
    assertThat(openSources()).isEqualTo("0");
    account.goLive(stream);

    browser.script("window.hide(false)");
    browser.await("[data-stream-state]", "data-stream-state", "live");
  }

  private void open(String fragment) {
    browser.open(plane.url() + "/streams/" + stream + fragment);
    Eventually.holds(
        "the event stream is open",
        () -> browser.script("window.opened.some((s) => s.readyState === 1)").equals("true"));
    assertThat(browser.attribute("[data-stream-state]", "data-stream-state")).isEqualTo("idle");
  }

  private String openSources() {
    return browser.script("window.opened.filter((s) => s.readyState !== 2).length");
  }
}
