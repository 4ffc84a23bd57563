package manycast.media.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignatureV4Test {
  private static final SignatureV4 SIGNATURE =
      new SignatureV4(
          "us-east-1",
          "AKIAIOSFODNN7EXAMPLE",
          new SignatureV4.Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));

  /** The PUT of "Examples: Signature Calculations" in Amazon's reference of the S3 API. */
  @Test
  void signsAmazonsOwnExample() {
    Map<String, String> headers =
        SIGNATURE.headers(
            "PUT",
            URI.create("https://examplebucket.s3.amazonaws.com/test%24file.text"),
            Map.of(
                "date", "Fri, 24 May 2013 00:00:00 GMT",
                "x-amz-storage-class", "REDUCED_REDUNDANCY"),
            "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
            Instant.parse("2013-05-24T00:00:00Z"));
    assertThat(headers.get("Authorization"))
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  }

  @Test
  void neverPrintsTheSecret() {
    assertThat(SIGNATURE.toString()).doesNotContain("wJalr");
  }
}
