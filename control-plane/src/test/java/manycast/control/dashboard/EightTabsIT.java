package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import manycast.control.testing.TestControlPlane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** More open pages than a browser has connections for one host, of which it has six. */
@ExtendWith(SharedChromium.class)
class EightTabsIT {
  private static final int TABS = 8;

  private final TestControlPlane plane = TestControlPlane.shared();
  private final TestAccount account = TestAccount.create(plane);
  private final UUID stream = account.stream("My stream");
  private final UUID destination = account.destination(stream, "Twitch");

  @Test
  void areUsableAtOnceAndEachShowsWhatIs(Chromium browser) {
    String page = plane.url() + "/streams/" + stream;
    browser.signIn(plane.url(), account);
    List<String> tabs = new ArrayList<>();
    while (tabs.size() < TABS) {
      tabs.add(browser.openTab(page));
      assertThat(browser.attribute("[data-stream-state]", "data-stream-state")).isEqualTo("idle");
    }

    account.relay(stream, account.goLive(stream), destination, "live");
    for (String tab : tabs) {
      browser.show(tab);
      browser.await("[data-destination='" + destination + "']", "data-state", "live");
    }

    browser.open(plane.url() + "/");
    assertThat(browser.attribute("main", "id")).isEqualTo("main");
  }
}
