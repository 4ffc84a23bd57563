package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import manycast.control.destinations.DestinationService;
import manycast.control.destinations.DestinationView;
import manycast.control.testing.TestControlPlane;
import org.junit.jupiter.api.Test;

/** The pages of streams, and every form and button on them. */
class StreamPageIT {
  private final TestControlPlane plane = TestControlPlane.shared();
  private final TestAccount account = TestAccount.create(plane);
  private final Browser browser = account.browser();
  private final UUID stream = account.stream("My stream");
  private final String page = "/streams/" + stream;

  @Test
  void listsTheAccountsStreamsAndMakesOne() {
    Browser.Page home = browser.get("/");
    assertThat(home.body())
        .contains("My stream", "data-stream=\"" + stream + "\" data-state=\"idle\"");

    Browser.Page made = home.submit("/streams", Map.of("name", "Second one"));

    assertThat(made.status()).isEqualTo(303);
    assertThat(browser.get(made.location()).body()).contains("<h1>Second one</h1>");
  }

  @Test
  void saysWhatIsWrongWithAStreamsName() {
    Browser.Page refused = browser.get("/").submit("/streams", Map.of("name", "  "));

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.body()).contains("The name must not be empty.", "aria-invalid=\"true\"");
  }

  @Test
  void showsServerKeyAndHelpWhileTheStreamWasNeverLive() {
    String body = browser.get(page).body();

    assertThat(body)
        .contains(
            "data-stream-state=\"idle\"",
            "rtmp://live.example.com:1935/live",
            account.streamKey(stream))
        .contains("Set up OBS Studio");
  }

  @Test
  void showsABroadcastWithItsDestinations() {
    UUID twitch = account.destination(stream, "Twitch");
    UUID kick = account.destination(stream, "Kick");
    UUID broadcast = account.goLive(stream);
    account.relay(stream, broadcast, twitch, "live");
    account.relay(
        stream,
        broadcast,
        kick,
        "failed",
        "last_error_code = 'bad_key'",
        "last_error = 'The server did not accept the stream key. It said: NetStream.Publish.BadName'",
        "permanent = true");

    String body = browser.get(page).body();

    assertThat(body)
        .contains(
            "data-stream-state=\"live\"",
            "OBS 31.0.2 at 203.0.113.7 over RTMP",
            "1920 × 1080",
            "data-ingest=\"video\">H.264<",
            "data-ingest=\"audio\">AAC<")
        .contains("data-destination=\"" + twitch + "\" data-state=\"live\"")
        .contains("data-destination=\"" + kick + "\" data-state=\"failed\"")
        .contains(">The server did not accept the stream key.<", ">NetStream.Publish.BadName<")
        .containsPattern("kbit/s</span>")
        .doesNotContain("Set up OBS Studio");
  }

  @Test
  void countsDownWhileTheEncoderIsLost() {
    UUID broadcast = account.goLive(stream);
    plane
        .database()
        .execute(
            "update broadcast set state = 'resuming', resume_until = now() + interval '40 seconds' where id = '"
                + broadcast
                + "'");

    assertThat(browser.get(page).body())
        .contains(
            "data-stream-state=\"resuming\"", "without it the broadcast ends", "End broadcast")
        .containsPattern("id=\"resume-until\"[^>]* data-until=\"[^>]*>in (3\\d|40) s</time>");
  }

  @Test
  void showsAnEncoderThatWasTurnedAway() {
    plane
        .database()
        .execute(
            "insert into publish_refusal (id, stream_id, reason, key_fingerprint, remote_address) values"
                + " (gen_random_uuid(), '%s', 'retired_key', '1a2b3c4d', '198.51.100.23')"
                    .formatted(stream));

    assertThat(browser.get(page).body())
        .contains("198.51.100.23: it used a stream key that was replaced (key 1a2b3c4d).");
  }

  @Test
  void addsADestination() {
    Browser.Page added =
        browser
            .get(page)
            .submit(
                page + "/destinations",
                Map.of(
                    "name",
                    "Twitch",
                    "platform",
                    "twitch",
                    "url",
                    "rtmp://live.twitch.tv/app",
                    "streamKey",
                    "live_1?a=b&c"));

    assertThat(added.status()).isEqualTo(303);
    String body = browser.get(added.location()).body();
    assertThat(body)
        .contains("Twitch", "rtmp://live.twitch.tv/app", "data-state=\"idle\"")
        .doesNotContain("live_1");
  }

  @Test
  void warnsBeforeTheBroadcastOfAKeyThatIsTooOld() {
    browser
        .get(page)
        .submit(
            page + "/destinations",
            Map.of(
                "name", "Face",
                "platform", "facebook",
                "url", "rtmps://live-api-s.facebook.com:443/rtmp/",
                "streamKey", "FB-1"));
    assertThat(browser.get(page).body()).doesNotContain("data-warning");

    plane
        .database()
        .execute(
            "update destination set key_set_at = now() - interval '25 hours' where stream_id = '"
                + stream
                + "'");
    assertThat(browser.get(page).body())
        .contains("data-warning=\"key_age\"", "Face has a stream key from 25 hours before");
  }

  @Test
  void saysBesideItsFieldWhatIsWrongWithADestination() {
    Browser.Page refused =
        browser
            .get(page)
            .submit(
                page + "/destinations",
                Map.of(
                    "name",
                    "Mine",
                    "platform",
                    "custom",
                    "url",
                    "http://example.com/app",
                    "streamKey",
                    "the-secret-key"));

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.body())
        .contains(
            "This must start with rtmp://", "value=\"http://example.com/app\"", "value=\"Mine\"")
        .doesNotContain("the-secret-key");
  }

  @Test
  void editsADestinationAndKeepsItsKeyWhenNoneIsGiven() {
    UUID destination = account.destination(stream, "Old name");
    String fingerprint = view(destination).streamKeyFingerprint();
    String edit = "/destinations/" + destination;

    Browser.Page changed =
        browser
            .get(edit + "/edit")
            .submit(
                edit,
                Map.of(
                    "name",
                    "New name",
                    "platform",
                    "custom",
                    "url",
                    "rtmp://elsewhere.example.com/app",
                    "streamKey",
                    ""));

    assertThat(changed.status()).isEqualTo(303);
    DestinationView now = view(destination);
    assertThat(now.name()).isEqualTo("New name");
    assertThat(now.url()).isEqualTo("rtmp://elsewhere.example.com/app");
    assertThat(now.streamKeyFingerprint()).isEqualTo(fingerprint);
  }

  @Test
  void setsAndShowsADelayInSeconds() {
    browser
        .get(page)
        .submit(
            page + "/destinations",
            Map.of(
                "name", "Later",
                "platform", "custom",
                "url", "rtmp://live.example.com/app",
                "streamKey", "the-secret-key",
                "delay", "12.5"));
    assertThat(browser.get(page).body()).contains(">delayed by 12.5 s<");
    UUID destination =
        UUID.fromString(
            plane.text("select id::text from destination where stream_id = '" + stream + "'"));
    String edit = "/destinations/" + destination;
    assertThat(browser.get(edit + "/edit").body())
        .containsPattern("<input type=\"number\"[^>]* name=\"delay\"[^>]* value=\"12.5\"");
    assertThat(view(destination).delayMs()).isEqualTo(12_500);

    assertThat(submitDelay(edit, "0,5").status()).isEqualTo(303);
    assertThat(view(destination).delayMs()).isEqualTo(500);
    assertThat(submitDelay(edit, "").status()).isEqualTo(303);
    assertThat(view(destination).delayMs()).isZero();
    assertThat(browser.get(page).body()).doesNotContain("delayed by");
    for (String wrong :
        List.of("61", "-1", "60.0006", "1e9", "soon", "0x10", ".", "9".repeat(400))) {
      Browser.Page refused = submitDelay(edit, wrong);
      assertThat(refused.status()).as(wrong).isEqualTo(422);
      assertThat(refused.body())
          .contains("This must be a number of seconds, 0 to 60.", "value=\"" + wrong + "\"");
    }
    assertThat(view(destination).delayMs()).isZero();
  }

  private Browser.Page submitDelay(String edit, String delay) {
    return browser
        .get(edit + "/edit")
        .submit(
            edit,
            Map.of(
                "name", "Later",
                "platform", "custom",
                "url", "rtmp://live.example.com/app",
                "streamKey", "",
                "delay", delay));
  }

  @Test
  void switchesADestinationOffAndOn() {
    UUID destination = account.destination(stream, "Twitch");

    browser.get(page).submit("/destinations/" + destination + "/disable", Map.of());
    assertThat(browser.get(page).body())
        .contains("data-destination=\"" + destination + "\" data-state=\"disabled\"");

    browser.get(page).submit("/destinations/" + destination + "/enable", Map.of());
    assertThat(browser.get(page).body())
        .contains("data-destination=\"" + destination + "\" data-state=\"idle\"");
  }

  @Test
  void answersAButtonPressedByScriptWithNothing() {
    UUID destination = account.destination(stream, "Twitch");
    String csrf = browser.get(page).csrf();

    Browser.Page answer =
        browser.post(
            "/destinations/" + destination + "/disable",
            Map.of("_csrf", csrf),
            "HX-Request",
            "true");

    assertThat(answer.status()).isEqualTo(204);
    assertThat(view(destination).enabled()).isFalse();
  }

  @Test
  void retriesADestination() {
    UUID destination = account.destination(stream, "Twitch");
    UUID broadcast = account.goLive(stream);
    account.relay(stream, broadcast, destination, "failed", "last_error_code = 'bad_key'");

    Browser.Page answer =
        browser.get(page).submit("/destinations/" + destination + "/retry", Map.of());

    assertThat(answer.status()).isEqualTo(303);
    assertThat(plane.rows("destination where id = '" + destination + "' and revision = 2"))
        .isEqualTo(1);
  }

  @Test
  void asksBeforeItRemovesADestination() {
    UUID destination = account.destination(stream, "Twitch");
    String remove = "/destinations/" + destination + "/remove";

    Browser.Page question = browser.get(remove);
    assertThat(question.body()).contains("Remove Twitch?");
    assertThat(question.submit(remove, Map.of()).location()).isEqualTo(page);

    assertThat(browser.get(page).body()).doesNotContain(destination.toString());
    assertThat(browser.get("/destinations/" + destination + "/edit").status()).isEqualTo(404);
  }

  @Test
  void makesANewKey() {
    String old = account.streamKey(stream);

    Browser.Page question = browser.get(page + "/key/rotate");
    question.submit(page + "/key/rotate", Map.of());

    assertThat(browser.get(page).body()).doesNotContain(old).contains(account.streamKey(stream));
  }

  @Test
  void endsABroadcastAndAllowsItsEncoderAgain() {
    UUID broadcast = account.goLive(stream);

    browser.get(page).submit(page + "/stop", Map.of());
    assertThat(
            plane.rows(
                "stream where id = '" + stream + "' and stop_broadcast_id = '" + broadcast + "'"))
        .isEqualTo(1);

    Browser.Page refused = browser.get(page);
    assertThat(refused.body()).contains("is refused until");
    refused.submit(page + "/allow", Map.of());
    assertThat(plane.rows("stream where id = '" + stream + "' and refused_until is null"))
        .isEqualTo(1);
  }

  @Test
  void renamesDisablesEnablesAndDeletesAStream() {
    browser.get(page).submit(page, Map.of("name", "Renamed"));
    assertThat(browser.get(page).body()).contains("<h1>Renamed</h1>");

    browser.get(page).submit(page + "/disable", Map.of());
    assertThat(browser.get(page).body()).contains("data-stream-state=\"disabled\"");

    browser.get(page).submit(page + "/enable", Map.of());
    assertThat(browser.get(page).body()).contains("data-stream-state=\"idle\"");

    assertThat(browser.get(page).submit(page + "/delete", Map.of()).location()).isEqualTo("/");
    assertThat(browser.get(page).status()).isEqualTo(404);
  }

  @Test
  void setsHowLongALostEncoderIsWaitedFor() {
    browser.get(page).submit(page, Map.of("name", "My stream", "grace", "90"));
    assertThat(grace()).isEqualTo("90");
    assertThat(browser.get(page).body()).contains("name=\"grace\"").contains("value=\"90\"");

    for (String wrong : List.of("601", "-1", "soon")) {
      Browser.Page refused =
          browser.get(page).submit(page, Map.of("name", "My stream", "grace", wrong));
      assertThat(refused.status()).isEqualTo(422);
      assertThat(refused.body()).contains("The time ").contains("value=\"" + wrong + "\"");
    }
    assertThat(grace()).isEqualTo("90");

    browser.get(page).submit(page, Map.of("name", "My stream", "grace", ""));
    assertThat(grace()).isEqualTo("null");
  }

  private String grace() {
    return String.valueOf(
        plane.text("select resume_grace_seconds::text from stream where id = '" + stream + "'"));
  }

  @Test
  void offersToEndWithTheConnectionAfterThreeBroadcastsWithoutAGoodbye() {
    for (int i = 0; i < 3; i++) {
      assertThat(browser.get(page).body()).doesNotContain("End when the connection closes");
      UUID broadcast = account.goLive(stream);
      plane
          .database()
          .execute(
              "update broadcast set state = 'ended', ended_at = now(), end_reason = 'encoder_lost' where id = '"
                  + broadcast
                  + "'");
    }
    Browser.Page offered = browser.get(page);
    assertThat(offered.body()).contains("End when the connection closes");
    offered.submit(page + "/end-with-connection", Map.of());

    assertThat(grace()).isEqualTo("0");
    assertThat(browser.get(page).body()).doesNotContain("End when the connection closes");
  }

  @Test
  void showsTheHistoryWithTotals() {
    UUID destination = account.destination(stream, "Twitch");
    UUID broadcast = account.goLive(stream);
    account.relay(
        stream, broadcast, destination, "ended", "bytes_sent = 3200000000", "frames_sent = 123456");
    plane
        .database()
        .execute(
            "update broadcast set state = 'ended', started_at = now() - interval '72 minutes', ended_at = now(), end_reason ="
                + " 'encoder' where id = '%s'".formatted(broadcast));

    assertThat(browser.get(page).body())
        .contains("Past broadcasts", "1 h 12 min, the encoder stopped");
    assertThat(browser.get(page + "/broadcasts").body())
        .contains("The encoder stopped", "1 h 12 min");
    assertThat(browser.get("/broadcasts/" + broadcast).body())
        .contains("3.20 GB", "123,456", "Twitch");
  }

  @Test
  void hidesAndRefusesEverythingThatAViewerMayNot() {
    UUID destination = account.destination(stream, "Twitch");
    String csrf = browser.get(page).csrf();
    account.becomeViewer();

    Browser.Page seen = browser.get(page);
    assertThat(seen.status()).isEqualTo(200);
    assertThat(seen.body())
        .contains("Twitch", "(view only)")
        .doesNotContain(account.streamKey(stream), "/disable", "/remove", "id=\"add-destination\"");
    assertThat(
            browser
                .post("/destinations/" + destination + "/disable", Map.of("_csrf", csrf))
                .status())
        .isEqualTo(403);
    assertThat(browser.post(page + "/key/rotate", Map.of("_csrf", csrf)).status()).isEqualTo(403);
    assertThat(browser.get(page + "/delete").status()).isEqualTo(403);
    assertThat(view(destination).enabled()).isTrue();
  }

  @Test
  void knowsNothingOfSomebodyElsesStream() {
    UUID destination = account.destination(stream, "Twitch");
    UUID broadcast = account.goLive(stream);
    Browser stranger = TestAccount.create(plane).browser();
    String csrf = stranger.get("/").csrf();

    for (String path :
        new String[] {
          page,
          page + "/broadcasts",
          page + "/stop",
          "/broadcasts/" + broadcast,
          "/destinations/" + destination + "/edit"
        }) {
      assertThat(stranger.get(path).status()).as(path).isEqualTo(404);
    }
    for (String path :
        new String[] {
          page,
          page + "/stop",
          page + "/key/rotate",
          page + "/delete",
          "/destinations/" + destination + "/remove"
        }) {
      assertThat(stranger.post(path, Map.of("_csrf", csrf, "name", "Mine now")).status())
          .as(path)
          .isEqualTo(404);
    }
  }

  private DestinationView view(UUID destination) {
    return plane.part(DestinationService.class).get(account.id(), destination);
  }
}
