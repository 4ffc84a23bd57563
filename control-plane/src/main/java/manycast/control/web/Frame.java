package manycast.control.web;

import jakarta.servlet.http.HttpServletRequest;
import manycast.control.signin.SignedIn;
import org.springframework.security.web.csrf.CsrfToken;

/**
 * What the layout and every form of a page need to know of who looks.
 *
 * @param mayChange whether buttons and forms that change anything are shown
 * @param csrf what each form sends back to prove that it is ours
 */
public record Frame(
    boolean signedIn, String email, String accountName, boolean mayChange, String csrf) {

  /** Of the page being made for this request, error pages included; asks no database. */
  public static Frame of(HttpServletRequest request) {
    if (request.getAttribute(SignedIn.class.getName()) instanceof SignedIn signedIn) {
      return of(signedIn);
    }
    String csrf =
        request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token
            ? token.getToken()
            : "";
    return new Frame(false, "", "", false, csrf);
  }

  public static Frame of(SignedIn signedIn) {
    return new Frame(
        true,
        signedIn.member().email(),
        signedIn.accountName(),
        signedIn.mayChange(),
        signedIn.csrf());
  }

  @Override
  public String toString() {
    return "Frame[" + email + "]";
  }
}
