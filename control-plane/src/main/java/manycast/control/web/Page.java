package manycast.control.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param next what to give as {@code after} for the part behind; null when this is the last
 */
public record Page<T>(List<T> items, @Schema(nullable = true) @Nullable String next) {
  /** Of what was read with {@link Paging#oneMore}. */
  public static <T> Page<T> of(List<T> read, Paging paging, Function<T, ?> id) {
    if (read.size() <= paging.limit()) {
      return new Page<>(read, null);
    }
    List<T> items = read.subList(0, paging.limit());
    return new Page<>(items, String.valueOf(id.apply(items.getLast())));
  }
}
