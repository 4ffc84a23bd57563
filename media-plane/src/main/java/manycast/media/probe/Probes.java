package manycast.media.probe;

import com.github.f4b6a3.uuid.UuidCreator;
import io.netty.channel.EventLoop;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import manycast.media.probe.ProbeTargets.UnavailableException;
import manycast.media.relay.Dialer;
import manycast.media.relay.Occupant;
import manycast.media.relay.Relays;
import org.jspecify.annotations.Nullable;

/**
 * The connection tests of this node: begins them, a few at a time, and keeps their results for a
 * while. None is begun where a relay sends, and one that a relay needs the place of ends at once.
 * Safe from any thread.
 */
public final class Probes {
  private static final int MOST_AT_ONCE = 8;
  private static final int MOST_KEPT = 100;

  private final ProbeTargets targets;
  private final Dialer dialer;
  private final Relays relays;
  private final Supplier<EventLoop> loops;

  /** The oldest first. */
  private final Map<UUID, AtomicReference<ProbeReport>> kept = new LinkedHashMap<>();

  private int running;

  /** What came of asking for a test. */
  public sealed interface Begun {
    /** It runs; ask for it by this id. */
    record Running(UUID id) implements Begun {}

    /** A relay sends there now, and a second connection could end what it sends. */
    record Live() implements Begun {}

    /** There is no such destination. */
    record Unknown() implements Begun {}

    /** Too many run already. */
    record Busy() implements Begun {}
  }

  /** Tests through this dialer, each on a loop of its own choice. */
  public Probes(ProbeTargets targets, Dialer dialer, Relays relays, Supplier<EventLoop> loops) {
    this.targets = targets;
    this.dialer = dialer;
    this.relays = relays;
    this.loops = loops;
  }

  /**
   * Begins to test a destination; blocks while its row is read.
   *
   * @param publishes whether a publish there is allowed
   * @param keySuffix what is added to the key; may be empty
   */
  public Begun begin(UUID destinationId, boolean publishes, String keySuffix)
      throws UnavailableException {
    if (!enter()) {
      return new Begun.Busy();
    }
    boolean begun = false;
    try {
      ProbeTarget target = targets.find(destinationId, publishes, keySuffix);
      if (target == null) {
        return new Begun.Unknown();
      }
      Place place = new Place();
      if (!relays.enterIfFree(destinationId, place)) {
        return new Begun.Live();
      }
      begun = true;
      return new Begun.Running(run(destinationId, target, place));
    } finally {
      if (!begun) {
        leave();
      }
    }
  }

  private UUID run(UUID destinationId, ProbeTarget target, Place place) {
    UUID id = UuidCreator.getTimeOrderedEpoch();
    AtomicReference<ProbeReport> report = new AtomicReference<>(new ProbeReport(false, List.of()));
    keep(id, report);
    place.ends(
        ConnectionTest.begin(
            loops.get(),
            dialer,
            target,
            now -> {
              report.set(now);
              if (now.over()) {
                relays.leave(destinationId, place);
                leave();
              }
            }));
    return id;
  }

  /** How far this test has come, or null where it is not known, or not any more. */
  public synchronized @Nullable ProbeReport find(UUID id) {
    AtomicReference<ProbeReport> report = kept.get(id);
    return report == null ? null : report.get();
  }

  private synchronized void keep(UUID id, AtomicReference<ProbeReport> report) {
    if (kept.size() == MOST_KEPT) {
      Iterator<UUID> oldest = kept.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    kept.put(id, report);
  }

  private synchronized boolean enter() {
    if (running == MOST_AT_ONCE) {
      return false;
    }
    running++;
    return true;
  }

  private synchronized void leave() {
    running--;
  }

  /** A test's place at a destination, which it leaves to whoever wants it. */
  private static final class Place implements Occupant {
    private @Nullable Consumer<String> end;
    private boolean wanted;

    @Override
    public synchronized void makeWay() {
      wanted = true;
      if (end != null) {
        end.accept("The test was ended, because the stream went live.");
      }
    }

    synchronized void ends(Consumer<String> how) {
      end = how;
      if (wanted) {
        makeWay();
      }
    }
  }
}
