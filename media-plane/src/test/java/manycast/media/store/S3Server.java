package manycast.media.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A small S3: takes PUT of objects in one bucket when the signature in the headers is right, by its
 * own reading of AWS' description, and keeps them. Can be killed and come back on its port.
 */
public final class S3Server implements AutoCloseable {
  public static final String KEY_ID = "AKIAIOSFODNN7EXAMPLE";
  public static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  public static final String REGION = "eu-central-1";
  public static final String BUCKET = "shows";
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/s3/aws4_request,\\s*SignedHeaders=([^,]+),\\s*Signature=([0-9a-f]{64})");

  private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
  private final int port;
  private HttpServer server;
  private volatile int refused;

  /** Listens on a port of its own. */
  public S3Server() throws IOException {
    server = listen(0);
    port = server.getAddress().getPort();
  }

  private HttpServer listen(int on) throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), on), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/", this::answer);
    http.start();
    return http;
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** What is in the bucket, by name. */
  public Map<String, byte[]> objects() {
    return objects;
  }

  /** How many requests were not let in. */
  public int refused() {
    return refused;
  }

  /** From now on nobody listens. */
  public void kill() {
    server.stop(0);
  }

  /** It is back, with all that it had. */
  public void restart() throws IOException {
    server = listen(port);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getRawPath();
      String fault = fault(exchange, path, body);
      if (fault == null) {
        objects.put(path.substring(BUCKET.length() + 2), body);
        exchange.sendResponseHeaders(200, -1);
      } else {
        refused++;
        byte[] answer =
            "<?xml version=\"1.0\"?><Error><Code>%s</Code></Error>"
                .formatted(fault)
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(403, answer.length);
        exchange.getResponseBody().write(answer);
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static @Nullable String fault(HttpExchange exchange, String path, byte[] body)
      throws GeneralSecurityException {
    Matcher given =
        AUTHORIZATION.matcher(
            String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    if (!exchange.getRequestMethod().equals("PUT") || !path.startsWith("/" + BUCKET + "/")) {
      return "MethodNotAllowed";
    }
    if (!given.matches() || !given.group(1).equals(KEY_ID) || !given.group(3).equals(REGION)) {
      return "InvalidAccessKeyId";
    }
    String hash = hex(MessageDigest.getInstance("SHA-256").digest(body));
    if (!hash.equals(exchange.getRequestHeaders().getFirst("x-amz-content-sha256"))) {
      return "XAmzContentSHA256Mismatch";
    }
    StringBuilder canonical = new StringBuilder("PUT\n" + path + "\n\n");
    for (String name : given.group(4).split(";")) {
      canonical.append(name.toLowerCase(Locale.ROOT)).append(':');
      canonical.append(exchange.getRequestHeaders().getFirst(name)).append('\n');
    }
    canonical.append('\n').append(given.group(4)).append('\n').append(hash);
    String time = exchange.getRequestHeaders().getFirst("x-amz-date");
    String toSign =
        "AWS4-HMAC-SHA256\n%s\n%s/%s/s3/aws4_request\n%s"
            .formatted(
                time,
                given.group(2),
                REGION,
                hex(
                    MessageDigest.getInstance("SHA-256")
                        .digest(canonical.toString().getBytes(StandardCharsets.UTF_8))));
    byte[] key = ("AWS4" + SECRET).getBytes(StandardCharsets.UTF_8);
    for (String step : new String[] {given.group(2), REGION, "s3", "aws4_request", toSign}) {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      key = mac.doFinal(step.getBytes(StandardCharsets.UTF_8));
    }
    return hex(key).equals(given.group(5)) ? null : "SignatureDoesNotMatch";
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
