package manycast.control.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import manycast.control.dashboard.Browser;
import manycast.control.dashboard.TestAccount;
import manycast.control.testing.Eventually;
import manycast.control.testing.TestControlPlane;
import manycast.db.testing.TestDatabase;
import org.junit.jupiter.api.Test;

/** Who gets in, for how long, and what every answer carries. */
class SignInIT {
  private final TestControlPlane plane = TestControlPlane.shared();
  private final TestAccount account = TestAccount.create(plane);
  private final Browser guest = new Browser(plane.url());

  @Test
  void leadsToTheSignInPageAndBackAgain() {
    UUID stream = account.stream("My stream");
    Browser.Page away = guest.get("/streams/" + stream);
    assertThat(away.status()).isEqualTo(303);

    Browser.Page form = guest.get(away.location());
    assertThat(form.body()).contains("type=\"email\"", "type=\"password\"");
    Browser.Page in =
        form.submit(
            "/sign-in",
            Map.of(
                "email",
                account.email(),
                "password",
                TestAccount.PASSWORD,
                "next",
                "/streams/" + stream));

    assertThat(in.location()).isEqualTo("/streams/" + stream);
    assertThat(in.header("Set-Cookie")).contains("HttpOnly", "SameSite=Lax", "Path=/");
    assertThat(guest.get(in.location()).body()).contains("My stream");
  }

  @Test
  void leadsNowhereElse() {
    for (String next :
        new String[] {"https://evil.example", "//evil.example", "/\\evil.example", "/{a}"}) {
      Browser.Page in =
          new Browser(plane.url())
              .get("/sign-in")
              .submit(
                  "/sign-in",
                  Map.of("email", account.email(), "password", TestAccount.PASSWORD, "next", next));
      assertThat(in.location()).as(next).isEqualTo("/");
    }
  }

  @Test
  void refusesAWrongPasswordAndAnUnknownAddressAlike() {
    for (String email : new String[] {account.email(), UUID.randomUUID() + "@example.com"}) {
      Browser.Page refused =
          guest.get("/sign-in").submit("/sign-in", Map.of("email", email, "password", "wrong one"));
      assertThat(refused.status()).isEqualTo(422);
      assertThat(refused.body())
          .contains("That e-mail address and password do not belong together.", email);
      assertThat(refused.body()).doesNotContain("wrong one");
    }
  }

