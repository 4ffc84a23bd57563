package manycast.control.events;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** No further event stream is opened; the message says why and what helps. */
final class TooManyStreamsException extends ErrorResponseException {
  private static final long serialVersionUID = 1L;

  TooManyStreamsException(String detail) {
    super(
        HttpStatus.TOO_MANY_REQUESTS,
        ProblemDetail.forStatusAndDetail(HttpStatus.TOO_MANY_REQUESTS, detail),
        null);
  }
}
