package manycast.control.streams;

import java.util.UUID;
import manycast.control.input.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * The form that a stream is made or renamed with.
 *
 * @param id null for a new one
 * @param state its state's word, empty for a new one
 * @param fault what is wrong with the name, as a sentence; null when nothing is
 */
public record StreamForm(@Nullable UUID id, String name, String state, @Nullable String fault) {
  public static StreamForm empty() {
    return new StreamForm(null, "", "", null);
  }

  public static StreamForm of(UUID id, String name, String state) {
    return new StreamForm(id, name, state, null);
  }

  StreamForm refused(String givenName, InvalidInputException why) {
    return new StreamForm(id, givenName, state, "The name " + why.of("name") + ".");
  }
}
