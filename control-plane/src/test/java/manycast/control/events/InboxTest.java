package manycast.control.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import manycast.db.events.Event;
import manycast.db.events.EventPosition;
import org.junit.jupiter.api.Test;

/** What a watcher has not taken yet. */
class InboxTest {
  @Test
  void holdsAtMostItsBoundAndThenSendsTheReaderToTheLog() throws Exception {
    var inbox = new Inbox(3);

    inbox.happened(events(3));
    assertThat(inbox.take(1).events()).hasSize(3);

    inbox.happened(events(3));
    inbox.happened(events(1));
    inbox.happened(events(1));
    Inbox.Content content = inbox.take(1);
    assertThat(content.readLog()).isTrue();
    assertThat(content.events()).isEmpty();

    inbox.happened(events(2));
    assertThat(inbox.take(1)).isEqualTo(new Inbox.Content(events(2), false));
  }

  @Test
  void sendsTheReaderToTheLogWhenEventsMayHaveBeenMissed() throws Exception {
    var inbox = new Inbox(3);
    inbox.happened(events(1));

    inbox.missed();

    assertThat(inbox.take(1).readLog()).isTrue();
    assertThat(inbox.take(1)).isEqualTo(new Inbox.Content(List.of(), false));
  }

  private static List<Event> events(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new Event(
                    new EventPosition(7, i),
                    "stream.updated",
                    null,
                    null,
                    null,
                    null,
                    null,
                    "{}",
                    Instant.EPOCH))
        .toList();
  }
}
