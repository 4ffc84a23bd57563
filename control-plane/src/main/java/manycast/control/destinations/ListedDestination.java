package manycast.control.destinations;

import java.time.Instant;
import java.util.UUID;
import manycast.control.broadcasts.Relay;
import manycast.control.broadcasts.RelayState;
import org.jspecify.annotations.Nullable;

/**
 * A destination in the list of all that an account has.
 *
 * @param streamEnabled whether its stream takes encoders at all
 * @param behind whether it lags or skips at present
 * @param error what is wrong with it, while it is in trouble
 * @param nextRetryAt when it is tried again, while it waits for that
 */
public record ListedDestination(
    DestinationView view,
    UUID streamId,
    String streamName,
    boolean streamEnabled,
    boolean behind,
    @Nullable String error,
    @Nullable Instant nextRetryAt) {

  static ListedDestination of(
      Destination destination, String streamName, boolean streamEnabled, @Nullable Relay relay) {
    DestinationView view = DestinationView.of(destination, relay);
    boolean trouble = view.state() == RelayState.RETRYING || view.state() == RelayState.FAILED;
    return new ListedDestination(
        view,
        destination.streamId(),
        streamName,
        streamEnabled,
        relay != null && relay.behind() && view.state() == RelayState.LIVE,
        trouble && relay != null ? relay.lastError() : null,
        trouble && relay != null ? relay.nextRetryAt() : null);
  }
}
