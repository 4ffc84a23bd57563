package manycast.control.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import manycast.control.database.DatabaseState;
import manycast.control.database.DatabaseWatch;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * While the database is away or does not fit, calls are told so at once instead of waiting for a
 * connection.
 */
final class DatabaseGate extends OncePerRequestFilter {
  private final DatabaseWatch database;
  private final JsonMapper json;

  DatabaseGate(DatabaseWatch database, JsonMapper json) {
    this.database = database;
    this.json = json;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !ApiPaths.covers(request) || ApiPaths.isPublic(request);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (database.state() instanceof DatabaseState.Unusable(String reason)) {
      Problem.unavailable(reason).write(response, json);
      return;
    }
    chain.doFilter(request, response);
  }
}
