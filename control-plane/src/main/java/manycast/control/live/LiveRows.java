package manycast.control.live;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import manycast.control.broadcasts.Broadcast;
import manycast.control.broadcasts.Relay;
import manycast.control.broadcasts.RelayState;
import manycast.control.destinations.DestinationView;
import manycast.control.nodes.NodeAnswer;
import org.jspecify.annotations.Nullable;

/**
 * What the database says of a live stream, and how its node's answer is laid over that.
 *
 * @param lastSent when the last broadcast before this one began that was sent to a destination, of
 *     those where it matters
 */
record LiveRows(
    Broadcast broadcast,
    List<DestinationView> configured,
    Map<UUID, Relay> relays,
    Map<UUID, Instant> lastSent) {

  /** With the node's figures; empty when the answer does not tell of this broadcast. */
  Optional<LiveView> with(
      NodeAnswer answer, boolean stale, LiveView.@Nullable Preview preview, SettingsAdvice advice) {
    return answer.broadcasts().stream()
        .filter(told -> told.broadcastId().equals(broadcast.id()))
        .findFirst()
        .map(told -> view(told, answer.asOf(), stale, preview, advice));
  }

  /**
   * From the rows alone: the node has not been heard on this broadcast, so there are no figures of
   * this second.
   */
  LiveView alone(LiveView.@Nullable Preview preview) {
    Instant asOf =
        relays.values().stream()
            .filter(relay -> relay.broadcastId().equals(broadcast.id()))
            .map(Relay::updatedAt)
            .max(Instant::compareTo)
            .orElse(broadcast.startedAt());
    return new LiveView(
        broadcast.id(),
        broadcast.state(),
        broadcast.startedAt(),
        broadcast.resumeUntil(),
        broadcast.nodeId(),
        asOf,
        true,
        ingest(null),
        configured.stream().map(this::ofRow).toList(),
        preview);
  }

  private LiveView view(
      NodeAnswer.Broadcast told,
      Instant asOf,
      boolean stale,
      LiveView.@Nullable Preview preview,
      SettingsAdvice advice) {
    var byId = new HashMap<UUID, NodeAnswer.Destination>();
    for (NodeAnswer.Destination destination :
        Objects.requireNonNullElse(told.destinations(), List.<NodeAnswer.Destination>of())) {
      byId.put(destination.id(), destination);
    }
    List<LiveView.Destination> destinations =
        configured.stream()
            .map(
                destination -> {
                  NodeAnswer.Destination figures = byId.get(destination.id());
                  return figures == null ? ofRow(destination) : ofNode(destination, figures);
                })
            .toList();
    LiveView.Ingest ingest = ingest(told.ingest());
    // What the node warns of, and then what the rules say of its figures.
    var warnings = new ArrayList<LiveView.Warning>(ingest.warnings());
    warnings.addAll(advice.of(this, ingest, destinations));
    return new LiveView(
        broadcast.id(),
        broadcast.state(),
        broadcast.startedAt(),
        broadcast.resumeUntil(),
        broadcast.nodeId(),
        asOf,
        stale,
        ingest.with(List.copyOf(warnings)),
        destinations,
        preview);
  }

  private LiveView.Ingest ingest(NodeAnswer.@Nullable Ingest told) {
    if (told == null) {
      return new LiveView.Ingest(
          broadcast.protocol(),
          broadcast.remoteAddress().getHostAddress(),
          broadcast.encoder(),
          broadcast.videoCodec(),
          broadcast.width(),
          broadcast.height(),
          broadcast.frameRate() == null ? null : (double) broadcast.frameRate(),
          null,
          broadcast.audioCodec(),
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          List.of(),
          List.of());
    }
    return new LiveView.Ingest(
        Objects.requireNonNullElse(told.protocol(), broadcast.protocol()),
        Objects.requireNonNullElse(
            told.remoteAddress(), broadcast.remoteAddress().getHostAddress()),
        told.encoder(),
        told.videoCodec(),
        told.width(),
        told.height(),
        told.frameRate(),
        told.keyframeIntervalMs(),
        told.audioCodec(),
        told.bitrateBps(),
        told.uptimeMs(),
        told.silentMs(),
        told.audioAheadMs(),
        told.audioDriftMs(),
        told.leadMs(),
        told.pace(),
        told.timestampCorrections(),
        told.droppedMessages(),
        Objects.requireNonNullElse(told.tracks(), List.<NodeAnswer.Track>of()).stream()
            .map(LiveRows::track)
            .toList(),
        Objects.requireNonNullElse(told.warnings(), List.<NodeAnswer.Warning>of()).stream()
            .map(warning -> new LiveView.Warning(warning.code(), warning.text()))
            .toList());
  }

  private static LiveView.Track track(NodeAnswer.Track told) {
    NodeAnswer.KeyframeInterval keyframes = told.keyframeInterval();
    NodeAnswer.BitrateSwing swing = told.bitrateSwing();
    return new LiveView.Track(
        told.kind(),
        told.number(),
        told.codec(),
        told.profile(),
        told.level(),
        told.width(),
        told.height(),
        told.bitDepth(),
        told.frameRate(),
        told.measuredFrameRate(),
        keyframes == null
            ? null
            : new LiveView.KeyframeInterval(
                keyframes.lastMs(), keyframes.meanMs(), keyframes.longestMs()),
        told.sinceKeyframeMs(),
        told.reorderedPictures(),
        told.sampleRate(),
        told.channels(),
        told.bitrateBps(),
        told.meanBitrateBps(),
        told.usualBitrateBps(),
        swing == null ? null : new LiveView.BitrateSwing(swing.peakBps(), swing.meanBps()),
        told.jitterMs(),
        told.frames(),
        told.missingFrames(),
        told.missingShare());
  }

  private static LiveView.Destination ofNode(
      DestinationView destination, NodeAnswer.Destination figures) {
    return new LiveView.Destination(
        destination.id(),
        destination.name(),
        RelayState.of(figures.state()),
        figures.behind(),
        figures.bitrateBps(),
        figures.bytesSent(),
        figures.framesSent(),
        figures.framesDropped(),
        figures.skips(),
        figures.reconnects(),
        figures.lagMs(),
        figures.rttMs(),
        figures.retransmits(),
        figures.unsentBytes(),
        figures.fittingBitrateBps(),
        Objects.requireNonNullElse(figures.delayMs(), destination.delayMs()),
        figures.lastError(),
        figures.lastErrorCode(),
        figures.permanent(),
        figures.nextRetryAt());
  }

  private LiveView.Destination ofRow(DestinationView destination) {
    Relay relay = relays.get(destination.id());
    // One that still drains the last broadcast has counted for that one.
    if (relay == null || !relay.broadcastId().equals(broadcast.id())) {
      return new LiveView.Destination(
          destination.id(),
          destination.name(),
          destination.state(),
          false,
          null,
          0,
          0,
          0,
          0,
          0,
          null,
          null,
          null,
          null,
          null,
          destination.delayMs(),
          null,
          null,
          false,
          null);
    }
    return new LiveView.Destination(
        destination.id(),
        destination.name(),
        destination.state(),
        relay.behind(),
        null,
        relay.bytesSent(),
        relay.framesSent(),
        relay.framesDropped(),
        relay.skips(),
        relay.reconnects(),
        null,
        null,
        null,
        null,
        null,
        destination.delayMs(),
        relay.lastError(),
        relay.lastErrorCode(),
        relay.permanent(),
        relay.nextRetryAt());
  }
}
