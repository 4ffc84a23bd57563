package manycast.media.bytes;

/**
 * A peer sent bytes that break the rules of their format.
 *
 * <p>The message says what was seen, what is allowed and where that is written; it never holds a
 * stream key. It ends the connection that the bytes came on and nothing else.
 */
public final class ProtocolException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String message;

  /** A fault told in one sentence. */
  public ProtocolException(String message) {
    super(message);
    this.message = message;
  }

  /** A fault that a lower decoder found, told in one sentence. */
  public ProtocolException(String message, Throwable cause) {
    super(message, cause);
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }
}
