package manycast.media.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bucket of an S3-compatible service, written to by PUT with the path style that all of them
 * take. May block; safe from any thread.
 */
public final class S3Bucket implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final Pattern CODE = Pattern.compile("<Code>([A-Za-z0-9]{1,64})</Code>");
  private static final int BLOCK = 64 << 10;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final URI endpoint;
  private final String prefix;
  private final SignatureV4 signature;

  /**
   * A bucket.
   *
   * @param endpoint of the service, without a path
   * @param bucket its name
   * @param prefix what the names of all objects begin with; empty, or with a slash at its end
   */
  public S3Bucket(URI endpoint, String bucket, String prefix, SignatureV4 signature) {
    this.endpoint = endpoint;
    this.prefix = "/" + bucket + "/" + prefix;
    this.signature = signature;
  }

  /**
   * Writes an object, or writes it anew.
   *
   * @throws IOException when the service has not said that it has it
   */
  void put(String name, Path file, String type) throws IOException, InterruptedException {
    MessageDigest hash = SignatureV4.sha256();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] block = new byte[BLOCK];
      for (int count = in.read(block); count >= 0; count = in.read(block)) {
        hash.update(block, 0, count);
      }
    }
    put(name, BodyPublishers.ofFile(file), HexFormat.of().formatHex(hash.digest()), type);
  }

  /** The same of these bytes. */
  void put(String name, byte[] bytes, String type) throws IOException, InterruptedException {
    String hash = HexFormat.of().formatHex(SignatureV4.sha256().digest(bytes));
    put(name, BodyPublishers.ofByteArray(bytes), hash, type);
  }

  private void put(String name, BodyPublisher body, String hash, String type)
      throws IOException, InterruptedException {
    URI uri = endpoint.resolve(prefix + name);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(ANSWER).header("Content-Type", type).PUT(body);
    signature
        .headers("PUT", uri, Map.of("content-type", type), hash, Instant.now())
        .forEach(request::header);
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      Matcher code = CODE.matcher(answer.body());
      throw new IOException(
          "the store answered " + answer.statusCode() + (code.find() ? " " + code.group(1) : ""));
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
