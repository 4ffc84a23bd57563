package manycast.control.web;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/**
 * The API and the health routes know no cookie, no session and no form: a bearer token says who
 * calls.
 */
@Configuration(proxyBeanMethods = false)
class ApiSecurity {
  @Bean
  @Order(1)
  SecurityFilterChain apiFilterChain(HttpSecurity http) {
    return http.securityMatcher("/api/**", "/healthz", "/readyz")
        .csrf(csrf -> csrf.disable())
        .sessionManagement(
            sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .requestCache(cache -> cache.disable())
        .logout(logout -> logout.disable())
        .anonymous(anonymous -> anonymous.disable())
        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .build();
  }
}
