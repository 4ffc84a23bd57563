package manycast.control.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import manycast.control.input.InvalidInputException;
import manycast.control.web.IdempotencyKeys.Answer;
import manycast.control.web.IdempotencyKeys.Found;
import manycast.control.web.IdempotencyKeys.Slot;
import manycast.db.keys.CannotOpenException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gives a write that is repeated with its Idempotency-Key the first answer again, instead of doing
 * it twice.
 */
final class IdempotencyFilter extends OncePerRequestFilter {
  private static final Logger log = LoggerFactory.getLogger(IdempotencyFilter.class);
  private static final Set<String> WRITES = Set.of("POST", "PATCH", "PUT", "DELETE");
  private static final int LONGEST_KEY = 255;

  /** No call of ours has a longer path; what has one is refused, and need not be remembered. */
  private static final int LONGEST_PATH = 500;

  private final IdempotencyKeys keys;
  private final JsonMapper json;

  IdempotencyFilter(IdempotencyKeys keys, JsonMapper json) {
    this.keys = keys;
    this.json = json;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return request.getHeader("Idempotency-Key") == null
        || !WRITES.contains(request.getMethod())
        || ApiPaths.path(request).length() > LONGEST_PATH
        || !(request.getAttribute(Caller.ATTRIBUTE) instanceof Caller);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String key = request.getHeader("Idempotency-Key");
    if (key.isEmpty() || key.length() > LONGEST_KEY) {
      Problem.invalid(
              new InvalidInputException(
                      "Idempotency-Key", "must have 1 to " + LONGEST_KEY + " characters")
                  .faults())
          .write(response, json);
      return;
    }
    var caller = (Caller) request.getAttribute(Caller.ATTRIBUTE);
    byte[] body;
    try {
      body = JsonBodies.readBounded(request);
    } catch (UnreadableBodyException e) {
      e.problem().write(response, json);
      return;
    }
    var slot =
        new Slot(
            caller.accountId(),
            caller.tokenId(),
            request.getMethod() + " " + ApiPaths.path(request),
            key);
    Found found;
    try {
      found = keys.take(slot, hash(body));
    } catch (DataAccessException | CannotOpenException e) {
      ApiExceptions.failed(e, request).write(response, json);
      return;
    }
    switch (found) {
      case Found.Taken _ -> answerAndKeep(slot, new Repeatable(request, body), response, chain);
      case Found.Running _ ->
          Problem.conflict("A request with this Idempotency-Key is still running.")
              .write(response, json);
      case Found.OtherBody _ ->
          Problem.invalid(
                  new InvalidInputException(
                          "Idempotency-Key", "was used with another body before; take a fresh one")
                      .faults())
              .write(response, json);
      case Found.Answered(Answer answer) -> replay(answer, response);
    }
  }

  private void answerAndKeep(
      Slot slot, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var kept = new ContentCachingResponseWrapper(response);
    boolean worthKeeping = false;
    try {
      chain.doFilter(request, kept);
      int status = kept.getStatus();
      worthKeeping = status < 500 && status != 401 && status != 403;
    } finally {
      keepOrRelease(slot, kept, worthKeeping);
    }
    kept.copyBodyToResponse();
  }

  private void keepOrRelease(Slot slot, ContentCachingResponseWrapper kept, boolean worthKeeping) {
    try {
      if (worthKeeping) {
        keys.answered(
            slot,
            new Answer(kept.getStatus(), kept.getContentAsByteArray(), kept.getHeader("Location")));
      } else {
        keys.release(slot);
      }
    } catch (DataAccessException e) {
      // The deed is done and its answer goes out; a repetition within a minute is told that this
      // one still runs.
      log.warn("The answer to an Idempotency-Key could not be kept: {}", e.toString());
    }
  }

  private static void replay(Answer answer, HttpServletResponse response) throws IOException {
    response.setStatus(answer.status());
    response.setHeader("Idempotent-Replay", "true");
    response.setHeader("Cache-Control", "no-store");
    if (answer.location() != null) {
      response.setHeader("Location", answer.location());
    }
    if (answer.body().length > 0) {
      response.setContentType(answer.status() < 400 ? "application/json" : Problem.CONTENT_TYPE);
      response.setContentLength(answer.body().length);
      response.getOutputStream().write(answer.body());
    }
  }

  private static byte[] hash(byte[] body) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The request with its body, which has been read already. */
  private static final class Repeatable extends HttpServletRequestWrapper {
    private final byte[] body;

    Repeatable(HttpServletRequest request, byte[] body) {
      super(request);
      this.body = body;
    }

    @Override
    public ServletInputStream getInputStream() {
      var bytes = new ByteArrayInputStream(body);
      return new ServletInputStream() {
        @Override
        public int read() {
          return bytes.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
          return bytes.read(target, offset, length);
        }

        @Override
        public boolean isFinished() {
          return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
          return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
          throw new UnsupportedOperationException("bodies are read blocking");
        }
      };
    }
  }
}
