package manycast.control.web;

import java.util.List;
import org.springframework.context.annotation.Configuration;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** What the API adds to Spring MVC. */
@Configuration(proxyBeanMethods = false)
class ApiConfiguration implements WebMvcConfigurer {
  private final JsonMapper json;
  private final RequestMetrics metrics;

  ApiConfiguration(JsonMapper json, RequestMetrics metrics) {
    this.json = json;
    this.metrics = metrics;
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(new ApiArguments(json));
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(metrics);
    registry.addInterceptor(new ScopeCheck()).addPathPatterns("/api/**");
    registry.addInterceptor(new FieldlessBodies(json)).addPathPatterns("/api/**");
  }

  /**
   * None: input is checked field by field by our own code, and a validator would cost at every
   * start.
   */
  @Override
  public Validator getValidator() {
    return new Validator() {
      @Override
      public boolean supports(Class<?> type) {
        return false;
      }

      @Override
      public void validate(Object target, Errors errors) {
        throw new UnsupportedOperationException("nothing is supported");
      }
    };
  }
}
