package manycast.control.destinations;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import manycast.control.destinations.DestinationInput.Deed;
import manycast.control.destinations.DestinationService.NamedStream;
import manycast.control.input.InvalidInputException;
import manycast.control.platforms.Platform;
import manycast.control.platforms.Platforms;
import manycast.control.signin.SignedIn;
import manycast.control.web.Answers;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/**
 * The form of a destination. A whole address that was pasted is taken apart and shown before
 * anything is stored; a form that is refused comes back as it was sent, its key sealed.
 */
@Controller
class DestinationFormPages {
  private final DestinationService destinations;
  private final Platforms platforms;
  private final HeldKeys held;

  DestinationFormPages(DestinationService destinations, Platforms platforms, HeldKeys held) {
    this.destinations = destinations;
    this.platforms = platforms;
    this.held = held;
  }

  /** What is known of a platform, for a form in which it was just chosen: no page of its own. */
  @GetMapping("/destinations/platform")
  ModelAndView platform(@RequestParam(defaultValue = "custom") String platform) {
    return new ModelAndView(
        "destinations/_platform", "accepts", PlatformWords.of(platforms.all(), platform));
  }

  @GetMapping("/streams/{streamId}/destinations/new")
  String askForNew(
      @AuthenticationPrincipal SignedIn signedIn,
      @PathVariable UUID streamId,
      @RequestParam(defaultValue = "") String from,
      Model model) {
    signedIn.changing();
    NamedStream stream = destinations.stream(signedIn.accountId(), streamId);
    return page(DestinationForm.forNew(stream, platforms.all(), from.equals("list")), model);
  }

  @PostMapping("/streams/{streamId}/destinations")
  Object add(
      @AuthenticationPrincipal SignedIn signedIn,
      @PathVariable UUID streamId,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model) {
    var input = DestinationInput.of(request, signedIn.accountId(), held);
    NamedStream stream = destinations.stream(signedIn.accountId(), streamId);
    // A form on the stream's page is answered into its place there, and has no way back.
    DestinationForm form =
        Answers.byScript(request) && !input.alone()
            ? DestinationForm.forNew(streamId, platforms.all())
            : DestinationForm.forNew(stream, platforms.all(), input.fromList());
    Object shown = beforeSaving(signedIn, form, input, "", response, model);
    if (shown != null) {
      return shown;
    }
    try {
      destinations.create(
          signedIn.changing(),
          streamId,
          new NewDestination(
              input.name(),
              input.platform(),
              input.url(),
              input.streamKey(),
              true,
              DelayInSeconds.read(input.delay()),
              input.tracks()));
    } catch (InvalidInputException e) {
      return refuse(signedIn, form, input, e, response, model);
    }
    return Answers.seeOther(input.fromList() ? DestinationForm.LIST : stream.page());
  }

  @GetMapping("/destinations/{id}/edit")
  String edit(
      @AuthenticationPrincipal SignedIn signedIn,
      @PathVariable UUID id,
      @RequestParam(defaultValue = "") String from,
      Model model) {
    signedIn.changing();
    DestinationView view = destinations.get(signedIn.accountId(), id);
    NamedStream stream = destinations.streamOf(signedIn.accountId(), id);
    return page(
        DestinationForm.forChange(view, stream, platforms.all(), from.equals("list")), model);
  }

  @PostMapping("/destinations/{id}")
  Object change(
      @AuthenticationPrincipal SignedIn signedIn,
      @PathVariable UUID id,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model) {
    var input = DestinationInput.of(request, signedIn.accountId(), held);
    DestinationView view = destinations.get(signedIn.accountId(), id);
    NamedStream stream = destinations.streamOf(signedIn.accountId(), id);
    DestinationForm form =
        DestinationForm.forChange(view, stream, platforms.all(), input.fromList());
    Object shown = beforeSaving(signedIn, form, input, view.url(), response, model);
    if (shown != null) {
      return shown;
    }
    try {
      destinations.change(
          signedIn.changing(),
          id,
          new DestinationChanges(
              input.name(),
              input.platform(),
              input.url(),
              input.streamKey().isEmpty() ? null : input.streamKey(),
              null,
              DelayInSeconds.read(input.delay()),
              input.tracks(),
              true));
    } catch (InvalidInputException e) {
      return refuse(signedIn, form, input, e, response, model);
    }
    return Answers.seeOther(input.fromList() ? DestinationForm.LIST : stream.page());
  }

