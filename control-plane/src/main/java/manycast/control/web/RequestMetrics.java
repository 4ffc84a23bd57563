package manycast.control.web;

import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/** Counts and times what is asked of us, by route and status. */
@Component
class RequestMetrics implements HandlerInterceptor {
  private static final String BEGAN = RequestMetrics.class.getName();

  private final PrometheusMeterRegistry meters;

  RequestMetrics(PrometheusMeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    request.setAttribute(BEGAN, System.nanoTime());
    return true;
  }

  @Override
  public void afterCompletion(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable Exception e) {
    if (request.getAttribute(BEGAN) instanceof Long began) {
      Object route = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
      Timer.builder("http.server.requests")
          .tag("method", request.getMethod())
          .tag("route", route == null ? "unknown" : route.toString())
          .tag("status", String.valueOf(response.getStatus()))
          .register(meters)
          .record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
    }
  }
}
