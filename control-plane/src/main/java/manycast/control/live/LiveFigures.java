package manycast.control.live;

import java.util.Optional;
import java.util.UUID;
import manycast.control.events.EventHub.Watch;
import org.springframework.stereotype.Service;

/** What streams look like this second, for pages and the API. */
@Service
public class LiveFigures {
  /**
   * Is told that a stream's figures or rows have changed; called on threads of others, so it must
   * not block.
   */
  public interface Listener {
    void changed();
  }

  LiveFigures() {}

  /**
   * The stream's broadcast as it is known now, without waiting for its node; empty when nothing is
   * live. Throws {@code NotFoundException} when the stream is not the account's.
   */
  public Optional<LiveView> of(UUID accountId, UUID streamId) {
    return Optional.empty();
  }

  /**
   * Watches a stream: its node is asked once a second while anybody does, and the listener is told
   * after each answer and after each event of the stream. The caller has made sure whose the stream
   * is.
   */
  public Watch watch(UUID accountId, UUID streamId, Listener listener) {
    return () -> {};
  }
}
