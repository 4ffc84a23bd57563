package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import manycast.control.testing.TestControlPlane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.stereotype.Controller;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * What holds for every page there is, as its routes name them, in a real browser: nothing breaks
 * the content security policy, and axe finds nothing that keeps anybody out, in light and in dark.
 */
class EveryPageIT {
  private final TestControlPlane plane = TestControlPlane.shared();
  private final TestAccount account = TestAccount.create(plane);
  private final UUID stream = account.stream("My stream");
  private final UUID destination = account.destination(stream, "Twitch");

  @TempDir private Path profile;

  @Test
  void keepsThePolicyAndKeepsNobodyOut() {
    UUID failing = account.destination(stream, "Kick");
    UUID broadcast = account.goLive(stream);
    account.relay(stream, broadcast, destination, "live");
    account.relay(
        stream, broadcast, failing, "failed", "last_error_code = 'bad_key'", "permanent = true");
    offerPreview(broadcast);
    UUID resuming = account.stream("Waiting for its encoder");
    account.destination(resuming, "Twitch");
    plane
        .database()
        .execute(
            "update broadcast set state = 'resuming', resume_until = now() + interval '5 minutes' where id = '"
                + account.goLive(resuming)
                + "'");
    UUID idle = account.stream("Never live");

    try (var browser = new Chromium(profile)) {
      browser.beforeEveryPage(Chromium.NOTE_POLICY_VIOLATIONS);
      browser.open(plane.url() + "/sign-in");
      var faults = new ArrayList<>(browser.pageFaults("/sign-in"));
      browser.signIn(plane.url(), account);
      List<String> paths =
          Stream.concat(
                  routes(broadcast),
                  Stream.of("/streams/" + resuming, "/streams/" + idle, "/no/such/page"))
              .toList();
      for (String path : paths) {
        browser.open(plane.url() + path);
        faults.addAll(browser.pageFaults(path));
      }
      assertThat(paths)
          .contains("/", "/streams/" + stream, "/destinations/" + destination + "/edit");
      assertThat(faults).isEmpty();
    }
  }

  /** The addresses of all pages that are only looked at. */
  private Stream<String> routes(UUID broadcast) {
    return plane.part(RequestMappingHandlerMapping.class).getHandlerMethods().entrySet().stream()
        .filter(route -> isPage(route.getKey(), route.getValue()))
        .flatMap(route -> route.getKey().getPatternValues().stream())
        .map(
            pattern ->
                pattern
                    .replaceFirst("^/streams/\\{\\w+}", "/streams/" + stream)
                    .replaceFirst("^/destinations/\\{\\w+}", "/destinations/" + destination)
                    .replaceFirst("^/broadcasts/\\{\\w+}", "/broadcasts/" + broadcast))
        .filter(path -> !path.contains("{"))
        .sorted();
  }

  private static boolean isPage(RequestMappingInfo route, HandlerMethod method) {
    return method.getBeanType().isAnnotationPresent(Controller.class)
        && method.getReturnType().getParameterType() == String.class
        && route.getMethodsCondition().getMethods().stream()
            .anyMatch(verb -> verb.name().equals("GET"))
        && route.getPatternValues().stream().noneMatch(path -> path.startsWith("/sign-in"));
  }

  /** Where nobody answers: the page may ask there, and no more. */
  private void offerPreview(UUID broadcast) {
    plane
        .database()
        .execute(
            "update node set preview_url = 'http://127.0.0.1:1' where id = (select node_id from broadcast where id = '"
                + broadcast
                + "')");
  }
}
