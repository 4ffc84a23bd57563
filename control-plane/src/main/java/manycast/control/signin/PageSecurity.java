package manycast.control.signin;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import manycast.control.database.DatabaseWatch;
import manycast.control.web.MediaOrigins;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.NullRequestCache;

/**
 * What guards every page: a session found by its cookie, forms that only our own pages can send, a
 * strict CSP.
 */
@Configuration(proxyBeanMethods = false)
class PageSecurity {
  /** For whatever no other chain has claimed. */
  @Bean
  @Order(1000)
  SecurityFilterChain pageFilterChain(
      HttpSecurity http,
      DatabaseWatch database,
      Sessions sessions,
      SessionCookie cookie,
      CsrfTokens csrf,
      MediaOrigins media) {
    return http.addFilterBefore(new SessionFilter(database, sessions, cookie), CsrfFilter.class)
        .csrf(
            c ->
                c.csrfTokenRepository(csrf)
                    .csrfTokenRequestHandler(new CsrfTokenRequestAttributeHandler()))
        .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .requestCache(c -> c.requestCache(new NullRequestCache()))
        .logout(AbstractHttpConfigurer::disable)
        .authorizeHttpRequests(
            requests ->
                requests
                    .dispatcherTypeMatchers(DispatcherType.ERROR)
                    .permitAll()
                    .requestMatchers(
                        "/assets/**", "/webjars/**", "/sign-in", "/sign-in/link", "/sign-out")
                    .permitAll()
                    .anyRequest()
                    .authenticated())
        .exceptionHandling(e -> e.authenticationEntryPoint(PageSecurity::askToSignIn))
        .headers(
            headers ->
                headers
                    .addHeaderWriter(new ContentSecurity(media))
                    .referrerPolicy(policy -> policy.policy(ReferrerPolicy.SAME_ORIGIN)))
        .build();
  }

  /** A page is asked for again after signing in; a script's request is told the truth. */
  private static void askToSignIn(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException why)
      throws IOException {
    String accept = String.valueOf(request.getHeader(HttpHeaders.ACCEPT));
    if (request.getHeader("HX-Request") != null || accept.contains("text/event-stream")) {
      response.setHeader("HX-Refresh", "true");
      response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
      return;
    }
    boolean page = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    String path = request.getRequestURI();
    boolean worthKeeping = page && !path.equals("/");
    response.setStatus(HttpServletResponse.SC_SEE_OTHER);
    response.setHeader(
        HttpHeaders.LOCATION,
        worthKeeping
            ? "/sign-in?next=" + URLEncoder.encode(path, StandardCharsets.UTF_8)
            : "/sign-in");
  }
}
