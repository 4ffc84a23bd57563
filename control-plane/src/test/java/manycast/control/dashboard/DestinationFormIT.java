package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manycast.control.testing.TestControlPlane;
import manycast.db.keys.MediaKeys;
import org.junit.jupiter.api.Test;

/** The form of a destination, as a browser without script has it. */
class DestinationFormIT {
  private static final String KEY = "FB-122-0-AbCd?s_bl=1&s_psm=1&a=AbxY";
  private static final Pattern HELD = Pattern.compile("name=\"heldKey\" value=\"([^\"]+)\"");

  private final TestControlPlane plane = TestControlPlane.shared();
  private final TestAccount account = TestAccount.create(plane);
  private final Browser browser = account.browser();
  private final UUID stream = account.stream("My stream");
  private final String create = "/streams/" + stream + "/destinations";

  @Test
  void takesAPastedAddressApartAndShowsItBeforeAnythingIsStored() {
    Browser.Page shown = paste("facebook", "rtmps://live-api-s.facebook.com:443/rtmp/" + KEY);

    assertThat(shown.status()).isEqualTo(422);
    assertThat(shown.body())
        .contains("server and stream key in one")
        .contains("value=\"rtmps://live-api-s.facebook.com:443/rtmp/\"", ">FB-1••••••••<")
        .contains(KEY.length() + " characters")
        .doesNotContain("AbCd", "s_psm");
    assertThat(stored()).isZero();

    Browser.Page saved = confirm(shown, "facebook", "rtmps://live-api-s.facebook.com:443/rtmp/");

    assertThat(saved.status()).isEqualTo(303);
    assertThat(url()).isEqualTo("rtmps://live-api-s.facebook.com:443/rtmp/");
    assertThat(key()).isEqualTo(KEY);
    assertThat(browser.get(saved.location()).body()).doesNotContain("AbCd");
  }

  @Test
  void letsTheUserSayThatAllOfItIsTheServer() {
    Browser.Page shown = paste("custom", "rtmp://host.example/app/instance");

    Browser.Page joined =
        shown.submit(
            create,
            Map.of(
                "name", "Mine",
                "platform", "custom",
                "url", "rtmp://host.example/app",
                "heldKey", held(shown),
                "deed", "join"));
    assertThat(joined.body())
        .contains("value=\"rtmp://host.example/app/instance\"", "name=\"whole\"")
        .doesNotContain("name=\"heldKey\"");
    Browser.Page saved =
        joined.submit(
            create,
            Map.of(
                "name", "Mine",
                "platform", "custom",
                "url", "rtmp://host.example/app/instance",
                "whole", "yes",
                "streamKey", "the-key"));

    assertThat(saved.status()).isEqualTo(303);
    assertThat(url()).isEqualTo("rtmp://host.example/app/instance");
    assertThat(key()).isEqualTo("the-key");
  }

  @Test
  void keepsTheKeySealedWhileAnotherFieldIsMended() {
    Browser.Page refused =
        form()
            .submit(
                create,
                Map.of(
                    "name", "",
                    "platform", "custom",
                    "url", "rtmp://host.example/app",
                    "streamKey", "the-secret-key-of-mine"));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.body())
        .contains("This must not be empty.", "the-••••••••")
        .contains("<a href=\"/streams/" + stream + "\">My stream</a>")
        .doesNotContain("the-secret");

    confirm(refused, "custom", "rtmp://host.example/app");

