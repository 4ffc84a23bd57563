package manycast.control.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import manycast.control.input.FieldFault;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Why a call was refused or failed, as RFC 9457 has it.
 *
 * @param detail a plain sentence for people
 * @param errors with status 422, what is wrong with which field
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED) @Nullable List<FieldFault> errors) {
  public static final String CONTENT_TYPE = "application/problem+json";

  static Problem of(int status, String title, String detail) {
    return new Problem("about:blank", title, status, detail, null);
  }

  static Problem badRequest(String detail) {
    return of(400, "Bad request", detail);
  }

  static Problem unauthorized(String detail) {
    return of(401, "Unauthorized", detail);
  }

  static Problem forbidden(String detail) {
    return of(403, "Forbidden", detail);
  }

  static Problem notFound(String detail) {
    return of(404, "Not found", detail);
  }

  static Problem conflict(String detail) {
    return of(409, "Conflict", detail);
  }

  static Problem invalid(List<FieldFault> faults) {
    var first = faults.getFirst();
    String more = faults.size() > 1 ? " (and " + (faults.size() - 1) + " more)" : "";
    return new Problem(
        "about:blank",
        "Invalid input",
        422,
        first.field() + " " + first.detail() + more,
        List.copyOf(faults));
  }

  static Problem unavailable(String reason) {
    return of(503, "Unavailable", "For the moment this cannot be answered: " + reason + ".");
  }

  static Problem internal() {
    return of(500, "Internal error", "Something went wrong on our side; it has been logged.");
  }

  /** Writes it as the whole answer. */
  void write(HttpServletResponse response, JsonMapper json) throws IOException {
    response.resetBuffer();
    response.setStatus(status);
    response.setContentType(CONTENT_TYPE);
    response.setHeader("Cache-Control", "no-store");
    if (status == 503) {
      response.setHeader("Retry-After", "2");
    }
    byte[] body = json.writeValueAsBytes(this);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
