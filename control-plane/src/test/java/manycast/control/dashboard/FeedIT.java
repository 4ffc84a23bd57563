package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import manycast.control.accounts.AccountService;
import manycast.control.accounts.Member;
import manycast.control.signin.SessionId;
import manycast.control.signin.SignedIn;
import manycast.control.testing.TestControlPlane;
import manycast.control.web.Frame;
import org.junit.jupiter.api.Test;

/** What a page is sent while it is open. */
class FeedIT {
  private static final Duration SOON = Duration.ofSeconds(10);

  /** A second is what is promised; a machine that is busy with other tests is given three. */
  private static final Duration PROMPTLY = Duration.ofSeconds(3);

  private final TestControlPlane plane = TestControlPlane.shared();
  private final TestAccount account = TestAccount.create(plane);
  private final Browser browser = account.browser();
  private final UUID stream = account.stream("My stream");

  @Test
  void sendsTheWholeLivePartFirst() throws Exception {
    UUID destination = account.destination(stream, "Twitch");
    try (FeedReader feed = open()) {
      String first = feed.await("the first event", SOON, event -> event.startsWith("live"));

      assertThat(first)
          .contains(
              "id=\"stream-head\"",
              "data-stream-state=\"idle\"",
              "id=\"destination-" + destination + "\"")
          .contains("id=\"ingest\"", "id=\"happened\"", "hx-swap-oob=\"true\"");
    }
  }

  @Test
  void sendsARowPromptlyAfterItsEvent() throws Exception {
    UUID destination = account.destination(stream, "Twitch");
    UUID other = account.destination(stream, "YouTube");
    UUID broadcast = account.goLive(stream);
    try (FeedReader feed = open()) {
      feed.await("the first event", SOON, event -> event.startsWith("live"));

      account.relay(
          stream,
          broadcast,
          destination,
          "retrying",
          "last_error_code = 'refused'",
          "last_error = 'Nothing listens there.'");

      String row =
          feed.await("the row", PROMPTLY, event -> event.contains("data-state=\"retrying\""));
      assertThat(row)
          .contains("Nothing listens there.", "id=\"destination-" + destination + "\"")
          .contains("hx-swap-oob=\"true\"")
          .doesNotContain("id=\"destination-" + other);
    }
  }

  @Test
  void marksEveryElementByItselfAsAReplacement() {
    UUID destination = account.destination(stream, "Twitch");
    account.relay(stream, account.goLive(stream), destination, "live");
    Member owner = plane.part(AccountService.class).member(account.ownerId()).orElseThrow();
    var signedIn = new SignedIn(owner, "The account", SessionId.random());

    List<Fragment> page = plane.part(DashboardPages.class).read(signedIn, stream).fragments();

    assertThat(page.stream().flatMap(FeedIT::withParts).toList())
        .hasSizeGreaterThan(10)
        .allSatisfy(
            fragment ->
                assertThat(
                        plane
                            .part(Fragments.class)
                            .render(List.of(fragment), Frame.of(signedIn))
                            .strip())
                    .matches(
                        "(?s)<\\w+ [^>]*\\bid=\""
                            + fragment.id()
                            + "\"[^>]* hx-swap-oob=\"true\".*")
                    .containsOnlyOnce("hx-swap-oob"));
  }

  @Test
  void sendsTheHeadWhenTheStreamGoesLive() throws Exception {
    try (FeedReader feed = open()) {
      feed.await("the first event", SOON, event -> event.startsWith("live"));

      account.goLive(stream);

      feed.await("the head", PROMPTLY, event -> event.contains("data-stream-state=\"live\""));
    }
  }

  @Test
  void sendsACountdownWhenTheEncoderIsLost() throws Exception {
    UUID broadcast = account.goLive(stream);
    try (FeedReader feed = open()) {
      feed.await("the first event", SOON, event -> event.startsWith("live"));

      plane
          .database()
          .execute(
              "select release_broadcast(id, epoch, 'encoder_lost') from broadcast where id = '"
                  + broadcast
                  + "'");

      String head =
          feed.await(
              "the head", PROMPTLY, event -> event.contains("data-stream-state=\"resuming\""));
      assertThat(head).contains("id=\"resume-until\"", "The encoder was lost; waiting for it.");
    }
  }