    assertThat(key()).isEqualTo("the-secret-key-of-mine");
  }

  @Test
  void opensAHeldKeyForTheAccountAlone() {
    Browser.Page shown = paste("custom", "rtmp://host.example/app/the-key");
    TestAccount other = TestAccount.create(plane);
    UUID theirs = other.stream("Theirs");

    Browser.Page refused =
        other
            .browser()
            .get("/streams/" + theirs + "/destinations/new")
            .submit(
                "/streams/" + theirs + "/destinations",
                Map.of(
                    "name", "Stolen",
                    "url", "rtmp://host.example/app",
                    "heldKey", held(shown)));

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.body()).contains("destination-key-fault");
  }

  @Test
  void showsThePlatformsServersAndWhatItTakesWhenItIsChosen() {
    Browser.Page shown =
        form()
            .submit(
                create, Map.of("name", "", "platform", "youtube", "url", "", "deed", "platform"));

    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.body())
        .contains("YouTube takes", "H.264, HEVC, AV1, AAC")
        .contains("value=\"rtmps://a.rtmps.youtube.com:443/live2\"")
        .contains("Use rtmp://a.rtmp.youtube.com/live2")
        .containsPattern("id=\"destination-name\"[^>]* value=\"YouTube\"");

    Browser.Page used =
        shown.submit(
            create,
            Map.of(
                "name", "YouTube",
                "platform", "youtube",
                "url", "rtmps://a.rtmps.youtube.com:443/live2",
                "use", "rtmp://a.rtmp.youtube.com/live2"));
    assertThat(used.body())
        .containsPattern("id=\"destination-url\"[^>]* value=\"rtmp://a.rtmp.youtube.com/live2\"");
    assertThat(stored()).isZero();
  }

  @Test
  void completesAnAddressWithoutTheAppThatItsServersWant() {
    Browser.Page shown = paste("kick", "rtmps://fa723fc1b171.global-contribute.live-video.net");

    assertThat(shown.body())
        .contains("The app was missing.")
        .contains("value=\"rtmps://fa723fc1b171.global-contribute.live-video.net/app\"");
  }

  @Test
  void keepsAStoredAddressAsItIsHoweverItLooks() {
    UUID destination = account.destination(stream, "Mine");
    plane
        .database()
        .execute(
            "update destination set url = 'rtmp://host.example/app/instance' where id = '"
                + destination
                + "'");
    String edit = "/destinations/" + destination;

    Browser.Page saved =
        browser
            .get(edit + "/edit")
            .submit(
                edit,
                Map.of(
                    "name", "Renamed",
                    "platform", "custom",
                    "url", "rtmp://host.example/app/instance"));

    assertThat(saved.status()).isEqualTo(303);
    assertThat(url()).isEqualTo("rtmp://host.example/app/instance");
  }

  @Test
  void answersAScriptThatOnlyLooksWithNothingWhereNothingIsToBeShown() {
    Browser.Page form = form();
    Map<String, String> fields =
        Map.of("_csrf", form.csrf(), "url", "rtmp://host.example/app", "deed", "look");

    assertThat(browser.post(create, fields, "HX-Request", "true").status()).isEqualTo(204);
  }

  private Browser.Page form() {
    return browser.get("/streams/" + stream + "/destinations/new");
  }

  private Browser.Page paste(String platform, String url) {
    return form()
        .submit(create, Map.of("name", "Mine", "platform", platform, "url", url, "streamKey", ""));
  }

  private Browser.Page confirm(Browser.Page shown, String platform, String url) {
    return shown.submit(
        create, Map.of("name", "Mine", "platform", platform, "url", url, "heldKey", held(shown)));
  }

  private static String held(Browser.Page page) {
    Matcher found = HELD.matcher(page.body());
    assertThat(found.find()).as(page.body()).isTrue();
    return found.group(1);
  }

  private long stored() {
    return plane.rows("destination where stream_id = '" + stream + "'");
  }

  private String url() {
    return plane.text("select url from destination where stream_id = '" + stream + "'");
  }

  private String key() {
    UUID id =
        UUID.fromString(
            plane.text("select id::text from destination where stream_id = '" + stream + "'"));
    MediaKeys keys = TestControlPlane.SECRET_KEY.mediaKeys();
    return keys.openDestinationKey(
        id, plane.bytes("select sealed_key from destination where id = '" + id + "'"));
  }
}
