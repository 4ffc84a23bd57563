package manycast.control.live;

import manycast.db.failures.FailureReason;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.StdConverter;

/** Writes the code of a failure as the API has it; pages tell more of them apart. */
final class OutwardCode extends StdConverter<@Nullable String, @Nullable String> {
  @Override
  public @Nullable String convert(@Nullable String code) {
    return FailureReason.outward(code);
  }
}
