package manycast.db.identity;

/** A token that is to be answered with 401; the message says why and holds nothing of the token. */
public final class InvalidTokenException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidTokenException(String message) {
    super(message);
  }
}