  /**
   * The form once more, where the pressed button is for something else than saving, or where what
   * is to be saved should be looked at first; null to go on and save.
   *
   * @param presentUrl what is stored was meant as it is, however it looks
   */
  private @Nullable Object beforeSaving(
      SignedIn signedIn,
      DestinationForm form,
      DestinationInput input,
      String presentUrl,
      HttpServletResponse response,
      Model model) {
    DestinationInput asked =
        switch (input.deed()) {
          case SHOW_PLATFORM -> forPlatform(input);
          case USE_SERVER -> input.at(input.server(), input.streamKey(), false);
          case JOIN -> input.at(PastedUrl.joined(input.url(), input.streamKey()), "", true);
          case SAVE, LOOK -> null;
        };
    if (asked != null) {
      return show(signedIn, form, asked, null, model);
    }
    Optional<PastedUrl> pasted =
        input.whole() || input.url().equals(presentUrl)
            ? Optional.empty()
            : PastedUrl.read(input.url(), input.streamKey(), servers(input.platform()));
    if (pasted.isPresent()) {
      // Nothing is stored yet; to a script that looks only at the status this is no success.
      if (input.deed() == Deed.SAVE) {
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      }
      PastedUrl parts = pasted.get();
      return show(signedIn, form, input.at(parts.server(), parts.streamKey(), false), parts, model);
    }
    return input.deed() == Deed.LOOK ? ResponseEntity.noContent().build() : null;
  }

  private static String page(DestinationForm form, Model model) {
    model.addAttribute("form", form);
    // The entry of the menu that the first crumb names, whatever the address.
    model.addAttribute("section", form.task().fromList() ? "destinations" : "streams");
    return "destinations/edit";
  }

  private String show(
      SignedIn signedIn,
      DestinationForm form,
      DestinationInput input,
      @Nullable PastedUrl taken,
      Model model) {
    signedIn.changing();
    HeldKeys.Held key = hold(signedIn, input);
    DestinationForm.Split split =
        taken == null
            ? null
            : new DestinationForm.Split(
                taken.server(), key == null ? null : key.masked(), taken.streamKey().length());
    return page(
        form.filled(input, platforms.all(), key, split, DestinationForm.Faults.NONE), model);
  }

  private String refuse(
      SignedIn signedIn,
      DestinationForm form,
      DestinationInput input,
      InvalidInputException why,
      HttpServletResponse response,
      Model model) {
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    var faults = DestinationForm.Faults.of(why.faults());
    HeldKeys.Held key = faults.streamKey() == null ? hold(signedIn, input) : null;
    return page(form.filled(input, platforms.all(), key, null, faults), model);
  }

  private HeldKeys.@Nullable Held hold(SignedIn signedIn, DestinationInput input) {
    return input.streamKey().isEmpty() ? null : held.hold(signedIn.accountId(), input.streamKey());
  }

  /** Its first server and its title, unless something else was typed. */
  private DestinationInput forPlatform(DestinationInput input) {
    List<Platform> all = platforms.all();
    Optional<Platform> chosen = platforms.find(input.platform());
    boolean urlIsOurs =
        input.url().isEmpty() || all.stream().anyMatch(p -> p.servers().contains(input.url()));
    boolean nameIsOurs =
        input.name().isEmpty() || all.stream().anyMatch(p -> p.title().equals(input.name()));
    String server =
        chosen.flatMap(p -> p.servers().stream().findFirst()).orElse(urlIsOurs ? "" : input.url());
    String name = input.platform().equals("custom") ? "" : chosen.map(Platform::title).orElse("");
    return input
        .at(urlIsOurs ? server : input.url(), input.streamKey(), false)
        .named(nameIsOurs ? name : input.name());
  }

  private List<String> servers(String platform) {
    return platforms.find(platform).map(Platform::servers).orElse(List.of());
  }
}
