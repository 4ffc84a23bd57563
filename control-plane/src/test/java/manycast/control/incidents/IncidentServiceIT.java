package manycast.control.incidents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;
import manycast.control.input.NotFoundException;
import manycast.control.testing.ApiClient;
import manycast.control.testing.TestControlPlane;
import manycast.control.testing.TestNode;
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
      JsonNode stream = owner.post("/streams", "{\"name\": \"a\"}").expect(201).json();
      String id = stream.required("id").stringValue();
      String place =
          owner
              .post(
                  "/streams/" + id + "/destinations",
                  "{\"name\": \"Main\", \"platform\": \"twitch\", \"url\": \"rtmp://x.example/app\","
                      + " \"streamKey\": \"k\"}")
              .expect(201)
              .text("id");
      UUID broadcast = node.goLive(stream.required("ingest").required("streamKey").stringValue());
      UUID account =
          UUID.fromString(
              plane.text("select account_id::text from broadcast where id = '" + broadcast + "'"));
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
      assertThat(told.get(1).evidence()).contains("it said: NetStream.Publish.BadName");
      assertThat(told.getLast().end()).as("it lasts").isNull();
      assertThatThrownBy(() -> incidents.of(UUID.randomUUID(), broadcast))
          .isInstanceOf(NotFoundException.class);
    }
  }
}
