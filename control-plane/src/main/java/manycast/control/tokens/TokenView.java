package manycast.control.tokens;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import manycast.control.web.Scope;
import org.jspecify.annotations.Nullable;

/**
 * An API token as the API answers it and as pages show it.
 *
 * @param token its value, only in the answer that made it
 */
@Schema(name = "Token")
public record TokenView(
    UUID id,
    String name,
    Set<Scope> scopes,
    Instant createdAt,
    @Schema(nullable = true) @Nullable Instant expiresAt,
    @Schema(nullable = true) @Nullable Instant lastUsedAt,
    @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(
            requiredMode = Schema.RequiredMode.NOT_REQUIRED,
            description = "only in the answer that made it")
        @Nullable String token) {

  static TokenView of(ApiToken token, @Nullable String value) {
    return new TokenView(
        token.id(),
        token.name(),
        token.scopes(),
        token.createdAt(),
        token.expiresAt(),
        token.lastUsedAt(),
        value);
  }

  @Override
  public String toString() {
    return "TokenView[" + id + ", " + name + "]";
  }
}
