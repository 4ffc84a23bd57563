package manycast.control.events;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * How many event streams callers of the API have open: each holds buffers of the server, 50 kB and
 * more. A caller that has gone is noticed only by what cannot be written to it, so a newcomer ends
 * the oldest stream of an account that has all of its own: whoever still reads that one resumes.
 */
@Component
class OpenStreams {
  static final int OF_ACCOUNT = 50;
  static final int IN_ALL = 500;

  private final Map<UUID, ArrayDeque<Place>> byAccount = new HashMap<>();
  private int all;

  /** What one stream takes, until it is closed. */
  final class Place implements AutoCloseable {
    private final UUID accountId;
    private volatile boolean taken;

    private Place(UUID accountId) {
      this.accountId = accountId;
    }

    /** Whether another stream has it now. */
    boolean isTaken() {
      return taken;
    }

    @Override
    public void close() {
      give(this);
    }
  }

  /**
   * One more of this account.
   *
   * @throws TooManyStreamsException there are as many as there may be in all
   */
  synchronized Place take(UUID accountId) {
    ArrayDeque<Place> own = byAccount.getOrDefault(accountId, new ArrayDeque<>());
    if (own.size() >= OF_ACCOUNT) {
      Place oldest = own.getFirst();
      oldest.taken = true;
      give(oldest);
    } else if (all >= IN_ALL) {
      throw new TooManyStreamsException(
          "There are " + IN_ALL + " event streams open already; try again later.");
    }
    Place place = new Place(accountId);
    byAccount.computeIfAbsent(accountId, _ -> new ArrayDeque<>()).addLast(place);
    all++;
    return place;
  }

  private synchronized void give(Place place) {
    ArrayDeque<Place> own = byAccount.get(place.accountId);
    if (own != null && own.remove(place)) {
      all--;
      if (own.isEmpty()) {
        byAccount.remove(place.accountId);
      }
    }
  }
}
