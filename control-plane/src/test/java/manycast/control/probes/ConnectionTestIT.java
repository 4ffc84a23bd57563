package manycast.control.probes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import manycast.control.dashboard.Browser;
import manycast.control.dashboard.TestAccount;
import manycast.control.testing.ApiClient;
import manycast.control.testing.TestControlPlane;
import manycast.control.testing.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The connection test by API and by page, with a node that answers what it is told. */
class ConnectionTestIT {
  private static final String PASSED =
      """
      {"over": true, "steps": [
        {"step": "dns", "result": "ok", "ms": 3, "sentence": "The server's name was found.", "said": ""},
        {"step": "publish", "result": "skipped", "ms": 0, "sentence": "Not tried.", "said": ""}]}
      """;
  private static final String FAILED =
      """
      {"over": true, "steps": [
        {"step": "connect", "result": "ok", "ms": 3, "sentence": "The server knows this address.", "said": "NetConnection.Connect.Success"},
        {"step": "publish", "result": "failed", "ms": 5, "sentence": "The server refused the stream.", "said": "NetStream.Publish.Rejected: <b>no</b>"}]}
      """;

  private final TestControlPlane plane = TestControlPlane.shared();
  private final TestNode node = new TestNode(plane.database());
  private final ApiClient owner = plane.newAccount();
  private final String stream = owner.post("/streams", "{\"name\": \"a\"}").expect(201).text("id");

  @AfterEach
  void close() {
    node.close();
  }

  private String destination(String platform) {
    return owner
        .post(
            "/streams/" + stream + "/destinations",
            """
            {"name": "d", "platform": "%s", "url": "rtmp://live.example.net/app", "streamKey": "secret-key"}
            """
                .formatted(platform))
        .expect(201)
        .text("id");
  }

  private JsonNode test(String destination) {
    return owner.post("/destinations/" + destination + "/test").expect(200).json();
  }

  @Test
  void tellsEachStepThatTheNodeTells() {
    node.tells(FAILED, "{\"over\": false, \"steps\": []}");
    JsonNode answer = test(destination("custom"));
    assertThat(answer.required("outcome").stringValue()).isEqualTo("failed");
    assertThat(answer.required("steps").get(1).required("said").stringValue())
        .isEqualTo("NetStream.Publish.Rejected: <b>no</b>");
  }

  @Test
  void publishesOnlyWhereNobodySeesItOrWhenToldTo() {
    node.tells(PASSED, PASSED);
    String custom = destination("custom");
    assertThat(test(custom).required("published").booleanValue()).isFalse();
    assertThat(node.probesAsked().getLast())
        .contains(custom, "\"publish\":false", "\"keySuffix\":\"\"")
        .doesNotContain("secret-key");
    owner.post("/destinations/" + custom + "/test?publish=true").expect(200);
    assertThat(node.probesAsked().getLast()).contains("\"publish\":true");
    test(destination("twitch"));
    assertThat(node.probesAsked().getLast())
        .contains("\"publish\":true", "\"keySuffix\":\"?bandwidthtest=true\"");
  }

  @Test
  void asksNobodyWhileTheDestinationIsLive() {
    String destination = destination("custom");
    String key =
        owner
            .get("/streams/" + stream)
            .json()
            .required("ingest")
            .required("streamKey")
            .stringValue();
    UUID broadcast = node.goLive(key);
    node.relay(broadcast, destination, "live", 1);
    JsonNode answer = test(destination);
    assertThat(answer.required("outcome").stringValue()).isEqualTo("not_run");
    assertThat(answer.required("sentence").stringValue()).contains("is being sent there now");
    assertThat(node.probesAsked()).isEmpty();
  }

  @Test
  void isSomebodyElsesSecretWhetherTheDestinationIsThere() {
    String destination = destination("custom");
    plane.newAccount().post("/destinations/" + destination + "/test").expect(404);
    owner.post("/destinations/" + UUID.randomUUID() + "/test").expect(404);
    assertThat(node.probesAsked()).isEmpty();
  }

  @Test
  void testsAtMostTenInFiveMinutes() {
    node.tells(PASSED, PASSED);
    String destination = destination("custom");
    for (int i = 0; i < TestLimits.MOST; i++) {
      test(destination);
    }
    owner.post("/destinations/" + destination + "/test").expect(429);
  }

  @Test
  void saysSoWhereNoNodeAnswers() {
    node.hang(true);
    assertThat(test(destination("custom")).required("sentence").stringValue())
        .contains("No media node has answered");
    node.hang(false);
  }

  @Test
  void showsTheSameOnAPageWithAndWithoutScript() {
    TestAccount account = TestAccount.create(plane);
    Browser browser = account.browser();
    UUID destination = account.destination(account.stream("The show"), "Twitch");
    node.tells(FAILED, FAILED);
    String address = "/destinations/" + destination + "/test";
    Browser.Page page = browser.get(address);
    assertThat(page.body())
        .contains("Test the connection", "<a href=\"/streams/", ">The show</a>")
        .doesNotContain("data-outcome");

    Browser.Page shown = page.submit(address, Map.of());
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.body())
        .contains(
            "<html", "data-outcome=\"failed\"", "data-step=\"publish\" data-result=\"failed\"")
        .contains("NetStream.Publish.Rejected: &lt;b&gt;no&lt;/b&gt;");

    Browser.Page fragment =
        browser.post(address, Map.of("_csrf", page.csrf()), "HX-Request", "true");
    assertThat(fragment.body())
        .startsWith("<section id=\"connection-test\"")
        .contains("data-outcome=\"failed\"");

    account.becomeViewer();
    assertThat(browser.get(address).status()).isEqualTo(403);
    assertThat(browser.post(address, Map.of("_csrf", page.csrf())).status()).isEqualTo(403);
  }
}
