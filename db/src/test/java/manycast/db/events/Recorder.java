package manycast.db.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A listener that keeps all it was told. */
final class Recorder implements EventListener {
  private final List<Event> events = new ArrayList<>();
  private final List<EventPosition> connections = new ArrayList<>();
  private int losses;

  @Override
  public synchronized void connected(EventPosition from) {
    connections.add(from);
    notifyAll();
  }

  @Override
  public synchronized void events(List<Event> more) {
    events.addAll(more);
    notifyAll();
  }

  @Override
  public synchronized void disconnected(Exception why) {
    losses++;
    notifyAll();
  }

  synchronized List<Event> events() {
    return List.copyOf(events);
  }

  synchronized List<String> data() {
    return events.stream().map(Event::dataJson).toList();
  }

  synchronized int connections() {
    return connections.size();
  }

  synchronized EventPosition lastConnection() {
    return connections.getLast();
  }

  synchronized int losses() {
    return losses;
  }

  /** Waits until it holds, and fails when it does not within 30 s. */
  synchronized void await(String what, Predicate<Recorder> condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.test(this)) {
      long leftMs = (deadline - System.nanoTime()) / 1_000_000;
      assertThat(leftMs).as(what).isPositive();
      wait(Math.min(leftMs, 100));
    }
  }
}
