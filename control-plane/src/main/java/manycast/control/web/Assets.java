package manycast.control.web;

import jakarta.servlet.Filter;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.resource.ResourceUrlEncodingFilter;
import org.springframework.web.servlet.resource.VersionResourceResolver;

/**
 * Style sheet, script and logo: pages name them with a hash of their content, so that browsers keep
 * them for ever and still never show an old one.
 */
@Configuration(proxyBeanMethods = false)
class Assets implements WebMvcConfigurer {
  private static final Duration FOR_EVER = Duration.ofDays(365);

  @Override
  public void addResourceHandlers(ResourceHandlerRegistry registry) {
    registry
        .addResourceHandler("/assets/**")
        .addResourceLocations("classpath:/static/assets/")
        .setCacheControl(CacheControl.maxAge(FOR_EVER).cachePublic().immutable())
        .resourceChain(true)
        .addResolver(new VersionResourceResolver().addContentVersionStrategy("/**"));
    registry
        .addResourceHandler("/webjars/**")
        .addResourceLocations("classpath:/META-INF/resources/webjars/")
        .setCacheControl(CacheControl.maxAge(FOR_EVER).cachePublic())
        .resourceChain(true);
  }

  /** Rewrites the addresses of assets while a page is made. */
  @Bean
  Filter assetNames() {
    return new ResourceUrlEncodingFilter();
  }
}
