package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manycast.control.testing.TestControlPlane;
import org.junit.jupiter.api.Test;

/** The list of all destinations of an account. */
class DestinationsPageIT {
  private static final Pattern NEXT = Pattern.compile("rel=\"next\" href=\"([^\"]+)\"");
  private static final Pattern ID = Pattern.compile("data-destination=\"([^\"]+)\"");

  private final TestControlPlane plane = TestControlPlane.shared();
  private final TestAccount account = TestAccount.create(plane);
  private final Browser browser = account.browser();

  @Test
  void showsEveryDestinationUnderItsStreamWithItsState() {
    UUID friday = account.stream("Friday show");
    UUID podcast = account.stream("Podcast");
    UUID twitch = account.destination(friday, "Twitch main");
    UUID kick = account.destination(podcast, "Kick");
    UUID broadcast = account.goLive(friday);
    account.relay(
        friday,
        broadcast,
        twitch,
        "failed",
        "last_error_code = 'bad_key'",
        "last_error = 'The server did not accept the stream key. It said: NetStream.Publish.BadName'");

    String body = browser.get("/destinations").body();

    assertThat(body)
        .containsSubsequence("Friday show", "Twitch main", "Podcast", "Kick")
        .contains("data-destination=\"" + twitch + "\" data-state=\"failed\"")
        .contains("data-destination=\"" + kick + "\" data-state=\"idle\"")
        .contains(">The server did not accept the stream key.<", ">NetStream.Publish.BadName<");
  }

  @Test
  void showsNobodyElses() {
    TestAccount other = TestAccount.create(plane);
    other.destination(other.stream("Theirs"), "Their place");

    assertThat(browser.get("/destinations").body())
        .contains("Nothing is sent anywhere yet")
        .doesNotContain("Their place");
  }

  @Test
  void showsOnePlatformAlone() {
    UUID stream = account.stream("A stream");
    account.destination(stream, "At Twitch");
    UUID other = account.destination(stream, "At Kick");
    plane.database().execute("update destination set platform = 'kick' where id = '" + other + "'");

    assertThat(browser.get("/destinations?platform=kick").body())
        .contains("At Kick")
        .doesNotContain("At Twitch");
    assertThat(browser.get("/destinations?platform=nowhere").body()).contains("There is none here");
  }

  @Test
  void givesEveryDestinationOnceOverItsParts() {
    UUID stream = account.stream("Many");
    UUID second = account.stream("More");
    fill(stream, 70);
    fill(second, 45);
    var seen = new java.util.ArrayList<String>();
    String part = "/destinations";
    int parts = 0;
    while (part != null) {
      String body = browser.get(part).body();
      parts++;
      ID.matcher(body).results().map(found -> found.group(1)).forEach(seen::add);
      Matcher next = NEXT.matcher(body);
      part = next.find() ? next.group(1).replace("&amp;", "&") : null;
    }

    assertThat(parts).isEqualTo(3);
    assertThat(seen).hasSize(115).doesNotHaveDuplicates();
    assertThat(browser.get("/destinations?after=nonsense").status()).isEqualTo(404);
  }

  @Test
  void leadsBackToTheListFromItsButtons() {
    UUID stream = account.stream("A stream");
    UUID destination = account.destination(stream, "Twitch");
    Browser.Page page = browser.get("/destinations");

    assertThat(
            page.submit("/destinations/" + destination + "/disable", Map.of("from", "list"))
                .location())
        .isEqualTo("/destinations");
    assertThat(browser.get("/destinations").body())
        .contains("data-destination=\"" + destination + "\" data-state=\"disabled\"");
    assertThat(browser.get("/destinations/new").location())
        .isEqualTo("/streams/" + stream + "/destinations/new?from=list");
    assertThat(browser.get("/destinations/" + destination + "/edit?from=list").body())
        .contains("href=\"/destinations\"", "name=\"from\" value=\"list\"");
  }

  @Test
  void pushesTheRowThatHasChanged() throws Exception {
    UUID stream = account.stream("A stream");
    UUID destination = account.destination(stream, "Twitch");
    try (var feed = new FeedReader(browser.open("/destinations/feed"))) {
      feed.await("the list", Duration.ofSeconds(10), event -> event.contains("all-destinations"));
      UUID broadcast = account.goLive(stream);
      account.relay(stream, broadcast, destination, "live");

      feed.await(
          "the row",
          Duration.ofSeconds(10),
          event ->
              event.contains("id=\"listed-" + destination + "\"")
                  && event.contains("data-state=\"live\"")
                  && event.contains("hx-swap-oob"));
    }
  }

  private void fill(UUID stream, int count) {
    plane
        .database()
        .execute(
            """
            insert into destination (id, stream_id, name, platform, url, sealed_key, key_fingerprint)
              select gen_random_uuid(), '%s', 'Place ' || n, 'custom', 'rtmp://host.example/app', '', '1a2b3c4d'
                from generate_series(1, %d) n
            """
                .formatted(stream, count));
  }
}
