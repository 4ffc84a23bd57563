package manycast.control.signin;

import java.util.UUID;
import manycast.control.accounts.Actor;
import manycast.control.accounts.Member;
import org.springframework.security.access.AccessDeniedException;

/**
 * Who looks at a page, as found by the browser's cookie for this request.
 *
 * @param member the user in the account that the session is about, with the role of this moment
 * @param accountName of that account
 * @param session which session it is
 */
public record SignedIn(Member member, String accountName, SessionId session) {

  public UUID accountId() {
    return member.accountId();
  }

  public Actor actor() {
    return member.actor();
  }

  /** Whether this user may change streams and destinations and see stream keys. */
  public boolean mayChange() {
    return member.role().mayWrite();
  }

  /** The one who does it, for a change; a viewer is refused. */
  public Actor changing() {
    if (!mayChange()) {
      throw new AccessDeniedException("A viewer changes nothing.");
    }
    return member.actor();
  }

  /** What every form of this session's pages carries. */
  public String csrf() {
    return session.csrf();
  }
}
