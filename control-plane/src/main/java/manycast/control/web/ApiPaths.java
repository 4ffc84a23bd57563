package manycast.control.web;

import jakarta.servlet.http.HttpServletRequest;

/**
 * Which requests are the API's: they are answered in JSON, faults included. Decided by the decoded
 * path, as routes are: one that is spelled with escapes is the same call.
 */
final class ApiPaths {
  static final String OPENAPI = "/api/v1/openapi.json";

  private ApiPaths() {}

  static boolean covers(HttpServletRequest request) {
    String path = path(request);
    return path.startsWith("/api/") || path.equals("/api");
  }

  /** Whether a call needs no token, and no database: the description of the API. */
  static boolean isPublic(HttpServletRequest request) {
    return path(request).equals(OPENAPI);
  }

  /** The decoded path. */
  static String path(HttpServletRequest request) {
    String rest = request.getPathInfo();
    return rest == null ? request.getServletPath() : request.getServletPath() + rest;
  }
}
