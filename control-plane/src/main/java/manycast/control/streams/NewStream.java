package manycast.control.streams;

import io.swagger.v3.oas.annotations.media.Schema;
import manycast.control.input.Fields;

/**
 * A stream to be made.
 *
 * @param name 1 to 200 characters
 */
@Schema(additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
public record NewStream(
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED, minLength = 1, maxLength = 200)
        String name) {
  static NewStream from(Fields fields) {
    var stream = new NewStream(fields.requiredText("name"));
    fields.finish();
    return stream;
  }
}
