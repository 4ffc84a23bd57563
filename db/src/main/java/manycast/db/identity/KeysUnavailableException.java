package manycast.db.identity;

/** The registered keys cannot be read now: says nothing about any token. */
public final class KeysUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public KeysUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
