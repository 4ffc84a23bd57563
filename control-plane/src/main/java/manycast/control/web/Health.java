package manycast.control.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import manycast.control.database.DatabaseState;
import manycast.control.database.DatabaseWatch;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Whether this process lives, which it says itself, and whether it can do its work. */
@Component
class Health {
  /** The answer of {@code /healthz} and {@code /readyz}. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Answer(String status, @Nullable String reason) {
    int httpStatus() {
      return reason == null ? 200 : 503;
    }
  }

  private final DatabaseWatch database;

  Health(DatabaseWatch database) {
    this.database = database;
  }

  Answer alive() {
    return new Answer("ok", null);
  }

  Answer ready() {
    return switch (database.state()) {
      case DatabaseState.Ready _ -> new Answer("ok", null);
      case DatabaseState.Unusable(String reason) -> new Answer("unavailable", reason);
    };
  }
}
