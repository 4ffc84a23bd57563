package manycast.control.signin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import manycast.control.database.DatabaseWatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Finds out by the cookie who looks. While the database cannot be asked the answer is 503, and the
 * cookie is left alone: an outage signs nobody out.
 */
final class SessionFilter extends OncePerRequestFilter {
  private static final Logger log = LoggerFactory.getLogger(SessionFilter.class);

  private final DatabaseWatch database;
  private final Sessions sessions;
  private final SessionCookie cookie;

  SessionFilter(DatabaseWatch database, Sessions sessions, SessionCookie cookie) {
    this.database = database;
    this.sessions = sessions;
    this.cookie = cookie;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (!database.isReady()) {
      response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      return;
    }
    Optional<SessionId> id = cookie.session(request);
    if (id.isPresent()) {
      Optional<SignedIn> found;
      try {
        found = sessions.find(id.get());
      } catch (DataAccessException | TransactionException e) {
        log.warn("Cannot look up a session: {}", String.valueOf(e.getMessage()));
        response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        return;
      }
      found.ifPresent(signedIn -> signIn(request, signedIn));
    }
    chain.doFilter(request, response);
  }

  private static void signIn(HttpServletRequest request, SignedIn signedIn) {
    request.setAttribute(
        SignedIn.class.getName(), signedIn); // Error pages are made when the context is gone.
    var authorities =
        List.of(new SimpleGrantedAuthority("ROLE_" + signedIn.member().role().name()));
    var authentication = new PreAuthenticatedAuthenticationToken(signedIn, "", authorities);
    SecurityContextHolder.setContext(new SecurityContextImpl(authentication));
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String path = request.getRequestURI();
    return path.startsWith("/assets/") || path.startsWith("/webjars/");
  }
}
