package manycast.control.destinations;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import manycast.control.input.InvalidInputException;
import manycast.control.platforms.Platforms;
import manycast.control.signin.SignedIn;
import manycast.control.web.Answers;
import manycast.control.web.Question;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The forms and buttons of destinations. Each leads back to the stream's page; a form that is
 * refused comes back on a page of its own, as it was sent, the key excepted.
 */
@Controller
class DestinationPages {
  private final DestinationService destinations;
  private final Platforms platforms;

  DestinationPages(DestinationService destinations, Platforms platforms) {
    this.destinations = destinations;
    this.platforms = platforms;
  }

  /** What a form sends. */
  record Given(
      String name,
      String platform,
      String url,
      String streamKey,
      String delay,
      String videoTrack,
      String audioTrack) {
    /** Spaces round what was pasted are never meant. */
    Given {
      name = name.strip();
      url = url.strip();
      streamKey = streamKey.strip();
      delay = delay.strip();
    }

    @Nullable Tracks tracks() {
      return Tracks.typed(videoTrack, audioTrack);
    }

    @Override
    public String toString() {
      return "Given[" + name + "]";
    }
  }

  @PostMapping("/streams/{streamId}/destinations")
  Object add(
      @AuthenticationPrincipal SignedIn signedIn,
      @PathVariable UUID streamId,
      @RequestParam(defaultValue = "") String name,
      @RequestParam(defaultValue = "custom") String platform,
      @RequestParam(defaultValue = "") String url,
      @RequestParam(defaultValue = "") String streamKey,
      @RequestParam(defaultValue = "") String delay,
      @RequestParam(defaultValue = "") String videoTrack,
      @RequestParam(defaultValue = "") String audioTrack,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model) {
    Given given = new Given(name, platform, url, streamKey, delay, videoTrack, audioTrack);
    try {
      destinations.create(
          signedIn.changing(),
          streamId,
          new NewDestination(
              given.name(),
              given.platform(),
              given.url(),
              given.streamKey(),
              true,
              DelayInSeconds.read(given.delay()),
              given.tracks()));
    } catch (InvalidInputException e) {
      String back = Answers.byScript(request) ? null : streamPage(streamId);
      return refuse(
          DestinationForm.forNew(streamId, platforms.all()), given, back, e, response, model);
    }
    return Answers.seeOther(streamPage(streamId));
  }

  @GetMapping("/destinations/{id}/edit")
  String edit(@AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id, Model model) {
    signedIn.changing();
    model.addAttribute("form", form(signedIn, id));
    return "destinations/edit";
  }

  @PostMapping("/destinations/{id}")
  Object change(
      @AuthenticationPrincipal SignedIn signedIn,
      @PathVariable UUID id,
      @RequestParam(defaultValue = "") String name,
      @RequestParam(defaultValue = "custom") String platform,
      @RequestParam(defaultValue = "") String url,
      @RequestParam(defaultValue = "") String streamKey,
      @RequestParam(defaultValue = "") String delay,
      @RequestParam(defaultValue = "") String videoTrack,
      @RequestParam(defaultValue = "") String audioTrack,
      HttpServletResponse response,
      Model model) {
    Given given = new Given(name, platform, url, streamKey, delay, videoTrack, audioTrack);
    String page = streamPage(signedIn, id);
    try {
      destinations.change(
          signedIn.changing(),
          id,
          new DestinationChanges(
              given.name(),
              given.platform(),
              given.url(),
              given.streamKey().isEmpty() ? null : given.streamKey(),
              null,
              DelayInSeconds.read(given.delay()),
              given.tracks(),
              true));
    } catch (InvalidInputException e) {
      return refuse(form(signedIn, id), given, page, e, response, model);
    }
    return Answers.seeOther(page);
  }

  @PostMapping("/destinations/{id}/enable")
  Object enable(
      @AuthenticationPrincipal SignedIn signedIn,
      @PathVariable UUID id,
      HttpServletRequest request) {
    destinations.change(signedIn.changing(), id, DestinationChanges.enabled(true));
    return Answers.done(request, streamPage(signedIn, id));
  }

  @PostMapping("/destinations/{id}/disable")
  Object disable(
      @AuthenticationPrincipal SignedIn signedIn,
      @PathVariable UUID id,
      HttpServletRequest request) {
    destinations.change(signedIn.changing(), id, DestinationChanges.enabled(false));
    return Answers.done(request, streamPage(signedIn, id));
  }

  @PostMapping("/destinations/{id}/retry")
  Object retry(
      @AuthenticationPrincipal SignedIn signedIn,
      @PathVariable UUID id,
      HttpServletRequest request) {
    destinations.retry(signedIn.changing(), id);
    return Answers.done(request, streamPage(signedIn, id));
  }

  @GetMapping("/destinations/{id}/remove")
  String askToRemove(
      @AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id, Model model) {
    signedIn.changing();
    DestinationView view = destinations.get(signedIn.accountId(), id);
    return new Question(
            "Remove " + view.name() + "?",
            "Nothing is sent there any more, at once. Its totals stay in the history.",
            "Remove",
            "/destinations/" + id + "/remove",
            streamPage(signedIn, id))
        .ask(model);
  }

  @PostMapping("/destinations/{id}/remove")
  Object remove(@AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id) {
    String page = streamPage(signedIn, id);
    destinations.delete(signedIn.changing(), id);
    return Answers.seeOther(page);
  }

  private DestinationForm form(SignedIn signedIn, UUID id) {
    UUID streamId = destinations.streamOf(signedIn.accountId(), id);
    return DestinationForm.forChange(
        destinations.get(signedIn.accountId(), id), streamId, platforms.all());
  }

  private static String refuse(
      DestinationForm form,
      Given given,
      @Nullable String back,
      InvalidInputException why,
      HttpServletResponse response,
      Model model) {
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    model.addAttribute(
        "form",
        form.refused(
            given.name(),
            given.platform(),
            given.url(),
            given.delay(),
            given.videoTrack(),
            given.audioTrack(),
            back,
            DestinationForm.Faults.of(why.faults())));
    return "destinations/edit";
  }

  private String streamPage(SignedIn signedIn, UUID destinationId) {
    return streamPage(destinations.streamOf(signedIn.accountId(), destinationId));
  }

  private static String streamPage(UUID streamId) {
    return "/streams/" + streamId;
  }
}
