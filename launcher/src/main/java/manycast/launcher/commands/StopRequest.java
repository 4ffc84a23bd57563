package manycast.launcher.commands;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

/**
 * Ctrl-C, SIGTERM or a closed terminal ask a command to end; a second time they ask it to do so at
 * once.
 */
public final class StopRequest {
  private final CountDownLatch requested = new CountDownLatch(1);
  private final List<Runnable> whenImpatient = new ArrayList<>();

  /** Takes these signals from the JVM, which would end at the first. */
  public static StopRequest onSignals() {
    StopRequest request = new StopRequest();
    for (String name : List.of("INT", "TERM", "HUP")) {
      Signal.handle(new Signal(name), signal -> request.onSignal());
    }
    return request;
  }

  private void onSignal() {
    if (requested.getCount() > 0) {
      requested.countDown();
      return;
    }
    synchronized (whenImpatient) {
      whenImpatient.forEach(Runnable::run);
    }
  }

  /** What the second signal does. */
  void whenImpatient(Runnable action) {
    synchronized (whenImpatient) {
      whenImpatient.add(action);
    }
  }

  /** The same as a signal. */
  public void request() {
    requested.countDown();
  }

  public boolean isRequested() {
    return requested.getCount() == 0;
  }

  /** Waits for the request; false when it did not come in time. */
  boolean await(Duration atMost) throws InterruptedException {
    return requested.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }
}
