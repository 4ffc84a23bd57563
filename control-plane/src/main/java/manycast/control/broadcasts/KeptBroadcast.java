package manycast.control.broadcasts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A broadcast as the history keeps it; stream and destinations are named as they were, whatever has
 * become of them.
 *
 * @param encoder as it named itself
 * @param places what each destination got, in the order of {@link BroadcastView#destinations}
 */
public record KeptBroadcast(
    BroadcastView view,
    String streamName,
    String protocol,
    @Nullable String encoder,
    @Nullable String videoCodec,
    @Nullable Integer width,
    @Nullable Integer height,
    @Nullable Float frameRate,
    @Nullable String audioCodec,
    List<Place> places) {

  /**
   * What one destination got, with what only the history tells of it.
   *
   * @param share how much that was of what it was to get; null where that is not known
   * @param lastError what was wrong with it last, however that ended; null when nothing ever was
   */
  public record Place(
      BroadcastView.Totals totals,
      int skips,
      @Nullable DeliveredShare share,
      @Nullable String lastError) {
    static Place of(Relay relay) {
      return new Place(
          BroadcastView.Totals.of(relay),
          relay.skips(),
          DeliveredShare.of(relay),
          relay.lastError());
    }
  }

  static KeptBroadcast of(Broadcast broadcast, List<Relay> relays) {
    return new KeptBroadcast(
        BroadcastView.of(broadcast, relays),
        broadcast.streamName(),
        broadcast.protocol(),
        broadcast.encoder(),
        broadcast.videoCodec(),
        broadcast.width(),
        broadcast.height(),
        broadcast.frameRate(),
        broadcast.audioCodec(),
        relays.stream().map(Place::of).toList());
  }
}
