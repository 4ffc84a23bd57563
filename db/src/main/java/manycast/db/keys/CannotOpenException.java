package manycast.db.keys;

/**
 * Something sealed was altered, belongs elsewhere, or was sealed with a key that we do not hold.
 */
public final class CannotOpenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CannotOpenException(String message) {
    super(message);
  }
}
