package manycast.control.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import manycast.control.database.DatabaseWatch;
import manycast.control.input.FieldFault;
import manycast.control.input.InvalidInputException;
import manycast.control.input.NotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import tools.jackson.databind.json.JsonMapper;

/** Turns whatever a call of the API throws into problem+json; leaves pages alone. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class ApiExceptions implements HandlerExceptionResolver {
  private static final Logger log = LoggerFactory.getLogger(ApiExceptions.class);

  private final JsonMapper json;

  ApiExceptions(JsonMapper json) {
    this.json = json;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception e) {
    if (!ApiPaths.covers(request)) {
      return null;
    }
    if (response.isCommitted()) {
      log.debug("An answer that had begun was cut: {}", e.toString());
      return new ModelAndView();
    }
    try {
      problem(e, request, response).write(response, json);
    } catch (IOException gone) {
      log.debug("The caller is gone: {}", gone.toString());
    }
    return new ModelAndView();
  }

  private static Problem problem(
      Exception e, HttpServletRequest request, HttpServletResponse response) {
    return switch (e) {
      case InvalidInputException invalid -> Problem.invalid(invalid.faults());
      case NotFoundException missing ->
          Problem.notFound(Objects.requireNonNull(missing.getMessage()));
      case ScopeMissingException missing ->
          Problem.forbidden(Objects.requireNonNull(missing.getMessage()));
      case UnreadableBodyException unreadable -> unreadable.problem();
      case MethodArgumentTypeMismatchException mismatch ->
          mismatch
                  .getParameter()
                  .hasParameterAnnotation(
                      org.springframework.web.bind.annotation.PathVariable.class)
              ? Problem.notFound("Nothing has this id.")
              : Problem.invalid(
                  List.of(new FieldFault(mismatch.getName(), "has a value of the wrong form")));
      case HttpRequestMethodNotSupportedException method -> {
        String[] allowed = method.getSupportedMethods();
        if (allowed != null) {
          response.setHeader("Allow", String.join(", ", allowed));
        }
        yield Problem.of(
            405, "Method not allowed", request.getMethod() + " is not a call of this resource.");
      }
      case ErrorResponse refused when refused.getStatusCode().value() == 404 ->
          Problem.notFound("There is nothing at this address.");
      case ErrorResponse refused ->
          Problem.of(
              refused.getStatusCode().value(),
              Objects.requireNonNullElse(refused.getBody().getTitle(), "Refused"),
              Objects.requireNonNullElse(
                  refused.getBody().getDetail(), "The request cannot be taken."));
      default -> failed(e, request);
    };
  }

  /**
   * For want of the database or by our own fault; logs it. For filters too, which none resolves.
   */
  static Problem failed(Exception e, HttpServletRequest request) {
    if (DatabaseWatch.isOutage(e)) {
      log.warn(
          "{} {} failed for want of the database: {}",
          request.getMethod(),
          request.getRequestURI(),
          e.toString());
      return Problem.unavailable("the database does not answer");
    }
    log.error("{} {} failed", request.getMethod(), request.getRequestURI(), e);
    return Problem.internal();
  }
}
