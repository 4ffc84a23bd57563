package manycast.media.tls;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets a loop begin eight outgoing handshakes at once: when hundreds of destinations come back
 * together, what is live on the loop goes on between them. A handshake whose peer is slow gives up
 * its place after a quarter of a second, though not its attempt. Belongs to its loop.
 */
public final class HandshakePlaces {
  private static final int PLACES = 8;
  private static final int GIVEN_UP_AFTER_MS = 250;

  private final EventLoop loop;
  private final Queue<Supplier<Future<?>>> waiting = new ArrayDeque<>();
  private int taken;

  /** Eight free places. */
  public HandshakePlaces(EventLoop loop) {
    this.loop = loop;
  }

  /** Begins this handshake as soon as there is a place; what it answers is done when it is over. */
  public void whenFree(Supplier<Future<?>> handshake) {
    waiting.add(handshake);
    fill();
  }

  private void fill() {
    while (taken < PLACES) {
      Supplier<Future<?>> next = waiting.poll();
      if (next == null) {
        return;
      }
      taken++;
      new Place().take(next.get());
    }
  }

  private final class Place {
    private boolean left;

    void take(Future<?> over) {
      Future<?> late = loop.schedule(this::leave, GIVEN_UP_AFTER_MS, TimeUnit.MILLISECONDS);
      over.addListener(
          _ -> {
            late.cancel(false);
            leave();
          });
    }

    private void leave() {
      if (!left) {
        left = true;
        taken--;
        fill();
      }
    }
  }
}
