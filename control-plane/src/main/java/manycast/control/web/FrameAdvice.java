package manycast.control.web;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Puts the frame into the model of every page, and which entry of the menu it belongs to. */
@ControllerAdvice
class FrameAdvice {
  @ModelAttribute
  void frame(HttpServletRequest request, Model model) {
    if (!ApiPaths.covers(request)) {
      model.addAttribute("frame", Frame.of(request));
      model.addAttribute("section", section(request.getRequestURI()));
    }
  }

  /** Which entry of the menu the page belongs to. */
  private static String section(String path) {
    if (path.equals("/")) {
      return "streams";
    }
    return path.endsWith("/broadcasts") ? "broadcasts" : path.split("/")[1];
  }
}
