package manycast.control.dashboard;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import manycast.control.signin.SessionId;
import manycast.control.signin.Sessions;
import manycast.control.signin.SignedIn;
import manycast.control.web.Frame;
import org.springframework.stereotype.Component;

/** Who looks at the pages that are open, asked once for all pages of a session. */
@Component
class OpenSessions {
  /** A session that was ended is found out after at most this and one turn of its pages. */
  private static final Duration CHECK = Duration.ofSeconds(3);

  /** Somebody signed in, and what that makes of every fragment. */
  record Looker(SignedIn signedIn, Frame frame) {}

  private record Checked(Optional<Looker> looker, long nanos) {}

  private final Sessions sessions;
  private final Map<SessionId, SharedReading<Checked>> checks = new ConcurrentHashMap<>();

  OpenSessions(Sessions sessions) {
    this.sessions = sessions;
  }

  /** Whose session this is, as of the last three seconds; empty when it is no more. */
  Optional<Looker> find(SessionId session) {
    return checks
        .computeIfAbsent(session, _ -> new SharedReading<>())
        .get(checked -> System.nanoTime() - checked.nanos() < CHECK.toNanos(), () -> check(session))
        .looker();
  }

  /**
   * A page of the session was opened, and is not to know less than what opened it, or has closed.
   * Whichever others are open ask once more.
   */
  void forget(SessionId session) {
    checks.remove(session);
  }

  private Checked check(SessionId session) {
    long nanos = System.nanoTime();
    return new Checked(
        sessions.find(session).map(signedIn -> new Looker(signedIn, Frame.of(signedIn))), nanos);
  }
}
