package manycast.control.web;

import static org.assertj.core.api.Assertions.assertThat;

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
