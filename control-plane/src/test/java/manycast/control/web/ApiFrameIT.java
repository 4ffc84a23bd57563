package manycast.control.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import manycast.control.testing.ApiClient;
import manycast.control.testing.ApiClient.Answer;
import manycast.control.testing.TestControlPlane;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** What holds for every call, and health and metrics. */
class ApiFrameIT {
  private static TestControlPlane plane;

  @BeforeAll
  static void start() {
    plane = TestControlPlane.shared();
  }

  @Test
  void everyCallNamesTheScopeItNeeds() {
    var calls =
        plane.part(RequestMappingHandlerMapping.class).getHandlerMethods().entrySet().stream()
            .filter(
                call ->
                    call.getKey().getPatternValues().stream()
                        .anyMatch(path -> path.startsWith("/api/")))
            .filter(call -> call.getValue().getBeanType().getPackageName().startsWith("manycast."))
            .toList();

    assertThat(calls).hasSizeGreaterThan(20);
    assertThat(calls)
        .allSatisfy(
            call -> assertThat(call.getValue().getMethodAnnotation(Needs.class)).isNotNull());
  }

  @Test
  void answersUnknownAddressesAndMethodsAsProblems() {
    for (String path :
        new String[] {"/webhooks", "/usage", "/billing", "/plans", "/nothing", "/streams/a/b/c"}) {
      Answer answer = plane.admin().get(path).expect(404);
      assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(answer.json().required("status").intValue()).isEqualTo(404);
    }
    Answer wrongMethod = plane.admin().delete("/streams").expect(405);
    assertThat(wrongMethod.header("Allow")).contains("GET", "POST");
    assertThat(wrongMethod.header("Content-Type")).isEqualTo("application/problem+json");
  }

  @Test
  void letsNobodyInWithoutATokenHoweverThePathIsWritten() {
    for (String path :
        new String[] {
          "/api/v1/nodes",
          "/%61pi/v1/nodes",
          "/a%70i/v1/nodes",
          "/api/%76%31/nodes",
          "/api/v1/%6eodes"
        }) {
      Answer answer = ApiClient.open(plane.url() + path).expect(401);
      assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
    }
    HttpRequest.Builder newAccount =
        HttpRequest.newBuilder(URI.create(plane.url() + "/%61pi/v1/accounts"))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"name\":\"x\",\"email\":\"x@example.com\",\"password\":\"0123456789\"}"));
    ApiClient.send(newAccount).expect(401);
    ApiClient.open(plane.url() + "/api/v1/%6fpenapi.json").expect(200);
  }

  @Test
  void saysThatACallHasNoFieldsToWhoSendsSome() {
    String stream = plane.admin().post("/streams", "{\"name\":\"S\"}").expect(201).text("id");
    String stop = "/streams/" + stream + "/stop";

    assertThat(plane.admin().post(stop, "{\"now\":true}").faultyFields()).containsExactly("now");
    plane.admin().post(stop, "{\"now\":").expect(400);
    plane.admin().post(stop, "{}").expect(202);
    plane.admin().post(stop, "").expect(202);
    plane.admin().post(stop).expect(202);
  }

  @Test
  void refusesValuesThatTheDatabaseHasNoRoomFor() {
    assertThat(plane.admin().get("/nodes?after=%00").faultyFields()).containsExactly("after");
    assertThat(
            plane
                .admin()
                .post(
                    "/tokens",
                    "{\"name\":\"T\",\"scopes\":[\"streams:read\"],\"expiresAt\":\"+300000-01-01T00:00:00Z\"}")
                .faultyFields())
        .containsExactly("expiresAt");
    plane.admin().post("/nothing/" + "x".repeat(4000), "{}", "a-key").expect(404);
  }

  @Test
  void keepsNoSessionAndLetsNothingBeCached() {
    Answer answer = plane.admin().get("/streams").expect(200);

    assertThat(answer.header("Set-Cookie")).isNull();
    assertThat(answer.header("Cache-Control")).contains("no-store");
  }

  @Test
  void tellsItsHealthOnBothPorts() {
    for (String base : new String[] {plane.url(), plane.internalUrl()}) {
      assertThat(ApiClient.open(base + "/healthz").expect(200).text("status")).isEqualTo("ok");
      assertThat(ApiClient.open(base + "/readyz").expect(200).text("status")).isEqualTo("ok");
    }
  }

  @Test
  void showsItsMetersOnTheInternalPortOnly() {
    plane.admin().get("/streams").expect(200);

    String meters = ApiClient.open(plane.internalUrl() + "/metrics").expect(200).http().body();

    assertThat(meters)
        .contains(
            "manycast_database_ready 1.0", "route=\"/api/v1/streams\"", "jvm_memory_used_bytes");
    assertThat(ApiClient.open(plane.url() + "/metrics").status()).isNotEqualTo(200);
    ApiClient.open(plane.internalUrl() + "/elsewhere").expect(404);
  }
}
