package manycast.control.input;

/** There is no such thing, or it is somebody else's: the two are never told apart. */
public final class NotFoundException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NotFoundException(String what) {
    super("No such " + what + ".");
  }
}
