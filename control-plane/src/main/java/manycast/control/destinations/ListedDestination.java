package manycast.control.destinations;

import java.util.UUID;
import manycast.control.broadcasts.Relay;
import manycast.control.broadcasts.RelayState;
import manycast.control.broadcasts.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A destination in the list of all that an account has.
 *
 * @param streamEnabled whether its stream takes encoders at all
 * @param behind whether it lags or skips at present
 * @param verdict what is wrong with it, while it is in trouble
 */
public record ListedDestination(
    DestinationView view,
    UUID streamId,
    String streamName,
    boolean streamEnabled,
    boolean behind,
    @Nullable Verdict verdict) {

  static ListedDestination of(
      Destination destination, String streamName, boolean streamEnabled, @Nullable Relay relay) {
    DestinationView view = DestinationView.of(destination, relay);
    RelayState state = view.state();
    boolean trouble = state == RelayState.RETRYING || state == RelayState.FAILED;
    return new ListedDestination(
        view,
        destination.streamId(),
        streamName,
        streamEnabled,
        relay != null && relay.behind() && state == RelayState.LIVE,
        trouble && relay != null
            ? Verdict.of(state, relay.lastError(), relay.lastErrorCode(), relay.nextRetryAt())
            : null);
  }
}
