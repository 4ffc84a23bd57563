package manycast.control.incidents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import manycast.control.events.RecentEvents;
import manycast.control.input.NotFoundException;
import manycast.control.samples.Measured;
import manycast.control.samples.SampleService;
import manycast.control.testing.ApiClient;
import manycast.control.testing.TestControlPlane;
import manycast.control.testing.TestNode;
import manycast.db.failures.FailureReason;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Incidents out of the events and samples that are really in the database. */
class IncidentServiceIT {
  private final TestControlPlane plane = TestControlPlane.shared();
  private final IncidentService incidents = plane.part(IncidentService.class);

  @Test
  void namesWhoIsToBlameFromEventsAndSamplesAndShowsThemToTheirOwnerAlone() {
    ApiClient owner = plane.newAccount();
    try (var node = new TestNode(plane.database())) {
      JsonNode stream = streamOf(owner);
      String id = stream.required("id").stringValue();
      String place =
          owner
              .post(
                  "/streams/" + id + "/destinations",
                  "{\"name\": \"Main\", \"platform\": \"twitch\", \"url\": \"rtmp://x.example/app\","
                      + " \"streamKey\": \"k\"}")
              .expect(201)
              .text("id");
      UUID broadcast = goLive(node, stream);
      UUID account = accountOf(broadcast);
      node.began(broadcast, 120);
      node.relay(broadcast, place, "failed", 0);
      for (int ago = 110; ago > 40; ago -= 10) {
        node.sampleIngest(broadcast, ago, 6_000_000, "silent_ms = 5, frame_rate = 30");
      }
      for (int ago = 40; ago > 10; ago -= 10) {
        node.sampleIngest(broadcast, ago, 2_000_000, "silent_ms = 5, frame_rate = 12");
      }
      node.sampleIngest(broadcast, 10, 6_000_000, "silent_ms = 5, frame_rate = 30");
      plane
          .database()
          .execute(
              """
              select emit_event('destination.failed', '%s', '%s', '%s', '%s', null,
                  '{"lastErrorCode": "bad_key", "lastError": "No. It said: NetStream.Publish.BadName", "permanent": true}');
              select release_broadcast(id, epoch, 'node_lost') from broadcast where id = '%s'
              """
                  .formatted(account, id, broadcast, place, broadcast));

      List<Incident> told = incidents.of(account, broadcast);

      assertThat(told)
          .extracting(Incident::hop)
          .containsExactly(Hop.UPLINK, Hop.PLATFORM, Hop.NODE);
      assertThat(told.get(1).destinationId()).hasToString(place);
      assertThat(told.get(1).sentence()).startsWith("as it was: The server did not accept");
      assertThat(told.get(1).evidence()).contains("it said: “NetStream.Publish.BadName”");
      assertThat(told.getLast().end()).as("it lasts").isNull();
      assertThatThrownBy(() -> incidents.of(UUID.randomUUID(), broadcast))
          .isInstanceOf(NotFoundException.class);
    }
  }

  @Test
  void tellsOfAnInterruptionHoweverOftenADestinationWasTriedAgainAfterIt() {
    ApiClient owner = plane.newAccount();
    try (var node = new TestNode(plane.database())) {
      JsonNode stream = streamOf(owner);
      UUID broadcast = goLive(node, stream);
      UUID account = accountOf(broadcast);
      UUID place = UUID.randomUUID();
      plane
          .database()
          .execute(
              """
              do $$
              declare b broadcast;
              begin
                select * into b from broadcast where id = '%1$s';
                perform emit_event('broadcast.interrupted', b.account_id, b.stream_id, b.id, null, null, null);
                perform emit_event('broadcast.resumed', b.account_id, b.stream_id, b.id, null, null, null);
                for n in 1..2100 loop
                  perform emit_event('destination.connecting', b.account_id, b.stream_id, b.id, '%2$s', null, null);
                  perform emit_event('destination.retrying', b.account_id, b.stream_id, b.id, '%2$s', null,
                    jsonb_build_object('lastErrorCode', case when n < 2100 then 'refused' else 'reset' end));
                end loop;
                perform emit_event('destination.live', b.account_id, b.stream_id, b.id, '%2$s', null, null);
              end $$
              """
                  .formatted(broadcast, place));

      List<Incident> told = incidents.of(account, broadcast);
      List<RecentEvents.Told> fewest =
          plane
              .part(RecentEvents.class)
              .ofBroadcast(
                  account, UUID.fromString(stream.required("id").stringValue()), broadcast, 2);

      assertThat(told).extracting(Incident::hop).containsExactly(Hop.ENCODER, Hop.ROUTE);
      assertThat(told).extracting(Incident::end).doesNotContainNull();
      assertThat(told.getLast().sentence()).endsWith(FailureReason.RESET.sentence());
      assertThat(told.getLast().evidence()).contains("2100 failures in a row");
      assertThat(fewest)
          .extracting(one -> one.line().type(), RecentEvents.Told::times)
          .containsExactly(
              tuple("broadcast.interrupted", 1),
              tuple("broadcast.resumed", 1),
              tuple("destination.retrying", 2_099),
              tuple("destination.live", 1));
    }
  }

