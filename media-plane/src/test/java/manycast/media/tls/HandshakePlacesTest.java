package manycast.media.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HandshakePlacesTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final HandshakePlaces places = new HandshakePlaces(channel.eventLoop());
  private final List<Promise<Void>> begun = new ArrayList<>();

  private void ask(int times) {
    for (int i = 0; i < times; i++) {
      places.whenFree(
          () -> {
            Promise<Void> handshake = channel.eventLoop().newPromise();
            begun.add(handshake);
            return handshake;
          });
    }
  }

  @Test
  void beginsEightAtOnceAndAnotherAsOneIsOver() {
    ask(20);
    assertThat(begun).hasSize(8);

    begun.get(3).setSuccess(null);
    begun.get(4).setFailure(new IllegalStateException("of this test"));
    channel.runPendingTasks();
    assertThat(begun).hasSize(10);
  }

  @Test
  void waitsForNoSlowPeer() {
    channel.freezeTime();
    ask(9);
    channel.advanceTimeBy(249, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(begun).hasSize(8);

    channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(begun).hasSize(9);

    // A late end frees nothing a second time.
    begun.getFirst().setSuccess(null);
    channel.runPendingTasks();
    ask(8);
    assertThat(begun).hasSize(16);
  }
}
