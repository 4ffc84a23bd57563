package manycast.control.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteadinessTest {
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  private final Steadiness begun = Steadiness.begun(FIRST);

  @Test
  void growsWithEveryLook() {
    Steadiness later = begun.seenAt(FIRST.plusSeconds(6)).seenAt(FIRST.plusSeconds(12));
    assertThat(later).isEqualTo(new Steadiness(FIRST, FIRST.plusSeconds(12)));
  }

  @Test
  void beginsAnewAfterAGap() {
    Instant awake = FIRST.plusSeconds(3600);
    assertThat(begun.seenAt(FIRST.plusMillis(6001)).since()).isEqualTo(FIRST.plusMillis(6001));
    assertThat(begun.seenAt(awake).seenAt(awake.plusSeconds(1)))
        .isEqualTo(new Steadiness(awake, awake.plusSeconds(1)));
  }

  @Test
  void growsNoOlderWhenTheClockIsSetBack() {
    Steadiness back = begun.seenAt(FIRST.plusSeconds(5)).seenAt(FIRST.minusSeconds(60));
    assertThat(back.since()).isEqualTo(FIRST);
    assertThat(back.seen()).isEqualTo(FIRST.minusSeconds(60));
  }
}
