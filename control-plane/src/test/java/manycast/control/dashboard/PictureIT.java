package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import manycast.control.testing.TestControlPlane;
import org.junit.jupiter.api.Test;

/** Where a stream's page says that its picture is, when it is loaded and while it is open. */
class PictureIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final TestControlPlane plane = TestControlPlane.shared();
  private final TestAccount account = TestAccount.create(plane);
  private final Browser browser = account.browser();
  private final UUID stream = account.stream("My stream");

  @Test
  void namesItsAddressForThePlayerAndALinkForThoseWithoutScript() {
    UUID broadcast = account.goLive(stream);
    offerPreview(broadcast, "https://one.example.com:8081");

    String page = browser.get("/streams/" + stream).body();

    String address = "https://one.example.com:8081/hls/" + broadcast + "/index.m3u8?token=";
    assertThat(page)
        .contains(
            "data-hls=\"" + address, "<noscript><p class=\"preview-link\"><a href=\"" + address)
        .containsPattern("data-origins=\"[^\"]*https://one\\.example\\.com:8081[ \"]")
        .containsPattern("data-player=\"/assets/vendor/hls\\.light\\.min-[0-9a-f]{32}\\.js\"");
  }

  @Test
  void saysWhenNothingIsLive() {
    assertThat(browser.get("/streams/" + stream).body())
        .contains("id=\"preview-address\" data-state=\"idle\"><noscript></noscript>")
        .contains("Nothing is live. The picture appears here when your encoder starts.");
  }

  @Test
  void isToldOfAnotherNodesAddressAndKeepsItsPlayer() throws Exception {
    UUID broadcast = account.goLive(stream);
    offerPreview(broadcast, "https://one.example.com");
    try (var feed = new FeedReader(browser.open("/streams/" + stream + "/feed"))) {
      String first =
          feed.await("the first event", SOON, event -> event.contains("https://one.example.com/"));
      assertThat(first).contains("id=\"preview-address\"").doesNotContain("id=\"preview\"");

      UUID another = account.goLive(account.stream("Another"));
      offerPreview(another, "https://two.example.com");
      plane
          .database()
          .execute(
              """
              update broadcast set node_id = (select node_id from broadcast where id = '%s') where id = '%s';
              insert into event (type, account_id, stream_id, broadcast_id)
                values ('broadcast.resumed', '%s', '%s', '%2$s')
              """
                  .formatted(another, broadcast, account.id(), stream));

      String moved =
          feed.await(
              "the other node's address",
              SOON,
              event -> event.contains("https://two.example.com/hls/" + broadcast));
      assertThat(moved).contains("id=\"preview-address\"").doesNotContain("id=\"preview\"");
    }
  }

  private void offerPreview(UUID broadcast, String url) {
    plane
        .database()
        .execute(
            "update node set preview_url = '%s' where id = (select node_id from broadcast where id = '%s')"
                .formatted(url, broadcast));
  }
}
