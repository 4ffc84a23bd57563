package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream's page from its facts, in each of its states. */
class StreamTemplateTest {
  private static final Pattern ID = Pattern.compile(" id=\"([^\"]*)\"");

  @ParameterizedTest
  @ValueSource(strings = {"never-live", "first-broadcast", "live", "resuming", "disabled"})
  void standsWithoutAStyleOrScriptOfItsOwnAndNamesEachElementOnce(String name) {
    String html = RenderedPages.stream(name);

    assertThat(html).doesNotContain(" style=", "<style", "<script>", " onclick=");
    var seen = new HashSet<String>();
    ID.matcher(html)
        .results()
        .map(id -> id.group(1))
        .forEach(id -> assertThat(seen.add(id)).as(id).isTrue());
  }
}
