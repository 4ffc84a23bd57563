package manycast.control.destinations;

import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;
import manycast.control.signin.SignedIn;
import manycast.control.web.Answers;
import manycast.control.web.Question;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The buttons of destinations. Without script each leads back to the page that it stands on: the
 * stream's, or the list of all destinations.
 */
@Controller
class DestinationPages {
  /** In {@code from}: the button stands in the list of all destinations. */
  private static final String LIST = "list";

  private final DestinationService destinations;

  DestinationPages(DestinationService destinations) {
    this.destinations = destinations;
  }

  @PostMapping("/destinations/{id}/enable")
  Object enable(
      @AuthenticationPrincipal SignedIn signedIn,
      @PathVariable UUID id,
      @RequestParam(defaultValue = "") String from,
      HttpServletRequest request) {
    destinations.change(signedIn.changing(), id, DestinationChanges.enabled(true));
    return Answers.done(request, back(signedIn, id, from));
  }

  @PostMapping("/destinations/{id}/disable")
  Object disable(
      @AuthenticationPrincipal SignedIn signedIn,
      @PathVariable UUID id,
      @RequestParam(defaultValue = "") String from,
      HttpServletRequest request) {
    destinations.change(signedIn.changing(), id, DestinationChanges.enabled(false));
    return Answers.done(request, back(signedIn, id, from));
  }

  @PostMapping("/destinations/{id}/retry")
  Object retry(
      @AuthenticationPrincipal SignedIn signedIn,
      @PathVariable UUID id,
      @RequestParam(defaultValue = "") String from,
      HttpServletRequest request) {
    destinations.retry(signedIn.changing(), id);
    return Answers.done(request, back(signedIn, id, from));
  }

  @GetMapping("/destinations/{id}/remove")
  String askToRemove(
      @AuthenticationPrincipal SignedIn signedIn,
      @PathVariable UUID id,
      @RequestParam(defaultValue = "") String from,
      Model model) {
    signedIn.changing();
    DestinationView view = destinations.get(signedIn.accountId(), id);
    return new Question(
            "Remove " + view.name() + "?",
            "Nothing is sent there any more, at once. Its totals stay in the history.",
            "Remove",
            "/destinations/" + id + "/remove" + (from.equals(LIST) ? "?from=" + LIST : ""),
            back(signedIn, id, from))
        .ask(model);
  }

  @PostMapping("/destinations/{id}/remove")
  Object remove(
      @AuthenticationPrincipal SignedIn signedIn,
      @PathVariable UUID id,
      @RequestParam(defaultValue = "") String from) {
    String page = back(signedIn, id, from);
    destinations.delete(signedIn.changing(), id);
    return Answers.seeOther(page);
  }

  private String back(SignedIn signedIn, UUID destinationId, String from) {
    return from.equals(LIST)
        ? DestinationForm.LIST
        : destinations.streamOf(signedIn.accountId(), destinationId).page();
  }
}
