package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manycast.control.testing.Eventually;
import manycast.control.testing.TestControlPlane;
import manycast.control.testing.TestNode;
import org.junit.jupiter.api.Test;

/** The first page. */
class HomePageIT {
  private static final Pattern NEXT = Pattern.compile("rel=\"next\" href=\"([^\"]+)\"");
  private static final Pattern ID = Pattern.compile("data-stream=\"([^\"]+)\"");

  private final TestControlPlane plane = TestControlPlane.shared();
  private final TestAccount account = TestAccount.create(plane);
  private final Browser browser = account.browser();

  @Test
  void teachesWhereThereIsNoStreamYet() {
    assertThat(browser.get("/").body())
        .contains("Go live everywhere at once", "Add the places it goes to", "action=\"/streams\"");

    account.becomeViewer();
    assertThat(browser.get("/").body())
        .contains("An owner or a member of this account can create the first stream.")
        .doesNotContain("action=\"/streams\"");
  }

  @Test
  void showsWhatIsOnAirFirstAndTroubleBeforeEverythingElse() {
    UUID idle = account.stream("Waiting");
    UUID well = account.stream("All is well");
    UUID troubled = account.stream("In trouble");
    UUID good = account.destination(well, "Good");
    account.relay(well, account.goLive(well), good, "live");
    UUID broadcast = account.goLive(troubled);
    account.relay(troubled, broadcast, account.destination(troubled, "One"), "live");
    account.relay(troubled, broadcast, account.destination(troubled, "Two"), "failed");
    account.relay(troubled, broadcast, account.destination(troubled, "Three"), "retrying");

    String body = browser.get("/").body();

    assertThat(body)
        .containsSubsequence(
            "On air",
            "data-stream=\"" + troubled + "\" data-state=\"live\"",
            "1 failed",
            "1 retrying",
            "1 live",
            "data-stream=\"" + well + "\" data-state=\"live\"",
            "1 live",
            "Off air",
            "data-stream=\"" + idle + "\" data-state=\"idle\"",
            "No destination yet")
        .contains("data-since=");
  }

  @Test
  void showsWhatFlowsInAndOut() {
    UUID stream = account.stream("Live");
    UUID destination = account.destination(stream, "Twitch");
    try (var node = new TestNode(plane.database())) {
      UUID broadcast = node.goLive(account.streamKey(stream));
      node.relay(broadcast, destination.toString(), "live", 1);
      node.tells(
          """
          [{"broadcastId": "%s", "streamId": "%s", "epoch": 1, "state": "live", "ingest": {"bitrateBps": 6010000},
            "destinations": [{"id": "%s", "state": "live", "behind": false, "bitrateBps": 5990000, "bytesSent": 1,
              "framesSent": 1, "framesDropped": 0, "skips": 0, "reconnects": 0, "permanent": false},
             {"id": "%s", "state": "retrying", "behind": false, "bitrateBps": 700000, "bytesSent": 1, "framesSent": 1,
              "framesDropped": 0, "skips": 0, "reconnects": 0, "permanent": false}]}]"""
              .formatted(broadcast, stream, destination, UUID.randomUUID()));

      Eventually.holds(
          "the figures are shown",
          () -> {
            String body = browser.get("/").body();
            return body.contains("data-rate=\"in\">6.01 Mbit/s<")
                && body.contains("data-rate=\"out\">5.99 Mbit/s<");
          });
    }
  }

  @Test
  void givesEveryStreamOnceOverItsParts() {
    for (int i = 0; i < 60; i++) {
      account.stream("Stream " + i);
    }
    UUID live = account.stream("On air");
    account.goLive(live);
    var seen = new ArrayList<String>();
    String part = "/";
    int parts = 0;
    while (part != null) {
      String body = browser.get(part).body();
      parts++;
      ID.matcher(body).results().map(found -> found.group(1)).forEach(seen::add);
      Matcher next = NEXT.matcher(body);
      part = next.find() ? next.group(1) : null;
    }

    assertThat(parts).isEqualTo(3);
    assertThat(seen).hasSize(61).doesNotHaveDuplicates().first().isEqualTo(live.toString());
  }
}
