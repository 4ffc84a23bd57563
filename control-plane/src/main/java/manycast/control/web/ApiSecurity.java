package manycast.control.web;

import manycast.control.database.DatabaseWatch;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * The API and the health routes know no cookie, no session and no form: a bearer token says who
 * calls.
 */
@Configuration(proxyBeanMethods = false)
class ApiSecurity {
  @Bean
  @Order(1)
  SecurityFilterChain apiFilterChain(
      HttpSecurity http,
      DatabaseWatch database,
      Bearers bearers,
      IdempotencyKeys idempotencyKeys,
      JsonMapper json) {
    return http.securityMatcher("/api/**", "/healthz", "/readyz")
        .csrf(csrf -> csrf.disable())
        .sessionManagement(
            sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .requestCache(cache -> cache.disable())
        .logout(logout -> logout.disable())
        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .addFilterBefore(new DatabaseGate(database, json), AuthorizationFilter.class)
        .addFilterBefore(new BearerFilter(bearers, json), AuthorizationFilter.class)
        .addFilterBefore(new IdempotencyFilter(idempotencyKeys, json), AuthorizationFilter.class)
        .build();
  }
}
