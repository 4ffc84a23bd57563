package manycast.control.web;

import jakarta.servlet.http.HttpServletRequest;

/** Which requests are the API's: they are answered in JSON, faults included. */
final class ApiPaths {
  static final String OPENAPI = "/api/v1/openapi.json";

  private ApiPaths() {}

  static boolean covers(HttpServletRequest request) {
    String path = request.getRequestURI();
    return path.startsWith("/api/") || path.equals("/api");
  }
}
