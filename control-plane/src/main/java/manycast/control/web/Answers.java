package manycast.control.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/** What a form or a button is answered with when its deed is done. */
public final class Answers {
  private Answers() {}

  /** Leads the browser on to that page. */
  public static ResponseEntity<Void> seeOther(String path) {
    return ResponseEntity.status(HttpStatus.SEE_OTHER).location(URI.create(path)).build();
  }

  /**
   * As {@link #seeOther}; a page that pressed the button by script stays, and its event stream
   * brings the change.
   */
  public static ResponseEntity<Void> done(HttpServletRequest request, String path) {
    return byScript(request) ? ResponseEntity.noContent().build() : seeOther(path);
  }

  /** Whether the page stays and only a part of it is to be replaced by the answer. */
  public static boolean byScript(HttpServletRequest request) {
    return request.getHeader("HX-Request") != null;
  }
}
