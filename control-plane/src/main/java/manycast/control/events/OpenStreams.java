package manycast.control.events;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * How many event streams callers of the API have open: each holds buffers of the server, 50 kB and
 * more, until its caller goes.
 */
@Component
class OpenStreams {
  static final int OF_ACCOUNT = 50;
  static final int IN_ALL = 500;

  private final Map<UUID, Integer> byAccount = new HashMap<>();
  private int all;

  /** Ends the counting of one, once. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * One more of this account.
   *
   * @throws TooManyStreamsException there are as many as there may be
   */
  synchronized Place take(UUID accountId) {
    int before = byAccount.getOrDefault(accountId, 0);
    if (before >= OF_ACCOUNT) {
      throw new TooManyStreamsException(
          "This account has " + OF_ACCOUNT + " event streams open; close one first.");
    }
    if (all >= IN_ALL) {
      throw new TooManyStreamsException(
          "There are " + IN_ALL + " event streams open already; try again later.");
    }
    byAccount.put(accountId, before + 1);
    all++;
    return () -> give(accountId);
  }

  private synchronized void give(UUID accountId) {
    byAccount.computeIfPresent(accountId, (_, count) -> count > 1 ? count - 1 : null);
    all--;
  }
}
