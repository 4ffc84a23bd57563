package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manycast.control.testing.ApiClient;
import manycast.control.testing.TestControlPlane;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The event log's page, its filter and what is taken away from it. */
class EventLogPageIT {
  private static final Pattern NEXT = Pattern.compile("rel=\"next\" href=\"([^\"]+)\"");
  private static final Pattern ID = Pattern.compile("id=\"event-([0-9a-f-]{33})\"");

  private final TestControlPlane plane = TestControlPlane.shared();
  private final TestAccount account = TestAccount.create(plane);
  private final Browser browser = account.browser();

  @Test
  void tellsWhatHappenedNewestFirst() {
    UUID stream = account.stream("Friday show");
    UUID twitch = account.destination(stream, "Twitch main");
    UUID broadcast = account.goLive(stream);
    account.relay(stream, broadcast, twitch, "live");
    account.relay(stream, broadcast, twitch, "retrying", "last_error_code = 'refused'");
    account.relay(stream, broadcast, twitch, "failed", "last_error_code = null");

    assertThat(browser.get("/events").body())
        .containsSubsequence(
            "Twitch main has failed.<",
            "Twitch main is tried again. The server refused the connection.",
            "Twitch main is live.",
            "The broadcast began.")
        .contains("href=\"/streams/" + stream + "\"", "href=\"/broadcasts/" + broadcast + "\"")
        .contains(">Friday show<");
  }

  @Test
  void showsOnlyWhatFitsTheFilter() {
    UUID stream = account.stream("Friday show");
    UUID other = account.stream("Podcast");
    UUID twitch = account.destination(stream, "Twitch");
    UUID kick = account.destination(stream, "Kick");
    UUID broadcast = account.goLive(stream);
    account.goLive(other);
    account.relay(stream, broadcast, twitch, "live");
    account.relay(stream, broadcast, kick, "failed");
    at("2020-01-02T03:04:05Z", stream, broadcast);

    assertThat(types("?type=destination"))
        .contains("destination.live", "destination.failed", "destination.updated")
        .allMatch(type -> type.startsWith("destination."));
    assertThat(types("?type=destination.failed")).containsExactly("destination.failed");
    assertThat(types("?type=broadcast.started")).hasSize(2);
    assertThat(types("?type=broadcast.started&stream=" + stream)).hasSize(1);
    assertThat(types("?destination=" + kick))
        .containsExactly("destination.failed", "destination.updated");
    assertThat(types("?from=2020-01-01T00:00&to=2020-02-01T00:00"))
        .containsExactly("broadcast.resumed");
    assertThat(types("?to=2020-01-01T00:00")).isEmpty();
  }

  @Test
  void saysBesideItsFieldWhatIsWrongWithTheFilter() {
    TestAccount stranger = TestAccount.create(plane);
    UUID theirs = stranger.destination(stranger.stream("Theirs"), "Theirs");

    Browser.Page wrongTime = browser.get("/events?from=soon&type=nonsense");
    assertThat(wrongTime.status()).isEqualTo(422);
    assertThat(wrongTime.body()).contains("filter-from-fault", "value=\"soon\"");
    Browser.Page foreign = browser.get("/events?destination=" + theirs);
    assertThat(foreign.status()).isEqualTo(422);
    assertThat(foreign.body()).contains("filter-destination-fault");
    assertThat(browser.get("/events?from=2026-01-02T00:00&to=2026-01-01T00:00").status())
        .isEqualTo(422);
    assertThat(browser.get("/events/export.csv?type=nonsense").status()).isEqualTo(422);
    assertThat(browser.get("/events?after=nonsense").status()).isEqualTo(404);
  }

  @Test
  void givesEveryEventOnceOverItsParts() {
    UUID stream = account.stream("Busy");
    many(stream, 120);
    var seen = new ArrayList<String>();
    String part = "/events?type=destination.live";
    int parts = 0;
    while (part != null) {
      String body = browser.get(part).body();
      parts++;
      ID.matcher(body).results().map(found -> found.group(1)).forEach(seen::add);
      Matcher next = NEXT.matcher(body);
      part = next.find() ? next.group(1).replace("&amp;", "&") : null;
    }

    assertThat(parts).isEqualTo(3);
    assertThat(seen)
        .hasSize(120)
        .doesNotHaveDuplicates()
        .isSortedAccordingTo((a, b) -> b.compareTo(a));
  }

  @Test
  void givesItAwayAsCsvWithoutFormulas() {
    UUID stream = account.stream("=HYPERLINK(\"http://x\"), my \"show\"");
    many(stream, 3);

    Browser.Page csv = browser.get("/events/export.csv?type=destination.live");

    assertThat(csv.header("Content-Disposition")).contains("attachment", ".csv");
    List<String> lines = csv.body().lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.getFirst())
        .isEqualTo(
            "id,occurredAt,type,text,streamId,stream,broadcastId,destinationId,destination,data");
    assertThat(lines.get(1))
        .contains(",destination.live,", stream.toString())
        .contains("\"'=HYPERLINK(\"\"http://x\"\"), my \"\"show\"\"\"");
  }

  @Test
  void givesItAwayAsJsonInTheShapeOfTheApi() {
    UUID stream = account.stream("Busy");
    many(stream, 700);

    Browser.Page file = browser.get("/events/export.json?type=destination.live");

    JsonNode json = ApiClient.JSON.readTree(file.body());
    assertThat(json.required("next").isNull()).isTrue();
    assertThat(json.required("items").size()).isEqualTo(700);
    JsonNode first = json.required("items").get(0);
    assertThat(first.required("type").stringValue()).isEqualTo("destination.live");
    assertThat(first.required("accountId").stringValue()).isEqualTo(account.id().toString());
    assertThat(first.required("data").required("streamId").stringValue())
        .isEqualTo(stream.toString());
  }

  @Test
  void keepsTheEventsOfOthersApart() {
    UUID stream = account.stream("Mine");
    account.goLive(stream);
    Browser other = TestAccount.create(plane).browser();

    assertThat(other.get("/events").body()).contains("Nothing has happened yet");
    assertThat(other.get("/events?stream=" + stream).body()).contains("Nothing fits.");
    assertThat(other.get("/events/export.csv").body().lines()).hasSize(1);
    assertThat(other.get("/events/export.json").body()).contains("\"items\":[\n]");
  }

  @Test
  void pushesWhatHappensWhileSomebodyLooks() throws Exception {
    UUID stream = account.stream("Friday show");
    try (var feed = new FeedReader(browser.open("/events/feed?type=broadcast"))) {
      feed.await("the lines", Duration.ofSeconds(10), event -> event.contains("event-lines"));
      account.goLive(stream);
      feed.await(
          "the event",
          Duration.ofSeconds(10),
          event -> event.contains("The broadcast began.") && event.contains("hx-swap-oob"));
    }
  }

  private List<String> types(String query) {
    Browser.Page page = browser.get("/events" + query);
    assertThat(page.status()).isEqualTo(200);
    return Pattern.compile("data-event=\"([^\"]+)\"")
        .matcher(page.body())
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private void at(String time, UUID stream, UUID broadcast) {
    plane
        .database()
        .execute(
            "insert into event (type, account_id, stream_id, broadcast_id, occurred_at) values ('broadcast.resumed', '%s', '%s', '%s', '%s')"
                .formatted(account.id(), stream, broadcast, time));
  }

  private void many(UUID stream, int count) {
    plane
        .database()
        .execute(
            "insert into event (type, account_id, stream_id) select 'destination.live', '%s', '%s' from generate_series(1, %d)"
                .formatted(account.id(), stream, count));
  }
}
