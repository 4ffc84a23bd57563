package manycast.media.loops;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import manycast.media.testing.Until;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchedLoopTest {
  private static final int SAMPLES = 5;
  private static final long ANSWER_EVERY = TimeUnit.MILLISECONDS.toNanos(200);

  private final EventLoop loop = new DefaultEventLoop();
  private long wall;
  private long cpu;

  @AfterEach
  void stopLoop() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  @Test
  void aLoopThatIsMoreThanHalfBusyForASecondIsFlushedInWindows() {
    WatchedLoop watched = new WatchedLoop(loop, FlushMode.ADAPTIVE, SAMPLES);

    run(watched, SAMPLES, 0.49);
    assertThat(watched.windowMs()).isZero();
    run(watched, SAMPLES + 1, 0.51);
    assertThat(watched.busyShare()).isBetween(0.509, 0.511);
    assertThat(watched.windowMs()).isEqualTo(80);
  }

  @Test
  void whatTheWindowItselfSavesDoesNotEndIt() {
    WatchedLoop watched = new WatchedLoop(loop, FlushMode.ADAPTIVE, SAMPLES);
    run(watched, SAMPLES + 1, 0.52);

    run(watched, 2 * SAMPLES, 0.52 * 0.26);
    assertThat(watched.windowMs()).isEqualTo(80);
    run(watched, SAMPLES + 1, 0.05);
    assertThat(watched.windowMs()).isZero();
  }

  @Test
  void aForcedModeHoldsHoweverBusyTheLoopIs() {
    WatchedLoop immediate = new WatchedLoop(loop, FlushMode.IMMEDIATE, SAMPLES);
    WatchedLoop window = new WatchedLoop(loop, FlushMode.WINDOW, SAMPLES);

    run(immediate, SAMPLES + 1, 0.99);
    run(window, SAMPLES + 1, 0.01);
    assertThat(immediate.windowMs()).isZero();
    assertThat(window.windowMs()).isEqualTo(80);
  }

  @Test
  void aLoopThatDoesNotAnswerIsReportedOnceWithItsStack() throws InterruptedException {
    WatchedLoop watched = new WatchedLoop(loop, FlushMode.ADAPTIVE, SAMPLES);
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    watched.ask(0);
    Until.isTrue(Duration.ofSeconds(5), "it answers", () -> !watched.isAsked());
    loop.execute(() -> hang(hanging, goOn));
    hanging.await();

    watched.ask(1_000);
    assertThat(watched.blockedFor(200, 1_200)).isNull();
    assertThat(watched.blockedFor(200, 1_201))
        .satisfies(
            blocked ->
                assertThat(blocked.stack())
                    .anySatisfy(frame -> assertThat(frame.getMethodName()).contains("hang")));
    assertThat(watched.blockedFor(200, 5_000)).isNull();
    goOn.countDown();
    Until.isTrue(Duration.ofSeconds(5), "it answers again", () -> !watched.isAsked());
  }

  private void hang(CountDownLatch hanging, CountDownLatch goOn) {
    hanging.countDown();
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