  @Test
  void slowsDownWhoGuesses() {
    for (int i = 0; i < SignInLimits.PER_ACCOUNT; i++) {
      guest
          .get("/sign-in")
          .submit(
              "/sign-in",
              Map.of("email", " ".repeat(i) + account.email(), "password", "wrong " + i));
    }

    Browser.Page refused =
        guest
            .get("/sign-in")
            .submit("/sign-in", Map.of("email", account.email(), "password", TestAccount.PASSWORD));

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.body()).contains("Too many failed attempts");
    assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 901);
  }

  @Test
  void keepsNothingOfWhatIsNoAddress() {
    Browser.Page refused =
        guest
            .get("/sign-in")
            .submit(
                "/sign-in", Map.of("email", "x".repeat(321) + "@example.com", "password", "wrong"));

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.body()).contains("at most 320 characters").doesNotContain("xxxx");
  }

  @Test
  void signsOut() {
    Browser browser = account.browser();

    assertThat(browser.get("/").submit("/sign-out", Map.of()).location()).isEqualTo("/sign-in?out");

    assertThat(browser.get("/").status()).isEqualTo(303);
    assertThat(plane.rows("web_session where user_id = '" + account.ownerId() + "'")).isZero();
  }

  @Test
  void storesNothingThatSignsIn() {
    account.browser();

    assertThat(
            plane.rows(
                "web_session where user_id = '" + account.ownerId() + "' and length(id_hash) = 32"))
        .isEqualTo(1);
    assertThat(
            plane.rows(
                "web_session where user_id = '" + account.ownerId() + "' and data ? 'accountId'"))
        .isEqualTo(1);
  }

  @Test
  void staysSignedInWhenAnotherControlPlaneTakesOver() {
    Browser browser = account.browser();

    try (TestControlPlane next = TestControlPlane.startReady(plane.database())) {
      assertThat(browser.at(next.url()).get("/").status()).isEqualTo(200);
    }
  }

  @Test
  void endsASessionThatHasRunOutAndProlongsOneThatIsUsed() {
    Browser browser = account.browser();
    String own = "user_id = '" + account.ownerId() + "'";
    plane
        .database()
        .execute(
            "update web_session set last_seen_at = now() - interval '29 days', expires_at = now() + interval '1 day' where "
                + own);
    assertThat(browser.get("/").status()).isEqualTo(200);
    assertThat(
            plane.rows("web_session where " + own + " and expires_at > now() + interval '29 days'"))
        .isEqualTo(1);

    plane.database().execute("update web_session set expires_at = now() where " + own);
    assertThat(browser.get("/").status()).isEqualTo(303);
  }

  @Test
  void opensALinkOnce() {
    UUID stream = account.stream("My stream");
    String token = link("now() + interval '10 minutes'", "/streams/" + stream);

    Browser.Page in = guest.get("/sign-in/link?token=" + token);

    assertThat(in.location()).isEqualTo("/streams/" + stream);
    assertThat(guest.get(in.location()).status()).isEqualTo(200);
    Browser.Page again = new Browser(plane.url()).get("/sign-in/link?token=" + token);
    assertThat(again.status()).isEqualTo(410);
    assertThat(again.body()).contains("was used already or has run out");
  }

  @Test
  void refusesALinkThatHasRunOutOrNeverWas() {
    assertThat(
            guest.get("/sign-in/link?token=" + link("now() - interval '1 second'", "/")).status())
        .isEqualTo(410);
    assertThat(guest.get("/sign-in/link?token=" + UUID.randomUUID()).status()).isEqualTo(410);
    assertThat(guest.get("/sign-in/link").status()).isEqualTo(410);
  }

  @Test
  void keepsALinkThatWasOnlyFetchedInAdvance() {
    String token = link("now() + interval '10 minutes'", "/");

    assertThat(guest.get("/sign-in/link?token=" + token, "Sec-Purpose", "prefetch").status())
        .isEqualTo(204);

    assertThat(guest.get("/sign-in/link?token=" + token).location()).isEqualTo("/");
  }

  @Test
  void refusesAFormThatIsNotOurs() {
    UUID stream = account.stream("My stream");
    Browser browser = account.browser();
    String key = account.streamKey(stream);

    assertThat(browser.post("/streams/" + stream + "/key/rotate", Map.of()).status())
        .isEqualTo(403);
    assertThat(
            browser.post("/streams/" + stream + "/key/rotate", Map.of("_csrf", "made-up")).status())
        .isEqualTo(403);
    String anothers = TestAccount.create(plane).browser().get("/").csrf();
    assertThat(
            browser.post("/streams/" + stream + "/key/rotate", Map.of("_csrf", anothers)).status())
        .isEqualTo(403);
    assertThat(
            guest
                .post(
                    "/sign-in", Map.of("email", account.email(), "password", TestAccount.PASSWORD))
                .status())
        .isEqualTo(403);

    assertThat(account.streamKey(stream)).isEqualTo(key);
  }

  @Test
  void sendsThePolicyWithEveryPage() {
    UUID stream = account.stream("My stream");
    String node = "https://" + UUID.randomUUID() + ".example.com:8081";
    plane
        .database()
        .execute(
            """
            insert into node (id, url, rtmp_url, version, state, preview_url) values
              (gen_random_uuid(), 'http://127.0.0.1:1/', 'rtmp://x/live', 'test', 'ready', '%s/behind/a/path'),
              (gen_random_uuid(), 'http://127.0.0.1:2/', 'rtmp://x/live', 'test', 'ready', 'http://x; script-src *')
            """
                .formatted(node));
    Eventually.holds(
        "the node is known",
        () -> guest.get("/sign-in").header("Content-Security-Policy").contains(node));
    Browser browser = account.browser();
    for (String path :
        new String[] {
          "/", "/streams/" + stream, "/sign-in/link?token=x", "/no/such/page", "/assets/logo.svg"
        }) {
      assertThat(browser.get(path, "Accept", "text/html").header("Content-Security-Policy"))
          .as(path)
          .contains(
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;",
              "worker-src 'self' blob:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
          .containsPattern("connect-src 'self' [^;]*\\Q" + node + "\\E[ ;]")
          .containsPattern("media-src 'self' blob: [^;]*\\Q" + node + "\\E[ ;]")
          .doesNotContain("unsafe", "script-src *", "/behind");
    }
    assertThat(guest.get("/sign-in").header("Content-Security-Policy"))
        .contains("default-src 'none'");
    assertThat(guest.get("/sign-in").body()).doesNotContain("style=", "<style", "onclick");
  }

  @Test
  void showsAPageForAnAddressThatIsNone() {
    Browser.Page missing = account.browser().get("/streams/not-an-id", "Accept", "text/html");

    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.body()).contains("There is no such page", "Sign out");
  }

  @Test
  void signsNobodyOutWhileTheDatabaseIsAway() {
    try (TestDatabase database = TestDatabase.createAlone();
        TestControlPlane own = TestControlPlane.startReady(database)) {
      Browser browser = TestAccount.create(own).browser();

      database.stop();
      Browser.Page away = browser.get("/", "Accept", "text/html");
      assertThat(away.status()).isEqualTo(503);
      assertThat(away.body()).contains("The database is away", "Streams that are live go on");
      assertThat(away.header("Set-Cookie")).isEmpty();

      database.start();
      Eventually.within(
          Duration.ofSeconds(30), "the page is back", () -> browser.get("/").status() == 200);
    }
  }

  private String link(String expires, String path) {
    String token = UUID.randomUUID().toString();
    plane
        .database()
        .execute(
            "insert into sign_in_link (token_hash, user_id, path, expires_at) values (sha256('%s'), '%s', '%s', %s)"
                .formatted(token, account.ownerId(), path, expires));
    return token;
  }
}
