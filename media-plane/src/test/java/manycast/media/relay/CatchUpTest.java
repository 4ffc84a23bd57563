package manycast.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CatchUpTest {
  private static final int MOMENT_MS = 10;
  private static final long LEAST_BYTES = 4 << 20;

  private final EmbeddedChannel loop = new EmbeddedChannel();
  private long bytesPerSecond = 1_000_000;
  private int calls;
  private final CatchUp catchUp =
      new CatchUp(loop.eventLoop(), () -> bytesPerSecond, () -> calls++);

  CatchUpTest() {
    loop.freezeTime();
  }

  @Test
  void whatOneTakesIsNotThereForTheOthersUntilTheNextMoment() {
    assertThat(catchUp.room(1_000)).isEqualTo(LEAST_BYTES);
    catchUp.spend(LEAST_BYTES - 100, 1_000);
    assertThat(catchUp.room(1_005)).isEqualTo(100);
    catchUp.spend(3_000, 1_005);
    assertThat(catchUp.room(1_009)).isZero();
    assertThat(catchUp.room(1_010)).isEqualTo(LEAST_BYTES);
  }

  @Test
  void whoGetsTooLittleIsCalledOnceWhenTheMomentIsOver() {
    catchUp.room(1_000);
    catchUp.spend(LEAST_BYTES, 1_004);

    passMs(5);
    catchUp.room(1_009);
    assertThat(calls).isZero();
    passMs(1);
    assertThat(calls).isEqualTo(1);
    passMs(100);
    assertThat(calls).isEqualTo(1);
  }

  @Test
  void nobodyIsCalledWhileThereIsRoomNorOnceItIsStopped() {
    catchUp.room(1_000);
    catchUp.spend(LEAST_BYTES - 1, 1_000);
    catchUp.room(1_001);
    passMs(100);
    assertThat(calls).isZero();

    catchUp.spend(1, 1_002);
    catchUp.stop();
    passMs(100);
    assertThat(calls).isZero();
  }

  @Test
  void manyDestinationsGetTwiceWhatComesInForThem() {
    bytesPerSecond = 2_500 * 750_000L;
    assertThat(catchUp.room(1_000)).isEqualTo(2 * bytesPerSecond * MOMENT_MS / 1_000);
  }

  private void passMs(long ms) {
    loop.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
    loop.runScheduledPendingTasks();
  }
}
