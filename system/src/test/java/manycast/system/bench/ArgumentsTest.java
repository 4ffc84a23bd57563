package manycast.system.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import manycast.system.bench.Arguments.BadArgumentException;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
  private static final String PEERS = "manycast,watched";

  @Test
  void whatIsWatchedIsComparedOnlyWhereSomebodyWatches() throws Exception {
    assertThat(Arguments.parse(List.of("cpu", "ingests", "--peers", PEERS)).peers())
        .containsExactly("manycast", "watched");
    assertThatThrownBy(() -> Arguments.parse(List.of("cpu", "max", "--peers", PEERS)))
        .isInstanceOf(BadArgumentException.class)
        .hasMessage("--peers \"watched\" with max; accepted with: cpu, latency, window, ingests");
    assertThatThrownBy(() -> Arguments.parse(List.of("--peers", PEERS)))
        .as("the standard set")
        .isInstanceOf(BadArgumentException.class)
        .hasMessageContaining("memory, start");
  }
}
