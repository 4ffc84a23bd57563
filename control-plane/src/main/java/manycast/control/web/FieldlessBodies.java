package manycast.control.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import manycast.control.input.Fields;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the JSON that comes with a call which has no fields: whoever sends one there expects
 * something of it, and is told that nothing comes of it. An empty object is nothing.
 */
final class FieldlessBodies implements HandlerInterceptor {
  private final JsonBodies bodies;

  FieldlessBodies(JsonMapper json) {
    this.bodies = new JsonBodies(json);
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws IOException {
    if (handler instanceof HandlerMethod method
        && request.getMethod().equals("POST")
        && method.hasMethodAnnotation(Needs.class)
        && Arrays.stream(method.getMethodParameters())
            .noneMatch(parameter -> parameter.getParameterType() == Fields.class)
        && JsonBodies.isJson(request)) {
      bodies.readIfAny(request).ifPresent(Fields::finish);
    }
    return true;
  }
}
