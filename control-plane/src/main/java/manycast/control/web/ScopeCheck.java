package manycast.control.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import manycast.control.input.NotFoundException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses a call whose token lacks the scope that its method {@link Needs}. */
final class ScopeCheck implements HandlerInterceptor {
  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (!(handler instanceof HandlerMethod method)) {
      return true;
    }
    Needs needs = method.getMethodAnnotation(Needs.class);
    if (request.getAttribute(Caller.ATTRIBUTE) instanceof Caller caller) {
      if (needs == null) {
        throw new NotFoundException(
            "call"); // Springdoc maps more than we offer; a test keeps our own calls whole.
      }
      if (!caller.may(needs.value())) {
        throw new ScopeMissingException(needs.value());
      }
      response.setHeader("Cache-Control", "no-store");
    } else if (needs != null) {
      throw new IllegalStateException("a call has come past the bearer filter");
    }
    return true;
  }
}
