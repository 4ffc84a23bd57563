package manycast.control.web;

import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Health on the public port. */
@Hidden
@RestController
class HealthRoutes {
  private final Health health;

  HealthRoutes(Health health) {
    this.health = health;
  }

  @GetMapping("/healthz")
  Health.Answer healthz() {
    return health.alive();
  }

  @GetMapping("/readyz")
  ResponseEntity<Health.Answer> readyz() {
    Health.Answer answer = health.ready();
    return ResponseEntity.status(answer.httpStatus()).body(answer);
  }
}
