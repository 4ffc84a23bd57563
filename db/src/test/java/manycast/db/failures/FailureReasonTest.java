package manycast.db.failures;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailureReasonTest {
  @ParameterizedTest
  @EnumSource(FailureReason.class)
  void eachHasOnePlainSentenceThatCanBeTakenApartAgain(FailureReason reason) {
    assertThat(reason.sentence()).matches("[A-Z].*\\.").doesNotContain("It said");
    assertThat(FailureReason.of(reason.code())).isEqualTo(reason);
    assertThat(reason.sentence("")).isEqualTo(reason.sentence());
    assertThat(FailureReason.words(reason.sentence())).isNull();
    if (reason != FailureReason.INTERNAL) {
      String told = reason.sentence("no such stream. It said: go");
      assertThat(FailureReason.words(told)).isEqualTo("no such stream. It said: go");
      assertThat(FailureReason.withoutWords(told)).isEqualTo(reason.sentence());
    }
  }

  @Test
  void whatTheApiHasNoWordForIsARefusalThere() {
    assertThat(FailureReason.outward("login_needed")).isEqualTo("rejected");
    assertThat(FailureReason.outward("login_refused")).isEqualTo("rejected");
    assertThat(FailureReason.outward("bad_key")).isEqualTo("bad_key");
    assertThat(FailureReason.outward("gremlins")).isEqualTo("gremlins");
    assertThat(FailureReason.outward(null)).isNull();
  }

  @Test
  void aWordOfANewerVersionIsNone() {
    assertThat(FailureReason.of("gremlins")).isNull();
    assertThat(FailureReason.of(null)).isNull();
  }

  @Test
  void theDatabaseKnowsTheSameWords() throws IOException {
    assertThat(Files.readString(Path.of("tables.md")))
        .contains(
            "| `relay.last_error_code` | "
                + Arrays.stream(FailureReason.values())
                    .map(reason -> "`" + reason.code() + "`")
                    .collect(Collectors.joining(", "))
                + " |");
  }
}
