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
class Viewers {
  /** A session that was ended is found out after at most this and one turn of its pages. */
  private static final Duration CHECK = Duration.ofSeconds(3);

  /** Somebody signed in, and what that makes of every fragment. */
  record Viewer(SignedIn signedIn, Frame frame) {}

  private record Checked(Optional<Viewer> viewer, long nanos) {}

  private final Sessions sessions;
  private final Map<SessionId, SharedReading<Checked>> checks = new ConcurrentHashMap<>();

  Viewers(Sessions sessions) {
    this.sessions = sessions;
  }

  /** Whose session this is, as of the last three seconds; empty when it is no more. */
  Optional<Viewer> find(SessionId session) {
    return checks
        .computeIfAbsent(session, _ -> new SharedReading<>())
        .get(checked -> System.nanoTime() - checked.nanos() < CHECK.toNanos(), () -> check(session))
        .viewer();
  }

  /** A page of the session has closed. Whichever others are open ask once more. */
  void closed(SessionId session) {
    checks.remove(session);
  }

  private Checked check(SessionId session) {
    long nanos = System.nanoTime();
    return new Checked(
        sessions.find(session).map(signedIn -> new Viewer(signedIn, Frame.of(signedIn))), nanos);
  }
}
