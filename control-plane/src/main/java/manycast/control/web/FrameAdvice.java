package manycast.control.web;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Puts the frame into the model of every page. */
@ControllerAdvice
class FrameAdvice {
  private static final String API = "/api/";

  @ModelAttribute
  void frame(HttpServletRequest request, Model model) {
    if (!request.getRequestURI().startsWith(API)) {
      model.addAttribute("frame", Frame.of(request));
    }
  }
}
