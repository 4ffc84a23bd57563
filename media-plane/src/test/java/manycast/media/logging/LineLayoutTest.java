package manycast.media.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LineLayoutTest {
  @Test
  void isALineWithTimeLevelClassAndMessage() {
    assertThat(line(Level.INFO, "2026-01-02T03:04:05.006Z", null))
        .isEqualTo("2026-01-02T03:04:05.006Z INFO  NodeLease - beat 7" + System.lineSeparator());
    assertThat(line(Level.ERROR, "2026-01-02T03:04:05Z", null))
        .isEqualTo("2026-01-02T03:04:05.000Z ERROR NodeLease - beat 7" + System.lineSeparator());
  }

  @Test
  void isFollowedByTheStackOfWhatWasThrown() {
    assertThat(line(Level.WARN, "2026-01-02T03:04:05.999Z", new IllegalStateException("no beat")))
        .startsWith("2026-01-02T03:04:05.999Z WARN  NodeLease - beat 7")
        .contains("java.lang.IllegalStateException: no beat")
        .contains("\tat manycast.media.logging.LineLayoutTest");
  }

  private static String line(Level level, String at, @Nullable Throwable thrown) {
    LoggerContext context = new LoggerContext();
    LoggingEvent event =
        new LoggingEvent(
            LineLayoutTest.class.getName(),
            context.getLogger("manycast.media.database.NodeLease"),
            level,
            "beat {}",
            thrown,
            new Object[] {7});
    event.setInstant(Instant.parse(at));
    return new LineLayout().doLayout(event);
  }
}
