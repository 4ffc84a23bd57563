package manycast.control.signin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import manycast.control.accounts.AccountService;
import manycast.control.accounts.AuditLog;
import manycast.control.accounts.Member;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;

/** Signing in by password or one-time link, and signing out. */
@Controller
class SignInPages {
  private static final Logger log = LoggerFactory.getLogger(SignInPages.class);
  private static final int LONGEST_EMAIL = 320;
  private static final Pattern OWN_PATH =
      Pattern.compile("/(?![/\\\\])[A-Za-z0-9/._~?&=%-]{0,500}");

  /** What the sign-in page shows. */
  record Form(String email, String next, @Nullable String fault, @Nullable String note) {}

  private final AccountService accounts;
  private final AuditLog audit;
  private final Sessions sessions;
  private final SessionCookie cookie;
  private final SignInLinks links;
  private final SignInLimits limits;

  SignInPages(
      AccountService accounts,
      AuditLog audit,
      Sessions sessions,
      SessionCookie cookie,
      SignInLinks links,
      SignInLimits limits) {
    this.accounts = accounts;
    this.audit = audit;
    this.sessions = sessions;
    this.cookie = cookie;
    this.links = links;
    this.limits = limits;
  }

  @GetMapping("/sign-in")
  Object page(
      @AuthenticationPrincipal @Nullable SignedIn signedIn,
      @RequestParam(defaultValue = "/") String next,
      @RequestParam(required = false) @Nullable String out,
      Model model) {
    if (signedIn != null) {
      return seeOther(ownPath(next));
    }
    return form(
        model, new Form("", ownPath(next), null, out == null ? null : "You are signed out."));
  }

  @PostMapping("/sign-in")
  Object signIn(
      @RequestParam(name = "email", defaultValue = "") String typed,
      @RequestParam(defaultValue = "") String password,
      @RequestParam(defaultValue = "/") String next,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model) {
    String email = typed.strip();
    if (email.length() > LONGEST_EMAIL) {
      return refuse(
          response,
          model,
          HttpStatus.UNPROCESSABLE_CONTENT,
          "",
          next,
          "An e-mail address has at most " + LONGEST_EMAIL + " characters.");
    }
    String address = request.getRemoteAddr();
    Duration wait = limits.wait(email, address, Instant.now());
    if (!wait.isZero()) {
      response.setHeader("Retry-After", String.valueOf(wait.toSeconds() + 1));
      String minutes = wait.toMinutes() == 0 ? "a minute" : wait.toMinutes() + 1 + " minutes";
      return refuse(
          response,
          model,
          HttpStatus.TOO_MANY_REQUESTS,
          email,
          next,
          "Too many failed attempts. Try again in " + minutes + ".");
    }
    Optional<Member> member = accounts.signIn(email, password);
    if (member.isEmpty()) {
      limits.failed(email, address, Instant.now());
      log.info("A sign-in from {} failed", address);
      return refuse(
          response,
          model,
          HttpStatus.UNPROCESSABLE_CONTENT,
          email,
          next,
          "That e-mail address and password do not belong together.");
    }
    limits.succeeded(email);
    enter(member.get(), "password", request, response);
    return seeOther(ownPath(next));
  }

  /**
   * Uses a one-time link. What fetches addresses in advance, or only looks at the head, does not
   * use it up.
   *
   * @param purpose what browsers say when nobody has clicked yet
   */
  @GetMapping("/sign-in/link")
  @Nullable Object link(
      @RequestParam(defaultValue = "") String token,
      @RequestHeader(value = "Sec-Purpose", required = false) @Nullable String purpose,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model) {
    if (request.getMethod().equals("HEAD") || purpose != null) {
      response.setStatus(HttpStatus.NO_CONTENT.value());
      return null;
    }
    Optional<SignInLinks.Link> link = links.use(token);
    Optional<Member> member = link.flatMap(l -> accounts.member(l.userId()));
    if (link.isEmpty() || member.isEmpty()) {
      return refuse(
          response,
          model,
          HttpStatus.GONE,
          "",
          "/",
          "This sign-in link was used already or has run out: a link works once, for 10 minutes.");
    }
    enter(member.get(), "link", request, response);
    return seeOther(ownPath(link.get().path()));
  }

  @PostMapping("/sign-out")
  Object signOut(HttpServletRequest request, HttpServletResponse response) {
    cookie.session(request).ifPresent(sessions::end);
    cookie.signOut(response);
    return seeOther("/sign-in?out");
  }

  private void enter(
      Member member, String by, HttpServletRequest request, HttpServletResponse response) {
    String browser = request.getHeader("User-Agent");
    String address = request.getRemoteAddr();
    cookie.session(request).ifPresent(sessions::end);
    cookie.signIn(response, sessions.start(member, address, browser == null ? "" : browser));
    audit.record(member.actor(), "signed_in", Map.of("by", by, "remoteAddress", address));
  }

  private static String refuse(
      HttpServletResponse response,
      Model model,
      HttpStatus status,
      String email,
      String next,
      String fault) {
    response.setStatus(status.value());
    return form(model, new Form(email, ownPath(next), fault, null));
  }

  private static String form(Model model, Form form) {
    model.addAttribute("form", form);
    return "signin/page";
  }

  private static ResponseEntity<Void> seeOther(String path) {
    return ResponseEntity.status(HttpStatus.SEE_OTHER).location(URI.create(path)).build();
  }

  /** A path of this site and nothing else, so that nobody is led elsewhere after signing in. */
  private static String ownPath(String path) {
    return OWN_PATH.matcher(path).matches() ? path : "/";
  }
}
