package manycast.media.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import manycast.media.broadcast.BroadcastClaim;
import manycast.media.broadcast.EndReason;
import manycast.media.database.PendingWrites.Write;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class PendingWritesTest {
  private final PendingWrites pending = new PendingWrites();
  private final BroadcastClaim claim = Reports.claim();
  private final UUID one = UUID.randomUUID();
  private final UUID other = UUID.randomUUID();

  private Write.OfRelay figures(UUID destination, long bytes) {
    return new Write.OfRelay(Reports.live(claim, destination, bytes, null));
  }

  private Write.OfRelay event(UUID destination, long bytes, String event) {
    return new Write.OfRelay(Reports.live(claim, destination, bytes, event));
  }

  @Test
  void endsComeFirstThenEventsThenAllFiguresTogether() throws Exception {
    pending.add(figures(one, 1));
    pending.add(figures(other, 1));
    UUID third = UUID.randomUUID();
    pending.add(event(third, 1, "destination.live"));
    Write.End end = new Write.End(claim, EndReason.ENCODER);
    pending.add(end);

    assertThat(pending.take()).containsExactly(end);
    pending.done(List.of());
    assertThat(pending.take()).containsExactly(event(third, 1, "destination.live"));
    pending.done(List.of());
    assertThat(pending.take()).containsExactly(figures(one, 1), figures(other, 1));
    pending.done(List.of());
    assertThat(pending.awaitEmpty(0)).isTrue();
  }

  private Write.Life life(@Nullable Instant resumeUntil, String... events) {
    return new Write.Life(claim, resumeUntil, "rtmp", "127.0.0.1", "OBS", List.of(events));
  }

  @Test
  void ofABroadcastsLifeTheLatestStateIsWrittenWithAllItsEvents() throws Exception {
    Instant until = Instant.EPOCH;
    pending.add(life(until, "broadcast.interrupted"));
    List<Write> failing = pending.take();
    pending.add(life(null, "broadcast.resumed"));
    pending.add(life(until, "broadcast.interrupted"));
    pending.done(failing);

    assertThat(pending.take())
        .containsExactly(
            life(until, "broadcast.interrupted", "broadcast.resumed", "broadcast.interrupted"));
  }

  @Test
  void thatABroadcastIsLetGoOfIsWrittenBehindAllElse() throws Exception {
    Write.Release release = new Write.Release(claim);
    pending.add(release);
    pending.add(figures(one, 7));
    assertThat(pending.isEnding(claim.broadcastId())).isTrue();

    assertThat(pending.take()).containsExactly(figures(one, 7));
    pending.done(List.of());
    assertThat(pending.take()).containsExactly(release);
    assertThat(pending.isEnding(claim.broadcastId())).as("while it is written").isTrue();
    pending.done(List.of());
    assertThat(pending.isEnding(claim.broadcastId())).isFalse();
    assertThat(pending.awaitEmpty(0)).isTrue();
  }

  @Test
  void ofARelayOnlyTheLatestIsWrittenWithTheEventThatWaits() throws Exception {
    pending.add(figures(one, 1));
    pending.add(event(one, 2, "destination.behind"));
    pending.add(figures(one, 3));

    assertThat(pending.take()).containsExactly(event(one, 3, "destination.behind"));
    pending.done(List.of());
    assertThat(pending.awaitEmpty(0)).isTrue();
  }

  @Test
  void theEventOfAWriteThatFailsGoesOverToWhatCameMeanwhile() throws Exception {
    pending.add(event(one, 1, "destination.live"));
    List<Write> failing = pending.take();
    pending.add(figures(one, 2));
    pending.done(failing);

    assertThat(pending.take()).containsExactly(event(one, 2, "destination.live"));
  }

  @Test
  void aNewerEventReplacesTheOneWhoseWriteFails() throws Exception {
    pending.add(event(one, 1, "destination.live"));
    List<Write> failing = pending.take();
    pending.add(event(one, 2, "destination.behind"));
    pending.done(failing);

    assertThat(pending.take()).containsExactly(event(one, 2, "destination.behind"));
  }

  @Test
  void whatFailsIsTriedAgainBeforeAllElseInItsOrder() throws Exception {
    pending.add(event(one, 1, "destination.live"));
    pending.add(event(other, 1, "destination.live"));
    List<Write> failing = pending.take();
    UUID third = UUID.randomUUID();
    pending.add(event(third, 1, "destination.live"));
    pending.done(failing);

    assertThat(pending.take())
        .containsExactly(
            event(one, 1, "destination.live"),
            event(other, 1, "destination.live"),
            event(third, 1, "destination.live"));
  }

  @Test
  void theFirstEndCountsWhileItWaitsAndWhileItIsWritten() throws Exception {
    Write.End stopped = new Write.End(claim, EndReason.STOPPED);
    Write.End orphaned = new Write.End(claim, EndReason.ENCODER_LOST);
    pending.add(stopped);
    pending.add(orphaned);
    List<Write> inFlight = pending.take();
    assertThat(inFlight).containsExactly(stopped);
    assertThat(pending.isEnding(claim.broadcastId())).isTrue();
    pending.add(orphaned);
    pending.done(inFlight);

    assertThat(pending.take()).containsExactly(stopped);
    pending.done(List.of());
    assertThat(pending.isEnding(claim.broadcastId())).isFalse();
    assertThat(pending.awaitEmpty(0)).isTrue();
  }

  @Test
  void onceClosedNothingIsTaken() throws Exception {
    pending.add(figures(one, 1));
    pending.close();

    assertThat(pending.take()).isEmpty();
  }
}
