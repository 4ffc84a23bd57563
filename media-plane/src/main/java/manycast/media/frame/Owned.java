package manycast.media.frame;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Target;

/**
 * Marks where the ownership of a reference-counted value changes hands.
 *
 * <p>On a parameter: the callee releases it, even when it throws. On a method: the caller releases
 * what is returned. Without the mark a buffer is lent until the method returns.
 */
@Documented
@Target({
  ElementType.PARAMETER,
  ElementType.METHOD,
  ElementType.RECORD_COMPONENT,
  ElementType.FIELD
})
public @interface Owned {}
