package manycast.db.identity;

/**
 * A service token that is to be answered with 401; the message says why and holds nothing of the
 * token.
 */
public final class InvalidServiceTokenException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidServiceTokenException(String message) {
    super(message);
  }
}
