package manycast.control.signin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.DefaultCsrfToken;
import org.springframework.stereotype.Component;

/**
 * The token that a form must carry: derived from the cookie that other sites cannot read. Somebody
 * without a cookie is given one for guests.
 */
@Component
class CsrfTokens implements CsrfTokenRepository {
  private static final String FIELD = "_csrf";
  private static final String HEADER = "X-CSRF-TOKEN";
  private static final String NEW_GUEST = CsrfTokens.class.getName() + ".guest";

  private final SessionCookie cookie;

  CsrfTokens(SessionCookie cookie) {
    this.cookie = cookie;
  }

  @Override
  public @Nullable CsrfToken loadToken(HttpServletRequest request) {
    Optional<SessionId> known = cookie.session(request).or(() -> cookie.guest(request));
    return known.map(CsrfTokens::token).orElse(null);
  }

  @Override
  public CsrfToken generateToken(HttpServletRequest request) {
    SessionId guest = SessionId.random();
    request.setAttribute(NEW_GUEST, guest);
    return token(guest);
  }

  @Override
  public void saveToken(
      @Nullable CsrfToken token, HttpServletRequest request, HttpServletResponse response) {
    if (token != null && request.getAttribute(NEW_GUEST) instanceof SessionId guest) {
      cookie.welcome(response, guest);
    }
  }

  private static CsrfToken token(SessionId id) {
    return new DefaultCsrfToken(HEADER, FIELD, id.csrf());
  }
}
