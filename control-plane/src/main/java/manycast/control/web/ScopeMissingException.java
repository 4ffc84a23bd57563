package manycast.control.web;

/** The token may not be used for this. */
final class ScopeMissingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ScopeMissingException(Scope scope) {
    super("This needs a token with the scope " + scope.word() + ".");
  }
}
