package manycast.control.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A browser without script: keeps cookies, reads pages, sends their forms. Redirects are not
 * followed.
 */
public final class Browser {
  private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

  private final HttpClient client;
  private final String base;

  public Browser(String base) {
    this(
        base,
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .connectTimeout(Duration.ofSeconds(5))
            .build());
  }

  private Browser(String base, HttpClient client) {
    this.base = base;
    this.client = client;
  }

  /** The same browser, its cookies with it, at another port of the same host. */
  public Browser at(String otherBase) {
    return new Browser(otherBase, client);
  }

  /** A page as it was answered. */
  public record Page(Browser browser, HttpResponse<String> response) {
    public int status() {
      return response.statusCode();
    }

    public String body() {
      return response.body();
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    /** Where it leads, without the host. */
    public String location() {
      return header("Location").replace(browser.base, "");
    }

    public String csrf() {
      Matcher form = CSRF.matcher(body());
      if (!form.find()) {
        throw new IllegalStateException("no form in: " + body());
      }
      return form.group(1);
    }

    /** Sends a form of this page, its token with it. */
    public Page submit(String action, Map<String, String> fields) {
      if (!body().contains("action=\"" + action + "\"")
          && !body().contains("href=\"" + action + "\"")) {
        throw new IllegalStateException("no form for " + action + " in: " + body());
      }
      var all = new LinkedHashMap<>(fields);
      all.put("_csrf", csrf());
      return browser.post(action, all);
    }
  }

  public Page get(String path, String... headers) {
    HttpRequest.Builder request = request(path, headers).GET();
    return send(request.build());
  }

  /** Asks for the head of an answer alone. */
  public Page head(String path) {
    return send(request(path).HEAD().build());
  }

  /** How many bytes come over the wire for it, compressed where the server does that. */
  public int weight(String path) {
    try {
      HttpResponse<byte[]> response =
          client.send(
              request(path, "Accept-Encoding", "gzip").build(),
              HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new IllegalStateException(path + " answered " + response.statusCode());
      }
      return response.body().length;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public Page post(String path, Map<String, String> fields, String... headers) {
    String form =
        fields.entrySet().stream()
            .map(
                field ->
                    field.getKey()
                        + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return send(
        request(path, headers)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build());
  }

  /** Opens an event stream; the caller closes it. */
  public HttpResponse<InputStream> open(String path) {
    try {
      return client.send(
          request(path, "Accept", "text/event-stream").build(),
          HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(20));
    return headers.length == 0 ? request : request.headers(headers);
  }

  private Page send(HttpRequest request) {
    try {
      return new Page(this, client.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
