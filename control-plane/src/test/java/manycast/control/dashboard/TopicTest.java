package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import manycast.control.input.NotFoundException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TopicTest {
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger layouts = new AtomicInteger();
  private final Topic topic = new Topic(this::read);

  private Topic.Layout read() {
    int number = reads.incrementAndGet();
    return mayChange -> {
      layouts.incrementAndGet();
      return List.of(new Fragment("a", "t", "v", number + (mayChange ? " changes" : " looks")));
    };
  }

  private static Object shownBy(Moment moment) {
    return moment.page().getFirst().shows();
  }

  @Test
  void aHundredPagesThatWakeTogetherReadAndLayOutOnce() throws InterruptedException {
    var moments = new ConcurrentLinkedQueue<Moment>();
    var go = new CountDownLatch(1);
    List<Thread> pages = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      pages.add(
          Thread.startVirtualThread(
              () -> {
                try {
                  go.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                moments.add(topic.now(true));
              }));
    }
    topic.rowsChanged();
    go.countDown();
    for (Thread page : pages) {
      page.join();
    }

    assertThat(moments).hasSize(100);
    assertThat(reads).hasValue(1);
    // More than once only where waking all of them took longer than a moment lasts.
    assertThat(layouts.get()).isBetween(1, 10);
  }

  @Test
  void afterAChangeOfRowsTheyAreReadAnewAndAfterOneOfFiguresLaidOutAnew() {
    assertThat(shownBy(topic.now(true))).isEqualTo("1 changes");
    topic.rowsChanged();
    assertThat(shownBy(topic.now(true))).isEqualTo("2 changes");
    int before = layouts.get();
    topic.figuresChanged();
    assertThat(shownBy(topic.now(true))).isEqualTo("2 changes");
    assertThat(layouts).hasValue(before + 1);
  }

  @Test
  void whoMayChangeNothingIsShownAnotherPageOfTheSameRows() {
    assertThat(shownBy(topic.now(true))).isEqualTo("1 changes");
    assertThat(shownBy(topic.now(false))).isEqualTo("1 looks");
  }

  @Test
  void aPageThatIsOpenedIsShownNothingOlderThanItself() {
    assertThat(shownBy(topic.now(true))).isEqualTo("1 changes");
    topic.pageOpened();
    assertThat(shownBy(topic.now(true))).isEqualTo("2 changes");
  }

  @Test
  void whatChangesWhileItIsReadIsReadOnceMore() {
    Topic[] changing = new Topic[1];
    var changed =
        new Topic(
            () -> {
              if (reads.get() == 0) {
                changing[0].rowsChanged();
              }
              return read();
            });
    changing[0] = changed;

    assertThat(shownBy(changed.now(true))).isEqualTo("1 changes");
    assertThat(shownBy(changed.now(true))).isEqualTo("2 changes");
  }

  @Test
  void aFailureIsToldToAllAndNotTriedByEach() {
    var asked = new AtomicInteger();
    var failing =
        new Topic(
            () -> {
              asked.incrementAndGet();
              throw new NotFoundException("stream");
            });

    for (int page = 0; page < 10; page++) {
      assertThatThrownBy(() -> failing.now(true)).isInstanceOf(NotFoundException.class);
    }
    // The tenth may come a second after the first on a machine that is busy.
    assertThat(asked.get()).isLessThan(10);
  }

  @Test
  void aTopicIsWatchedFromItsFirstPageToItsLast() {
    var topics = new Topics();
    var watching = new AtomicInteger();
    var key = new Topics.Key(UUID.randomUUID(), "stream", List.of("one"));
    Topics.Watching counted =
        _ -> {
          watching.incrementAndGet();
          return List.of(watching::decrementAndGet);
        };

    Topics.Hold first = topics.hold(key, this::read, counted);
    Topics.Hold second = topics.hold(key, this::read, counted);
    assertThat(second.topic()).isSameAs(first.topic());
    assertThat(watching).hasValue(1);
    first.close();
    assertThat(watching).hasValue(1);
    second.close();
    assertThat(watching).hasValue(0);
    try (Topics.Hold third = topics.hold(key, this::read, counted)) {
      assertThat(third.topic()).isNotSameAs(first.topic());
      assertThat(watching).hasValue(1);
    }
  }
}