  @Test
  void sendsWhatAFormOfAnotherBrowserHasChanged() throws Exception {
    try (FeedReader feed = open()) {
      feed.await("the first event", SOON, event -> event.startsWith("live"));

      account
          .browser()
          .get("/streams/" + stream)
          .submit(
              "/streams/" + stream + "/destinations",
              Map.of(
                  "name",
                  "Kick",
                  "platform",
                  "kick",
                  "url",
                  "rtmp://kick.example.com/app",
                  "streamKey",
                  "sk_1234567"));

      feed.await(
          "the list",
          PROMPTLY,
          event -> event.contains("id=\"destinations\"") && event.contains("Kick"));
    }
  }

  @Test
  void tellsTheTimeSoThatAPageKnowsItsAge() throws Exception {
    try (FeedReader feed = open()) {
      String pulse = feed.await("a pulse", SOON, event -> event.startsWith("pulse"));

      assertThat(Long.parseLong(pulse.lines().skip(1).findFirst().orElseThrow()))
          .isCloseTo(System.currentTimeMillis(), org.assertj.core.data.Offset.offset(10_000L));
    }
  }

  @Test
  void endsWithinFiveSecondsOfSigningOut() throws Exception {
    try (FeedReader feed = open()) {
      feed.await("the first event", SOON, event -> event.startsWith("live"));

      browser.get("/").submit("/sign-out", Map.of());

      feed.awaitEnd(Duration.ofSeconds(5));
    }
  }

  @Test
  void answersOnlyTheHeadToWhoAsksForNoMore() {
    for (String path : new String[] {"/feed", "/streams/" + stream + "/feed"}) {
      Browser.Page head = browser.head(path);
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Type")).startsWith("text/event-stream");
    }
  }

  @Test
  void endsWhenTheStreamIsDeleted() throws Exception {
    try (FeedReader feed = open()) {
      feed.await("the first event", SOON, event -> event.startsWith("live"));

      browser.get("/streams/" + stream).submit("/streams/" + stream + "/delete", Map.of());

      feed.awaitEnd(SOON);
    }
  }

  @Test
  void isNotForSomebodyElse() throws Exception {
    try (FeedReader strangers =
            new FeedReader(
                TestAccount.create(plane).browser().open("/streams/" + stream + "/feed"));
        FeedReader nobodys =
            new FeedReader(new Browser(plane.url()).open("/streams/" + stream + "/feed"))) {
      assertThat(strangers.status()).isEqualTo(404);
      assertThat(nobodys.status()).isEqualTo(401);
    }
  }

  @Test
  void keepsTheFirstPageUpToDate() throws Exception {
    try (FeedReader feed = new FeedReader(browser.open("/feed"))) {
      feed.await("the first event", SOON, event -> event.contains("data-state=\"idle\""));

      account.goLive(stream);

      feed.await("the card", PROMPTLY, event -> event.contains("data-state=\"live\""));
    }
  }

  private static Stream<Fragment> withParts(Fragment fragment) {
    return Stream.concat(Stream.of(fragment), fragment.parts().stream().flatMap(FeedIT::withParts));
  }

  @Test
  void whoeverLooksAtTheSameStreamIsSentAPageOfTheirOwn() throws Exception {
    UUID destination = account.destination(stream, "Twitch");
    String path = "/streams/" + stream;
    Browser again = account.browser();
    TestAccount guest = TestAccount.create(plane);
    guest.becomeViewerOf(account);
    Browser looking = guest.browser();
    String csrf = browser.get(path).csrf();
    String csrfAgain = again.get(path).csrf();
    assertThat(csrfAgain).isNotEqualTo(csrf);
    try (FeedReader owners = open();
        FeedReader ownersAgain = new FeedReader(again.open(path + "/feed"));
        FeedReader guests = new FeedReader(looking.open(path + "/feed"))) {
      // The whole live part first, and then what the broadcast changes.
      for (int round = 0; round < 2; round++) {
        String row = "id=\"destination-" + destination + "\"";
        assertThat(owners.await("the owner's row", SOON, event -> event.contains(row)))
            .contains(csrf)
            .doesNotContain(csrfAgain);
        assertThat(ownersAgain.await("the row", SOON, event -> event.contains(row)))
            .contains(csrfAgain)
            .doesNotContain(csrf);
        assertThat(guests.await("the viewer's row", SOON, event -> event.contains(row)))
            .doesNotContain(csrf, csrfAgain, account.streamKey(stream), "/disable");
        if (round == 0) {
          account.relay(stream, account.goLive(stream), destination, "live");
        }
      }
    }
  }

  private FeedReader open() {
    return new FeedReader(browser.open("/streams/" + stream + "/feed"));
  }
}
