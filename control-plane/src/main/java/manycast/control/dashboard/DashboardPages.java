package manycast.control.dashboard;

import java.util.Optional;
import java.util.UUID;
import manycast.control.destinations.DestinationForm;
import manycast.control.live.LiveView;
import manycast.control.live.RecentRates;
import manycast.control.platforms.Platform;
import manycast.control.platforms.Platforms;
import manycast.control.signin.SignedIn;
import manycast.control.streams.StreamForm;
import manycast.control.web.MediaOrigins;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The first page and a stream's page. */
@Controller
class DashboardPages {
  private final HomePage.Source home;
  private final StreamFacts facts;
  private final Platforms platforms;
  private final MediaOrigins media;

  DashboardPages(HomePage.Source home, StreamFacts facts, Platforms platforms, MediaOrigins media) {
    this.home = home;
    this.facts = facts;
    this.platforms = platforms;
    this.media = media;
  }

  @GetMapping("/")
  String home(
      @AuthenticationPrincipal SignedIn signedIn,
      @RequestParam(required = false) @Nullable UUID after,
      Model model) {
    model.addAttribute("page", home.page(home.rows(signedIn.accountId(), after)));
    model.addAttribute("create", StreamForm.empty());
    return "dashboard/home";
  }

  @GetMapping("/streams/{id}")
  String stream(@AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id, Model model) {
    StreamPage page = read(signedIn, id);
    model.addAttribute("page", page);
    model.addAttribute("mediaOrigins", String.join(" ", media.mediaOrigins()));
    model.addAttribute("form", DestinationForm.forNew(id, platforms.all()));
    model.addAttribute(
        "settings",
        StreamForm.of(
            id, page.head().name(), page.head().state(), page.head().resumeGraceSeconds()));
    return "dashboard/stream";
  }

  /** Somebody else's stream is not found. */
  StreamPage read(SignedIn signedIn, UUID id) {
    return page(facts.read(signedIn.accountId(), id), signedIn.mayChange());
  }

  /** The page of what is known, with the figures of this second. */
  StreamPage page(StreamFacts.Known known, boolean mayChange) {
    Optional<LiveView> live = facts.figures(known);
    return StreamPage.of(
        known.rows(),
        live,
        facts.beforehand(known),
        live.map(now -> facts.rates(known, now)).orElse(RecentRates.Rates.NONE),
        id -> platforms.find(id).map(Platform::title).orElse(id),
        mayChange);
  }
}