  /**
   * Twenty hours over a line that is always uneven, in the first of which the encoder did not keep
   * up for a minute and the line was worse for half a minute; all other samples say that all is
   * well.
   */
  @Test
  void tellsWhatWentWrongAtTheBeginningOfALongBroadcastFromAFewOfItsSamples() {
    ApiClient owner = plane.newAccount();
    try (var node = new TestNode(plane.database())) {
      JsonNode stream = streamOf(owner);
      UUID broadcast = goLive(node, stream);
      UUID account = accountOf(broadcast);
      node.began(broadcast, 72_000);
      node.makePartitions();
      plane
          .database()
          .execute(
              """
              insert into sample (taken_at, broadcast_id, node_id, state, bitrate_bps, frames, frames_missing, silent_ms,
                  frame_rate, jitter_ms)
                select b.started_at + n * interval '10 seconds', b.id, b.node_id, 'live', 6000000, n * 300,
                    case when n < 183 then 0 else 1200 end, 5, case when n between 180 and 185 then 12 else 30 end,
                    case when n between 303 and 305 then 700 else 120 end
                  from broadcast b, generate_series(1, 7199) n where b.id = '%s'
              """
                  .formatted(broadcast));
      Instant began =
          Instant.parse(
              plane.text(
                  "select to_char(started_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.USZ') from broadcast where id = '"
                      + broadcast
                      + "'"));

      Measured looked =
          plane
              .part(SampleService.class)
              .ofWhole(
                  account,
                  broadcast,
                  began,
                  began.plusSeconds(72_000),
                  List.of(began.plusSeconds(50_015)),
                  IncidentRules.ODD);
      List<Incident> told = incidents.of(account, broadcast);

      assertThat(looked.ingest()).hasSizeBetween(3_600, 3_630);
      assertThat(looked.ingest())
          .extracting(sample -> Duration.between(began, sample.at()).toSeconds())
          .as("all around trouble, and around a moment that was asked for")
          .contains(1_770L, 1_780L, 1_790L, 1_800L, 1_850L, 1_860L, 1_870L, 1_880L)
          .contains(49_990L, 50_000L, 50_010L, 50_020L, 50_030L, 50_040L);
      assertThat(told).extracting(Incident::hop).containsExactly(Hop.ENCODER, Hop.UPLINK);
      assertThat(Duration.between(began, told.getFirst().start())).hasSeconds(1_800);
      assertThat(told.getFirst().end()).isEqualTo(began.plusSeconds(1_860));
      assertThat(told.getFirst().evidence())
          .contains("12.0 pictures a second, usually 30.0", "1,200 frames missing");
      assertThat(told.getLast().start()).isEqualTo(began.plusSeconds(3_030));
      assertThat(told.getLast().end()).isEqualTo(began.plusSeconds(3_060));
      assertThat(told.getLast().evidence()).contains("jitter up to 700 ms");
    }
  }

  private static JsonNode streamOf(ApiClient owner) {
    return owner.post("/streams", "{\"name\": \"a\"}").expect(201).json();
  }

  private static UUID goLive(TestNode node, JsonNode stream) {
    return node.goLive(stream.required("ingest").required("streamKey").stringValue());
  }

  private UUID accountOf(UUID broadcast) {
    return UUID.fromString(
        plane.text("select account_id::text from broadcast where id = '" + broadcast + "'"));
  }
}
