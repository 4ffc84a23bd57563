package manycast.control.dashboard;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manycast.control.destinations.DestinationService;
import manycast.control.destinations.DestinationService.Place;
import manycast.control.destinations.ListedDestination;
import manycast.control.input.NotFoundException;
import manycast.control.platforms.Platform;
import manycast.control.platforms.Platforms;
import manycast.control.signin.SignedIn;
import manycast.control.streams.StreamService;
import manycast.control.streams.StreamView;
import manycast.control.web.Answers;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** All destinations of the account, whatever their streams. */
@Controller
class DestinationsPages {
  private static final int PAGE = 50;

  /** More streams than this are not offered to add a destination to: one is opened first. */
  private static final int STREAMS_OFFERED = 100;

  private static final Pattern PLACE = Pattern.compile("([0-9a-f-]{36})\\.([0-9a-f-]{36})");

  private final DestinationService destinations;
  private final StreamService streams;
  private final Platforms platforms;

  DestinationsPages(DestinationService destinations, StreamService streams, Platforms platforms) {
    this.destinations = destinations;
    this.streams = streams;
    this.platforms = platforms;
  }

  @GetMapping("/destinations")
  String list(
      @AuthenticationPrincipal SignedIn signedIn,
      @RequestParam(defaultValue = "") String platform,
      @RequestParam(defaultValue = "") String after,
      Model model) {
    model.addAttribute("page", read(signedIn.accountId(), platform, after));
    return "destinations/all";
  }

  /** Asks which stream a new one is for, where there are several. */
  @GetMapping("/destinations/new")
  Object askForStream(@AuthenticationPrincipal SignedIn signedIn, Model model) {
    signedIn.changing();
    List<StreamView> choice = streams.list(signedIn.accountId(), null, STREAMS_OFFERED);
    if (choice.size() == 1) {
      return Answers.seeOther("/streams/" + choice.getFirst().id() + "/destinations/new?from=list");
    }
    model.addAttribute("streams", choice);
    return "destinations/stream";
  }

  /**
   * A part of the list.
   *
   * @param after where it begins, as an earlier part named it; empty for the first
   */
  DestinationsPage read(UUID accountId, String platform, String after) {
    List<ListedDestination> read =
        destinations.list(accountId, platform.isEmpty() ? null : platform, place(after), PAGE + 1);
    List<ListedDestination> shown = read.subList(0, Math.min(PAGE, read.size()));
    String next = null;
    if (read.size() > PAGE) {
      ListedDestination last = shown.getLast();
      next = "/destinations" + query(platform, last.streamId() + "." + last.view().id());
    }
    return DestinationsPage.of(
        shown,
        platform,
        platforms.all(),
        query(platform, after),
        next,
        after.isEmpty(),
        id -> platforms.find(id).map(Platform::title).orElse(id));
  }

  private static String query(String platform, String after) {
    String query =
        (platform.isEmpty()
                ? ""
                : "&platform=" + URLEncoder.encode(platform, StandardCharsets.UTF_8))
            + (after.isEmpty() ? "" : "&after=" + after);
    return query.isEmpty() ? "" : "?" + query.substring(1);
  }

  private static @Nullable Place place(String after) {
    if (after.isEmpty()) {
      return null;
    }
    Matcher parts = PLACE.matcher(after);
    if (!parts.matches()) {
      throw new NotFoundException("part of the list");
    }
    return new Place(UUID.fromString(parts.group(1)), UUID.fromString(parts.group(2)));
  }
}
