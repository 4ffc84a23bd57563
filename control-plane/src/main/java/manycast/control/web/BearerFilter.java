package manycast.control.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/** Finds out whom a call speaks for; refuses those that speak for nobody. */
final class BearerFilter extends OncePerRequestFilter {
  private static final Pattern HEADER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/=-]{1,500})");

  private final Bearers bearers;
  private final JsonMapper json;

  BearerFilter(Bearers bearers, JsonMapper json) {
    this.bearers = bearers;
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
    String header = request.getHeader("Authorization");
    Matcher bearer = HEADER.matcher(header == null ? "" : header.trim());
    if (!bearer.matches()) {
      refuse(response, "Bearer", "Send an API token as Authorization: Bearer TOKEN.");
      return;
    }
    Optional<Caller> caller;
    try {
      caller = bearers.find(bearer.group(1));
    } catch (DataAccessException | TransactionException e) {
      ApiExceptions.failed(e, request).write(response, json);
      return;
    }
    if (caller.isEmpty()) {
      refuse(
          response, "Bearer error=\"invalid_token\"", "This token is unknown, revoked or expired.");
      return;
    }
    request.setAttribute(Caller.ATTRIBUTE, caller.get());
    chain.doFilter(request, response);
  }

  private void refuse(HttpServletResponse response, String challenge, String detail)
      throws IOException {
    response.setHeader("WWW-Authenticate", challenge);
    Problem.unauthorized(detail).write(response, json);
  }
}
