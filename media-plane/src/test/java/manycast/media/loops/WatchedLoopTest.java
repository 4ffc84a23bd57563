package manycast.media.loops;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import manycast.media.testing.Until;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchedLoopTest {
  private static final int SAMPLES = 5;
  private static final long ANSWER_EVERY = TimeUnit.MILLISECONDS.toNanos(200);

  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LIMIT = 200 * MILLI;
  private static final int ASK_EVERY_MS = 50;

  private final EventLoop loop = new DefaultEventLoop();
  private final AtomicLong clock = new AtomicLong();
  private long wall;
  private long cpu;

  @AfterEach
  void stopLoop() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  @Test
  void aLoopThatIsMoreThanHalfBusyForASecondIsFlushedInWindows() {
    WatchedLoop watched = new WatchedLoop(loop, FlushMode.ADAPTIVE, SAMPLES, clock::get);

    run(watched, SAMPLES, 0.49);
    assertThat(watched.windowMs()).isZero();
    run(watched, SAMPLES + 1, 0.51);
    assertThat(watched.busyShare()).isBetween(0.509, 0.511);
    assertThat(watched.windowMs()).isEqualTo(80);
  }

  @Test
  void whatTheWindowItselfSavesDoesNotEndIt() {
    WatchedLoop watched = new WatchedLoop(loop, FlushMode.ADAPTIVE, SAMPLES, clock::get);
    run(watched, SAMPLES + 1, 0.52);

    run(watched, 2 * SAMPLES, 0.52 * 0.26);
    assertThat(watched.windowMs()).isEqualTo(80);
    run(watched, SAMPLES + 1, 0.05);
    assertThat(watched.windowMs()).isZero();
  }

  @Test
  void howLongItHasHadNoTimeLeftIsKnownAndOverWithTheFirstSecondThatHasSome() {
    WatchedLoop watched = new WatchedLoop(loop, FlushMode.ADAPTIVE, SAMPLES, clock::get);
    run(watched, SAMPLES + 1, 0.9);
    assertThat(watched.saturatedNanos()).isZero();

    run(watched, 11 * SAMPLES, 0.99);
    assertThat(watched.saturatedNanos()).isBetween(10_000 * MILLI, 11_000 * MILLI);
    run(watched, SAMPLES, 0.9);
    assertThat(watched.saturatedNanos()).isZero();
  }

  @Test
  void aForcedModeHoldsHoweverBusyTheLoopIs() {
    WatchedLoop immediate = new WatchedLoop(loop, FlushMode.IMMEDIATE, SAMPLES, clock::get);
    WatchedLoop window = new WatchedLoop(loop, FlushMode.WINDOW, SAMPLES, clock::get);

    run(immediate, SAMPLES + 1, 0.99);
    run(window, SAMPLES + 1, 0.01);
    assertThat(immediate.windowMs()).isZero();
    assertThat(window.windowMs()).isEqualTo(80);
  }

  @Test
  void aLoopThatHangsIsReportedOnceWhileItDoesWithItsStack() throws InterruptedException {
    WatchedLoop watched = new WatchedLoop(loop, FlushMode.ADAPTIVE, SAMPLES, clock::get);
    askAndAwait(watched);
    CountDownLatch goOn = hang();

    assertThat(look(watched, 50)).isNull();
    assertThat(look(watched, 200)).isNull();
    assertThat(look(watched, 201)).satisfies(WatchedLoopTest::isWhereItHung);
    assertThat(look(watched, 5_000)).isNull();
    clock.set(6_000 * MILLI);
    goOn.countDown();
    awaitAnswer(watched);
    assertThat(look(watched, 6_050)).isNull();
    awaitAnswer(watched);
    assertThat(look(watched, 6_100)).isNull();
  }

  @Test
  void aBlockOfMoreThanTheLimitIsNeverMissedWhereverItFallsBetweenTheQuestions()
      throws InterruptedException {
    for (int begin = 0; begin < ASK_EVERY_MS; begin += 7) {
      assertThat(reportsOfABlock(begin, 201))
          .as("from %d ms behind a question", begin)
          .singleElement()
          .satisfies(WatchedLoopTest::isWhereItHung)
          .satisfies(blocked -> assertThat(blocked.forMs()).isBetween(201L, 251L));
      assertThat(reportsOfABlock(begin, 149)).as("from %d ms behind one", begin).isEmpty();
    }
  }

  /** Looks and asks every 50 ms, while the loop hangs for so long. */
  private List<WatchedLoop.Blocked> reportsOfABlock(int beginMs, int lengthMs)
      throws InterruptedException {
    WatchedLoop watched = new WatchedLoop(loop, FlushMode.ADAPTIVE, SAMPLES, clock::get);
    clock.set(0);
    askAndAwait(watched);
    clock.set(beginMs * MILLI);
    CountDownLatch goOn = hang();
    List<WatchedLoop.Blocked> reports = new ArrayList<>();
    boolean hangs = true;
    for (int now = ASK_EVERY_MS; now <= 12 * ASK_EVERY_MS; now += ASK_EVERY_MS) {
      if (hangs && now > beginMs + lengthMs) {
        hangs = false;
        clock.set((beginMs + lengthMs) * MILLI);
        goOn.countDown();
        awaitAnswer(watched);
      }
      WatchedLoop.Blocked blocked = look(watched, now);
      if (blocked != null) {
        reports.add(blocked);
      }
      if (!hangs) {
        awaitAnswer(watched);
      }
    }
    return reports;
  }

  private static void isWhereItHung(WatchedLoop.Blocked blocked) {
    assertThat(blocked.stack())
        .anySatisfy(frame -> assertThat(frame.getMethodName()).contains("waitFor"));
  }

  /** What the watchdog does at this time. */
  private WatchedLoop.@Nullable Blocked look(WatchedLoop watched, long nowMs) {
    clock.set(nowMs * MILLI);
    WatchedLoop.Blocked blocked = watched.blockedFor(LIMIT);
    watched.ask();
    return blocked;
  }

  private static void askAndAwait(WatchedLoop watched) {
    watched.ask();
    awaitAnswer(watched);
  }

  private static void awaitAnswer(WatchedLoop watched) {
    Until.isTrue(Duration.ofSeconds(5), "it answers", () -> !watched.isAsked());
  }

  /** The loop hangs from now on until the latch lets it go. */
  private CountDownLatch hang() {
    CompletableFuture<Thread> hanging = new CompletableFuture<>();
    CountDownLatch goOn = new CountDownLatch(1);
    loop.execute(
        () -> {
          hanging.complete(Thread.currentThread());
          waitFor(goOn);
        });
    Thread thread = hanging.join();
    Until.isTrue(
        Duration.ofSeconds(5), "it hangs", () -> thread.getState() == Thread.State.WAITING);
    return goOn;
  }

  private static void waitFor(CountDownLatch goOn) {
    try {
      goOn.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(WatchedLoop watched, int answers, double busy) {
    for (int i = 0; i < answers; i++) {
      wall += ANSWER_EVERY;
      cpu += (long) (ANSWER_EVERY * busy);
      watched.note(wall, cpu);
    }
  }
}
