package manycast.control.signin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import manycast.control.web.MediaOrigins;
import org.springframework.security.web.header.HeaderWriter;

/**
 * The content security policy of every page: what is ours, and the picture from the nodes that are
 * there when the page is made. HLS is played by a script that fetches it and hands the media on as
 * {@code blob:}, part of it in a worker of its own.
 */
final class ContentSecurity implements HeaderWriter {
  private static final String NAME = "Content-Security-Policy";

  private record Policy(List<String> origins, String text) {}

  private final MediaOrigins media;
  private volatile Policy policy = policy(List.of());

  ContentSecurity(MediaOrigins media) {
    this.media = media;
  }

  @Override
  public void writeHeaders(HttpServletRequest request, HttpServletResponse response) {
    List<String> origins = media.mediaOrigins();
    Policy present = policy;
    if (!present.origins().equals(origins)) {
      present = policy(origins);
      policy = present;
    }
    response.setHeader(NAME, present.text());
  }

  private static Policy policy(List<String> origins) {
    String nodes = origins.isEmpty() ? "" : " " + String.join(" ", origins);
    return new Policy(
        origins,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " connect-src 'self'"
            + nodes
            + "; media-src 'self' blob:"
            + nodes
            + "; worker-src 'self' blob:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
  }
}
