package manycast.control.web;

import org.springframework.ui.Model;

/**
 * Asks before something that cannot be undone. With script the same question is a dialog on the
 * page; this is the page for whoever has none.
 *
 * @param action where "yes" is posted
 * @param back where "no" leads
 */
public record Question(String title, String text, String button, String action, String back) {
  /** Makes it the page to show. */
  public String ask(Model model) {
    model.addAttribute("question", this);
    return "web/confirm";
  }
}
