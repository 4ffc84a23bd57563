package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import manycast.control.testing.TestControlPlane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.stereotype.Controller;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * What holds for every page there is, as its routes name them, in a real browser: nothing breaks
 * the content security policy, and axe finds nothing that keeps anybody out, in light and in dark.
 */
@ExtendWith(SharedChromium.class)
class EveryPageIT {
  private static final int NARROW = 360;
  private static final int WIDE = 1280;

  /** A folder to photograph every page into, for people to look at; empty for none. */
  private static final String PICTURES = System.getProperty("manycast.pictures", "");

  private final TestControlPlane plane = TestControlPlane.shared();
  private final TestAccount account = TestAccount.create(plane);
  private final UUID stream = account.stream("My stream");
  private final UUID destination = account.destination(stream, "Twitch");

  @Test
  void keepsThePolicyAndKeepsNobodyOut(Chromium browser) {
    UUID over = account.goLiveAndEnd(stream, destination);
    account.measure(over, destination);
    UUID failing = account.destination(stream, "Kick");
    UUID trying = account.destination(stream, "Facebook page of the show");
    UUID broadcast = account.goLive(stream);
    account.relay(stream, broadcast, destination, "live");
    account.relay(
        stream,
        broadcast,
        failing,
        "failed",
        "last_error_code = 'bad_key'",
        "last_error = 'The server did not accept the stream key. It said: NetStream.Publish.BadName'",
        "permanent = true");
    account.relay(
        stream,
        broadcast,
        trying,
        "retrying",
        "last_error_code = 'refused'",
        "last_error = 'Nobody answers at this address.'",
        "next_retry_at = now() + interval '5 minutes'");
    offerPreview(broadcast);
    UUID resuming = account.stream("Waiting for its encoder");
    account.destination(resuming, "Twitch");
    plane
        .database()
        .execute(
            "update broadcast set state = 'resuming', resume_until = now() + interval '5 minutes' where id = '"
                + account.goLive(resuming)
                + "'");
    UUID idle = account.stream("Never live, and with a name that is longer than most names are");

    browser.beforeEveryPage(Chromium.NOTE_POLICY_VIOLATIONS);
    var faults = new ArrayList<String>();
    look(browser, "/sign-in", faults);
    browser.signIn(plane.url(), TestAccount.create(plane));
    for (String path : List.of("/", "/destinations", "/broadcasts", "/events")) {
      look(browser, path, "empty" + path, faults);
    }
    browser.open(plane.url() + "/");
    browser.click("#sign-out");
    browser.signIn(plane.url(), account);
    List<String> paths =
        Stream.concat(
                routes(broadcast),
                Stream.of(
                    "/streams/" + resuming,
                    "/streams/" + idle,
                    "/broadcasts/" + over + "?over",
                    "/destinations/new",
                    "/events?from=never",
                    "/no/such/page"))
            .toList();
    paths.forEach(path -> look(browser, path, faults));
    assertThat(paths)
        .contains(
            "/",
            "/streams/" + stream,
            "/destinations",
            "/destinations/" + destination + "/edit",
            "/broadcasts",
            "/broadcasts/" + broadcast,
            "/events");
    assertThat(faults).isEmpty();
    browser.open(plane.url() + "/broadcasts");
    browser.look(NARROW, false);
    assertThat(Stream.of("table", "thead", "tbody tr", "th", "td").map(browser::role))
        .as("a table to somebody who hears it, where a phone shows blocks")
        .containsExactly("table", "rowgroup", "row", "columnheader", "cell");
  }

  private void look(Chromium browser, String path, List<String> faults) {
    look(browser, path, path, faults);
  }

  private void look(Chromium browser, String path, String name, List<String> faults) {
    browser.open(plane.url() + path);
    faults.addAll(browser.pageFaults(name));
    browser.look(NARROW, true);
    photograph(browser, name, NARROW, true);
    if (Integer.parseInt(browser.script("document.documentElement.scrollWidth")) > NARROW) {
      faults.add(name + ": scrolls sideways at " + NARROW + " px");
    }
    photograph(browser, name, NARROW, false);
    photograph(browser, name, WIDE, true);
    browser.look(WIDE, false);
    photograph(browser, name, WIDE, false);
  }

  private static void photograph(Chromium browser, String name, int width, boolean dark) {
    if (!PICTURES.isEmpty()) {
      browser.look(width, dark);
      String file = name.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "id").replaceAll("\\W+", "-");
      browser.photograph(
          Path.of(PICTURES, file + "-" + width + (dark ? "-dark" : "-light") + ".png"));
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
