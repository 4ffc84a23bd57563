package manycast.media.store;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests to S3 in their headers (AWS Signature Version 4). Paths are to be written in their
 * encoded form and without a query.
 *
 * @param secret the secret access key; a name of its own keeps it out of {@code toString}
 */
public record SignatureV4(String region, String keyId, Secret secret) {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** A secret that prints as dots. */
  public record Secret(String value) {
    @Override
    public String toString() {
      return "…";
    }
  }

  /**
   * The headers to add to a request.
   *
   * @param signed other headers that are to be signed, by their names in small letters; the host is
   *     signed always
   * @param payloadHash of the body: SHA-256 in hex
   */
  Map<String, String> headers(
      String method, URI uri, Map<String, String> signed, String payloadHash, Instant now) {
    String time = TIME.format(now);
    SortedMap<String, String> all = new TreeMap<>(signed);
    all.put("host", host(uri));
    all.put("x-amz-content-sha256", payloadHash);
    all.put("x-amz-date", time);
    String names = String.join(";", all.keySet());
    String canonical =
        method
            + '\n'
            + uri.getRawPath()
            + "\n\n"
            + all.entrySet().stream()
                .map(header -> header.getKey() + ':' + header.getValue().strip() + '\n')
                .collect(Collectors.joining())
            + '\n'
            + names
            + '\n'
            + payloadHash;
    String scope = time.substring(0, 8) + '/' + region + "/s3/aws4_request";
    String toSign =
        String.join("\n", ALGORITHM, time, scope, hex(sha256().digest(utf8(canonical))));
    String authorization =
        "%s Credential=%s/%s,SignedHeaders=%s,Signature=%s"
            .formatted(ALGORITHM, keyId, scope, names, hex(mac(signingKey(time), toSign)));
    return Map.of(
        "x-amz-content-sha256", payloadHash, "x-amz-date", time, "Authorization", authorization);
  }

  private byte[] signingKey(String time) {
    byte[] date = mac(utf8("AWS4" + secret.value()), time.substring(0, 8));
    UnaryOperator<byte[]> service = key -> mac(mac(key, region), "s3");
    return mac(service.apply(date), "aws4_request");
  }

  /** As HTTP clients send it: with the port where it is not the scheme's own. */
  private static String host(URI uri) {
    boolean usual =
        uri.getPort() < 0 || uri.getPort() == ("https".equals(uri.getScheme()) ? 443 : 80);
    return usual ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  private static byte[] mac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(utf8(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HMAC-SHA-256", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
