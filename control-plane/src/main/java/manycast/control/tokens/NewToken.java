package manycast.control.tokens;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import manycast.control.input.Faults;
import manycast.control.input.Fields;
import manycast.control.web.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A token to be made.
 *
 * @param name 1 to 200 characters
 * @param scopes at least one
 * @param expiresAt null for a token that does not expire
 */
@Schema(additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
public record NewToken(
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED, minLength = 1, maxLength = 200)
        String name,
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED) Set<Scope> scopes,
    @Schema(nullable = true, requiredMode = Schema.RequiredMode.NOT_REQUIRED)
        @Nullable Instant expiresAt) {
  private static final int LATEST_YEAR = 9999;

  static NewToken from(Fields fields) {
    String name = fields.requiredText("name");
    List<String> words = fields.texts("scopes");
    String expiresAt = fields.textOrNull("expiresAt");
    if (words == null && !fields.has("scopes")) {
      fields.faults().add("scopes", "is required");
    }
    var token =
        new NewToken(name, scopes(words, fields.faults()), expiry(expiresAt, fields.faults()));
    fields.finish();
    return token;
  }

  private static Set<Scope> scopes(@Nullable List<String> words, Faults faults) {
    var scopes = EnumSet.noneOf(Scope.class);
    for (String word : words == null ? List.<String>of() : words) {
      Scope.of(word)
          .ifPresentOrElse(
              scopes::add, () -> faults.add("scopes", "names " + word + ", which is no scope"));
    }
    return scopes;
  }

  private static @Nullable Instant expiry(@Nullable String text, Faults faults) {
    if (text == null) {
      return null;
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      if (time.getYear() >= 1 && time.getYear() <= LATEST_YEAR) {
        return time.toInstant();
      }
    } catch (DateTimeParseException e) {
      // Said below.
    }
    faults.add("expiresAt", "must be a time such as 2030-01-31T12:00:00Z");
    return null;
  }
}
