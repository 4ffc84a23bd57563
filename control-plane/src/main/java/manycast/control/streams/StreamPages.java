package manycast.control.streams;

import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import manycast.control.input.InvalidInputException;
import manycast.control.signin.SignedIn;
import manycast.control.web.Answers;
import manycast.control.web.Question;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The forms and buttons of a stream. What cannot be undone is asked first, with or without script.
 */
@Controller
class StreamPages {
  private final StreamService streams;

  StreamPages(StreamService streams) {
    this.streams = streams;
  }

  @PostMapping("/streams")
  Object create(
      @AuthenticationPrincipal SignedIn signedIn,
      @RequestParam(defaultValue = "") String name,
      HttpServletResponse response,
      Model model) {
    try {
      return Answers.seeOther(
          "/streams/" + streams.create(signedIn.changing(), new NewStream(name.strip())).id());
    } catch (InvalidInputException e) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("create", StreamForm.empty().refused(name, e));
      return "streams/new";
    }
  }

  @PostMapping("/streams/{id}")
  Object change(
      @AuthenticationPrincipal SignedIn signedIn,
      @PathVariable UUID id,
      @RequestParam(defaultValue = "") String name,
      @RequestParam(defaultValue = "") String grace,
      HttpServletResponse response,
      Model model) {
    try {
      Integer seconds = StreamForm.graceSeconds(grace.strip());
      streams.change(signedIn.changing(), id, StreamChanges.settings(name.strip(), seconds));
      return Answers.seeOther("/streams/" + id);
    } catch (InvalidInputException e) {
      StreamView present = streams.get(signedIn.accountId(), id);
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("streamName", present.name());
      model.addAttribute(
          "settings",
          StreamForm.of(id, present.name(), present.state().word(), null).refused(name, grace, e));
      return "streams/settings";
    }
  }

  @PostMapping("/streams/{id}/end-with-connection")
  Object endWithConnection(@AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id) {
    streams.change(signedIn.changing(), id, StreamChanges.withoutGrace());
    return Answers.seeOther("/streams/" + id);
  }

  @PostMapping("/streams/{id}/enable")
  Object enable(@AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id) {
    streams.change(signedIn.changing(), id, StreamChanges.enabled(true));
    return Answers.seeOther("/streams/" + id);
  }

  @GetMapping("/streams/{id}/disable")
  String askToDisable(
      @AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id, Model model) {
    return ask(
        signedIn,
        id,
        "Disable %s?",
        "A running broadcast is ended, and encoders are refused until you enable the stream again.",
        "Disable",
        "disable",
        model);
  }

  @PostMapping("/streams/{id}/disable")
  Object disable(@AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id) {
    streams.change(signedIn.changing(), id, StreamChanges.enabled(false));
    return Answers.seeOther("/streams/" + id);
  }

  @GetMapping("/streams/{id}/delete")
  String askToDelete(
      @AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id, Model model) {
    return ask(
        signedIn,
        id,
        "Delete %s?",
        "A running broadcast is ended; the key and all destinations are gone for good.",
        "Delete",
        "delete",
        model);
  }

  @PostMapping("/streams/{id}/delete")
  Object delete(@AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id) {
    streams.delete(signedIn.changing(), id);
    return Answers.seeOther("/");
  }

  @GetMapping("/streams/{id}/key/rotate")
  String askToRotateKey(
      @AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id, Model model) {
    return ask(
        signedIn,
        id,
        "Make a new key for %s?",
        "The present key stops working at once for new connections: paste the new one into your encoder. A broadcast that"
            + " runs goes on.",
        "Make new key",
        "key/rotate",
        model);
  }

  @PostMapping("/streams/{id}/key/rotate")
  Object rotateKey(@AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id) {
    streams.rotateKey(signedIn.changing(), id);
    return Answers.seeOther("/streams/" + id);
  }

  @GetMapping("/streams/{id}/stop")
  String askToStop(@AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id, Model model) {
    return ask(
        signedIn,
        id,
        "End the broadcast of %s?",
        "Every destination is told that the show is over, and the encoder is disconnected. It cannot start again by itself"
            + " for 30 minutes.",
        "End broadcast",
        "stop",
        model);
  }

  @PostMapping("/streams/{id}/stop")
  Object stop(@AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id) {
    streams.stop(signedIn.changing(), id);
    return Answers.seeOther("/streams/" + id);
  }

  @PostMapping("/streams/{id}/allow")
  Object allow(@AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id) {
    streams.allow(signedIn.changing(), id);
    return Answers.seeOther("/streams/" + id);
  }

  private String ask(
      SignedIn signedIn,
      UUID id,
      String title,
      String text,
      String button,
      String deed,
      Model model) {
    signedIn.changing();
    String page = "/streams/" + id;
    String name = streams.get(signedIn.accountId(), id).name();
    return new Question(title.formatted(name), text, button, page + "/" + deed, page).ask(model);
  }
}
