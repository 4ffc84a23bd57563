package manycast.control.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import manycast.control.broadcasts.RelayState;
import manycast.control.input.NotFoundException;
import manycast.control.testing.ApiClient;
import manycast.control.testing.TestControlPlane;
import manycast.control.testing.TestNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Samples as nodes wrote them, and the charts that are made of them. */
class SampleServiceIT {
  private final TestControlPlane plane = TestControlPlane.shared();
  private final SampleService samples = plane.part(SampleService.class);
  private TestNode node;
  private UUID account;
  private UUID broadcast;
  private String place;

  @BeforeEach
  void goLive() {
    ApiClient owner = plane.newAccount();
    node = new TestNode(plane.database());
    JsonNode stream = owner.post("/streams", "{\"name\": \"a\"}").expect(201).json();
    String id = stream.required("id").stringValue();
    place =
        owner
            .post(
                "/streams/" + id + "/destinations",
                "{\"name\": \"d\", \"platform\": \"custom\", \"url\": \"rtmp://x.example/app\","
                    + " \"streamKey\": \"k\"}")
            .expect(201)
            .text("id");
    broadcast = node.goLive(stream.required("ingest").required("streamKey").stringValue());
    account =
        UUID.fromString(
            plane.text("select account_id::text from broadcast where id = '" + broadcast + "'"));
  }

  @AfterEach
  void closeNode() {
    node.close();
  }

  @Test
  void drawsEachSubjectWithGapsWhereNothingWasMeasured() {
    node.began(broadcast, 120);
    for (int ago : List.of(20, 32, 80)) {
      node.sampleIngest(broadcast, ago, 1_000L * ago, "silent_ms = 7, frame_rate = 30");
      node.sampleDestination(
          broadcast, place, ago, "live", 500L * ago, "bytes_sent = 1, lag_ms = 40, rtt_ms = 3");
    }

    Chart chart = samples.whole(account, broadcast);

    assertThat(chart.stepSeconds()).isEqualTo(12);
    assertThat(chart.times()).hasSize(10).isSorted();
    assertThat(known(chart.ingest().bitrateBps())).containsExactly(80_000L, 32_000L, 20_000L);
    assertThat(chart.ingest().bitrateBps().subList(0, 3)).containsOnlyNulls();
    Chart.Destination line = chart.destinations().getFirst();
    assertThat(line.id()).hasToString(place);
    assertThat(known(line.bitrateBps())).containsExactly(40_000L, 16_000L, 10_000L);
    assertThat(known(line.rttMs())).containsOnly(3L);
  }

  @Test
  void drawsALongBroadcastInABoundedNumberOfPoints() {
    node.began(broadcast, 36_000);
    node.makePartitions();
    plane
        .database()
        .execute(
            """
            insert into sample (taken_at, broadcast_id, destination_id, node_id, state, bitrate_bps, frames, frames_missing, lag_ms)
              select now() - n * interval '10 seconds', '%s', place, '%s', 'live', 1000000, 0, 3600 - n,
                  case when n = 1800 then 7000 else 5 end
                from generate_series(1, 3599) n, (values (null::uuid), ('%s'::uuid)) as s(place)
            """
                .formatted(broadcast, node.id(), place));

    Chart chart = samples.whole(account, broadcast);

    assertThat(chart.times()).hasSizeBetween(290, SampleService.MOST_POINTS);
    assertThat(chart.stepSeconds()).isBetween(120, 121);
    assertThat(chart.ingest().bitrateBps()).doesNotContainNull().containsOnly(1_000_000L);
    Chart.Destination line = chart.destinations().getFirst();
    assertThat(known(line.lagMs())).as("the worst is not averaged away").contains(7_000L);
    assertThat(known(line.framesDropped()).stream().mapToLong(Long::longValue).sum())
        .isEqualTo(3_599);
  }

  @Test
  void takesNoSampleThatCameALittleLateForAGap() {
    node.began(broadcast, 600);
    plane
        .database()
        .execute(
            """
            insert into sample (taken_at, broadcast_id, node_id, state, bitrate_bps, frames, frames_missing)
              select b.started_at + n * interval '10 seconds' + (n %% 3 - 1) * interval '100 milliseconds', b.id, b.node_id,
                  'live', 1000000, 0, 0
                from broadcast b, generate_series(1, 59) n where b.id = '%s' and n not between 30 and 34
            """
                .formatted(broadcast));

    List<@Nullable Long> line = samples.whole(account, broadcast).ingest().bitrateBps();

    assertThat(line).hasSize(50);
    assertThat(line.subList(1, 24)).doesNotContainNull();
    assertThat(line.subList(25, 28)).as("fifty seconds without").containsOnlyNulls();
    assertThat(line.subList(30, 49)).doesNotContainNull();
  }

  @Test
  void tellsTheSamplesThemselvesAndTheLastRound() {
    node.sampleIngest(broadcast, 20, 10, "loop_busy = 0.25, loops_blocked = 1, memory_share = 0.5");
    node.sampleDestination(
        broadcast,
        place,
        20,
        "retrying",
        0,
        "bytes_sent = 5, behind = true, skips = 2, reconnects = 3, unsent_bytes = 9, retransmits = 4");
    node.sampleIngest(broadcast, 10, 11, "");

    Measured all = samples.of(account, broadcast, Instant.now().minusSeconds(60), Instant.now());
    assertThat(all.ingest()).extracting(IngestSample::bitrateBps).containsExactly(10L, 11L);
    assertThat(all.ingest().getFirst().loopBusy()).isEqualTo(0.25);
    assertThat(all.ingest().getLast().silentMs()).isNull();
    DestinationSample one = all.destinations().getFirst();
    assertThat(one.state()).isEqualTo(RelayState.RETRYING);
    assertThat(one.behind()).isTrue();
    assertThat(one.unsentBytes()).isEqualTo(9);
    assertThat(one.retransmits()).isEqualTo(4);
    assertThat(samples.latest(broadcast).ingest())
        .extracting(IngestSample::bitrateBps)
        .containsExactly(11L);
  }

  @Test
  void showsNothingOfSomebodyElsesBroadcast() {
    node.sampleIngest(broadcast, 1, 10, "");
    UUID other = UUID.randomUUID();

    assertThatThrownBy(() -> samples.whole(other, broadcast)).isInstanceOf(NotFoundException.class);
    assertThat(
            samples.of(other, broadcast, Instant.now().minusSeconds(60), Instant.now()).isEmpty())
        .isTrue();
  }

  private static List<Long> known(List<@Nullable Long> line) {
    return line.stream().flatMap(Stream::ofNullable).toList();
  }
}
