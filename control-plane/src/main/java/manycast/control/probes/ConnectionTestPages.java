package manycast.control.probes;

import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;
import manycast.control.destinations.DestinationService;
import manycast.control.destinations.DestinationService.NamedStream;
import manycast.control.destinations.DestinationView;
import manycast.control.signin.SignedIn;
import manycast.control.web.Answers;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** The page on which a destination's connection is tested. */
@Controller
class ConnectionTestPages {
  private final ConnectionTests tests;
  private final DestinationService destinations;

  ConnectionTestPages(ConnectionTests tests, DestinationService destinations) {
    this.tests = tests;
    this.destinations = destinations;
  }

  /**
   * What the page shows.
   *
   * @param result null before the first test
   */
  record Shown(
      UUID id,
      String name,
      String url,
      String fingerprint,
      NamedStream stream,
      @Nullable ConnectionTestView result) {}

  @GetMapping("/destinations/{id}/test")
  String page(@AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id, Model model) {
    signedIn.changing();
    return show(signedIn, id, null, model, "destinations/test");
  }

  @PostMapping("/destinations/{id}/test")
  String run(
      @AuthenticationPrincipal SignedIn signedIn,
      @PathVariable UUID id,
      @RequestParam(defaultValue = "false") boolean publish,
      HttpServletRequest request,
      Model model) {
    ConnectionTestView result;
    try {
      result = tests.run(signedIn.changing(), id, publish);
    } catch (ResponseStatusException tooOften) {
      result = ConnectionTestView.notRun(id, String.valueOf(tooOften.getReason()));
    }
    return show(
        signedIn,
        id,
        result,
        model,
        Answers.byScript(request) ? "destinations/_test" : "destinations/test");
  }

  private String show(
      SignedIn signedIn,
      UUID id,
      @Nullable ConnectionTestView result,
      Model model,
      String template) {
    DestinationView view = destinations.get(signedIn.accountId(), id);
    NamedStream stream = destinations.streamOf(signedIn.accountId(), id);
    model.addAttribute(
        "test",
        new Shown(id, view.name(), view.url(), view.streamKeyFingerprint(), stream, result));
    // The entry of the menu that the first crumb names, whatever the address.
    model.addAttribute("section", "streams");
    return template;
  }
}
