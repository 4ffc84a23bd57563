package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manycast.control.testing.TestControlPlane;
import org.junit.jupiter.api.Test;

/** The history of broadcasts, and the report of each. */
class HistoryPagesIT {
  private static final Pattern NEXT = Pattern.compile("rel=\"next\" href=\"([^\"]+)\"");
  private static final Pattern ID = Pattern.compile("href=\"/broadcasts/([0-9a-f-]{36})\"");

  private static final Pattern CURVE = Pattern.compile("class=\"chart-line\" d=\"([^\"]+)\"");

  private final TestControlPlane plane = TestControlPlane.shared();
  private final TestAccount account = TestAccount.create(plane);
  private final Browser browser = account.browser();

  @Test
  void listsTheBroadcastsOfAllStreamsOrOfOne() {
    UUID friday = account.stream("Friday show");
    UUID podcast = account.stream("Podcast");
    UUID first = account.goLiveAndEnd(friday, account.destination(friday, "Twitch"));
    UUID second = account.goLiveAndEnd(podcast, account.destination(podcast, "Kick"));

    assertThat(browser.get("/broadcasts").body())
        .containsSubsequence("/broadcasts/" + second, "/broadcasts/" + first)
        .contains("The encoder stopped", "1 interruption", "1 destination", "2.70 GB", "1 h 0 min");
    assertThat(browser.get("/broadcasts?stream=" + friday).body())
        .contains("/broadcasts/" + first)
        .doesNotContain("/broadcasts/" + second);
    assertThat(browser.get("/broadcasts?stream=").body()).contains("/broadcasts/" + second);
    assertThat(browser.get("/broadcasts?stream=" + UUID.randomUUID()).status()).isEqualTo(404);
  }

  @Test
  void reportsABroadcast() {
    UUID stream = account.stream("Friday show");
    UUID twitch = account.destination(stream, "Twitch main");
    UUID broadcast = account.goLiveAndEnd(stream, twitch);
    account.relay(
        stream, broadcast, twitch, "ended", "last_error = 'The server closed the connection.'");

    assertThat(browser.get("/broadcasts/" + broadcast).body())
        .contains("The stream", "The encoder stopped.", "1 h 0 min", "OBS 31.0.2")
        .contains("1920 × 1080, 60 per second", "H.264, AAC")
        .contains("data-destination=\"" + twitch + "\"", "2.70 GB", "384,000", "240 in 2 skips")
        .contains("Last trouble: The server closed the connection.");
  }

  @Test
  void showsTheCurvesTheIncidentsAndTheDeliveredShareOfABroadcast() {
    UUID stream = account.stream("Friday show");
    UUID twitch = account.destination(stream, "Twitch main");
    UUID broadcast = account.goLiveAndEnd(stream, twitch);
    account.measure(broadcast, twitch);

    String body = browser.get("/broadcasts/" + broadcast).body();

    assertThat(body)
        .contains(
            "Bitrate over the broadcast: lowest 5.", "there are gaps where nothing was measured")
        .contains("Frames per second over the broadcast: lowest 59.8 fps")
        .contains("Bitrate over the broadcast: lowest 1.80 Mbit/s")
        .contains(
            "99.9 %",
            "300 of 384,300 frames missing: 240 skipped to catch up, 60 missed while it had no"
                + " connection, or not sent in time.")
        .containsSubsequence("id=\"incidents\"", "class=\"lane\"", "Twitch main · ");
    assertThat(CURVE.matcher(body).results().map(found -> found.group(1)))
        .as("bitrate, frames per second, and one destination, with the gap in each")
        .hasSize(3)
        .allSatisfy(line -> assertThat(line.split("M")).hasSize(3))
        .allSatisfy(line -> assertThat(line.split("[ML]").length).isLessThanOrEqualTo(301));
  }

  @Test
  void reportsABroadcastThatGoesOn() {
    UUID stream = account.stream("Now");
    UUID twitch = account.destination(stream, "Twitch main");
    UUID broadcast = account.goLive(stream);
    account.relay(stream, broadcast, twitch, "live", "frames_sent = 50", "frames_due = 50");

    assertThat(browser.get("/broadcasts/" + broadcast).body())
        .contains("It goes on.", "Nothing was measured, or not for long enough", "<span>now</span>")
        .contains("100.0 %", "Every frame was delivered.", "none so far");
  }

  @Test
  void keepsTheTotalsWhenCurvesAndIncidentsAreForgotten() {
    UUID stream = account.stream("Last month");
    UUID twitch = account.destination(stream, "Twitch main");
    UUID broadcast = account.goLiveAndEnd(stream, twitch);
    account.relay(stream, broadcast, twitch, "ended", "frames_due = null");
    plane
        .database()
        .execute(
            """
            update broadcast set started_at = now() - interval '32 days', ended_at = now() - interval '31 days' where id = '%s'
            """
                .formatted(broadcast));

    assertThat(browser.get("/broadcasts/" + broadcast).body())
        .contains("Curves and incidents are kept for 30 days.", "2.70 GB")
        .contains("What was to be sent there was not counted.")
        .doesNotContain("id=\"incidents\"");
  }

  @Test
  void keepsTheReportWhenTheStreamIsGone() {
    UUID stream = account.stream("Short-lived");
    UUID broadcast = account.goLiveAndEnd(stream, account.destination(stream, "Twitch"));
    plane.database().execute("update stream set deleted_at = now() where id = '" + stream + "'");

    assertThat(browser.get("/broadcasts").body()).contains("/broadcasts/" + broadcast);
    assertThat(browser.get("/broadcasts/" + broadcast).body()).contains("The encoder stopped.");
  }

  @Test
  void showsNobodyElses() {
    UUID stream = account.stream("Mine");
    UUID broadcast = account.goLiveAndEnd(stream, account.destination(stream, "Twitch"));
    Browser other = TestAccount.create(plane).browser();

    assertThat(other.get("/broadcasts").body()).contains("Not live yet");
    assertThat(other.get("/broadcasts/" + broadcast).status()).isEqualTo(404);
    assertThat(other.get("/broadcasts?stream=" + stream).status()).isEqualTo(404);
  }

  @Test
  void givesEveryBroadcastOnceOverItsParts() {
    UUID stream = account.stream("Daily");
    plane
        .database()
        .execute(
            """
            insert into node (id, url, rtmp_url, version, state)
              values ('of-%1$s', 'http://127.0.0.1:1/%1$s', 'rtmp://localhost:1935/live', 'test', 'ready');
            insert into broadcast (id, account_id, stream_id, stream_name, epoch, node_id, state, ended_at, end_reason,
                key_id, protocol, remote_address)
              select gen_random_uuid(), '%2$s', '%1$s', 'Daily', nextval('broadcast_epoch'), 'of-%1$s', 'ended', now(),
                'encoder', gen_random_uuid(), 'rtmp', '203.0.113.7' from generate_series(1, 70)
            """
                .formatted(stream, account.id()));
    var seen = new ArrayList<String>();
    String part = "/broadcasts?stream=" + stream;
    int parts = 0;
    while (part != null) {
      String body = browser.get(part).body();
      parts++;
      ID.matcher(body).results().map(found -> found.group(1)).forEach(seen::add);
      Matcher next = NEXT.matcher(body);
      part = next.find() ? next.group(1).replace("&amp;", "&") : null;
    }

    assertThat(parts).isEqualTo(3);
    assertThat(seen).hasSize(70).doesNotHaveDuplicates();
  }
}
