package manycast.control.web;

/** A request's body is no JSON object, or too long to be read. */
final class UnreadableBodyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  UnreadableBodyException(Problem problem) {
    super(problem.detail());
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
