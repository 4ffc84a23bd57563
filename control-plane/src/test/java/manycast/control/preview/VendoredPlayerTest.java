package manycast.control.preview;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The player that lies in the repository is the one that was published. */
class VendoredPlayerTest {
  /** Of {@code dist/hls.light.min.js} in npm's {@code hls.js@1.7.4}. */
  private static final String PUBLISHED =
      "482cccb3a224554f64d8c2cf0d335dba4a3819bdb726afbfddfe15de4c277d82";

  @Test
  void isThePublishedFileByteForByte() throws IOException, NoSuchAlgorithmException {
    try (InputStream file =
        VendoredPlayerTest.class.getResourceAsStream("/static/assets/vendor/hls.light.min.js")) {
      assertThat(file).isNotNull();
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(file.readAllBytes());
      assertThat(HexFormat.of().formatHex(hash)).isEqualTo(PUBLISHED);
    }
  }
}
