package manycast.control.preview;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a node's public address goes into a header of every page. */
class PreviewNodesTest {
  @Test
  void isSchemeHostAndPort() {
    assertThat(PreviewNodes.origin("https://node.example.com"))
        .contains("https://node.example.com");
    assertThat(PreviewNodes.origin("http://[2001:db8::1]:8081/a/path?x"))
        .contains("http://[2001:db8::1]:8081");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ftp://host", "http://x; script-src *", "http://", "*", "data:"})
  void isNothingOfWhatIsNoWebAddress(String url) {
    assertThat(PreviewNodes.origin(url)).isEmpty();
  }
}
