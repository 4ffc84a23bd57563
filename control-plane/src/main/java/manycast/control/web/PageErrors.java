package manycast.control.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import manycast.control.database.DatabaseWatch;
import manycast.control.input.NotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorViewResolver;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.ModelAndView;

/** Says on a page of our own what went wrong. Where the database is away, that is all it says. */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class PageErrors implements ErrorViewResolver {
  private static final Logger log = LoggerFactory.getLogger(PageErrors.class);

  /** What an error page shows; {@code again} where asking again may help. */
  record Told(int status, String title, String text, boolean again) {}

  @ExceptionHandler({NotFoundException.class, MethodArgumentTypeMismatchException.class})
  void notFound(HttpServletResponse response) throws IOException {
    response.sendError(HttpServletResponse.SC_NOT_FOUND);
  }

  @ExceptionHandler({DataAccessException.class, TransactionException.class})
  void databaseFailed(Exception why, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (response.isCommitted()) {
      return; // An event stream: its page says by itself how old it is.
    }
    if (DatabaseWatch.isOutage(why)) {
      log.warn(
          "{} {} failed for want of the database: {}",
          request.getMethod(),
          request.getRequestURI(),
          why.toString());
      response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    } else {
      log.error("{} {} failed", request.getMethod(), request.getRequestURI(), why);
      response.sendError(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
    }
  }

  @Override
  public ModelAndView resolveErrorView(
      HttpServletRequest request, HttpStatus status, Map<String, Object> model) {
    boolean again = request.getMethod().equals("GET");
    return new ModelAndView(
        "web/error", Map.of("error", told(status, again), "frame", Frame.of(request)), status);
  }

  private static Told told(HttpStatus status, boolean again) {
    return switch (status) {
      case NOT_FOUND ->
          told(
              status,
              "There is no such page",
              "The address may be mistyped, or what it showed was removed.",
              false);
      case FORBIDDEN ->
          told(
              status,
              "That is not allowed",
              "Either your role in this account only looks, or the page you came from is out of date: open it again.",
              false);
      case SERVICE_UNAVAILABLE ->
          told(
              status,
              "The database is away",
              "Streams that are live go on. You stay signed in: this page works again by itself as soon as the database does.",
              again);
      case METHOD_NOT_ALLOWED, BAD_REQUEST ->
          told(
              status,
              "That did not make sense here",
              "Go back to the page and try once more.",
              false);
      default ->
          told(
              status,
              "Something went wrong",
              "It is ours, not yours, and it has been noted. Your streams go on.",
              false);
    };
  }

  private static Told told(HttpStatus status, String title, String text, boolean again) {
    return new Told(status.value(), title, text, again);
  }
}
