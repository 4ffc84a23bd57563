package manycast.control.signin;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;
import manycast.control.settings.Settings;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;

/**
 * The two cookies: the session's, and one for a browser that is not signed in yet, so that the
 * sign-in form too is guarded against being sent by another site.
 */
@Component
class SessionCookie {
  static final String SESSION = "manycast_session";
  static final String GUEST = "manycast_guest";

  private final boolean secure;

  SessionCookie(Settings settings) {
    this.secure = settings.secureCookies();
  }

  /** The session that the browser says it has. */
  Optional<SessionId> session(HttpServletRequest request) {
    return read(request, SESSION);
  }

  Optional<SessionId> guest(HttpServletRequest request) {
    return read(request, GUEST);
  }

  void signIn(HttpServletResponse response, SessionId id) {
    write(response, SESSION, id.cookieValue(), Sessions.LIFETIME);
    write(response, GUEST, "", Duration.ZERO);
  }

  void signOut(HttpServletResponse response) {
    write(response, SESSION, "", Duration.ZERO);
  }

  void welcome(HttpServletResponse response, SessionId guest) {
    write(response, GUEST, guest.cookieValue(), Duration.ofSeconds(-1));
  }

  private void write(HttpServletResponse response, String name, String value, Duration age) {
    ResponseCookie cookie =
        ResponseCookie.from(name, value)
            .path("/")
            .httpOnly(true)
            .secure(secure)
            .sameSite("Lax")
            .maxAge(age)
            .build();
    response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
  }

  private static Optional<SessionId> read(HttpServletRequest request, String name) {
    Cookie[] cookies = request.getCookies();
    if (cookies == null) {
      return Optional.empty();
    }
    for (Cookie cookie : cookies) {
      if (cookie.getName().equals(name) && SessionId.isOne(cookie.getValue())) {
        return Optional.of(SessionId.of(cookie.getValue()));
      }
    }
    return Optional.empty();
  }
}
