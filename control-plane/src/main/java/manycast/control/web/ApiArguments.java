package manycast.control.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Objects;
import manycast.control.input.Fields;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import tools.jackson.databind.json.JsonMapper;

/** Gives the methods that answer calls their {@link Caller}, {@link Fields} and {@link Paging}. */
final class ApiArguments implements HandlerMethodArgumentResolver {
  private final JsonBodies bodies;

  ApiArguments(JsonMapper json) {
    this.bodies = new JsonBodies(json);
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    Class<?> type = parameter.getParameterType();
    return type == Caller.class || type == Fields.class || type == Paging.class;
  }

  @Override
  public Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest web,
      @Nullable WebDataBinderFactory binders)
      throws IOException {
    HttpServletRequest request =
        Objects.requireNonNull(web.getNativeRequest(HttpServletRequest.class));
    Class<?> type = parameter.getParameterType();
    if (type == Fields.class) {
      return bodies.read(request);
    }
    if (type == Paging.class) {
      return Paging.of(request);
    }
    return Objects.requireNonNull(
        request.getAttribute(Caller.ATTRIBUTE), "a call without a bearer");
  }
}
