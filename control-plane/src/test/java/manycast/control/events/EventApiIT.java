package manycast.control.events;

import static java.net.http.HttpResponse.BodyHandlers.discarding;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import manycast.control.testing.ApiClient;
import manycast.control.testing.EventReaderClient;
import manycast.control.testing.EventReaderClient.Received;
import manycast.control.testing.Eventually;
import manycast.control.testing.TestControlPlane;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The account's events as they happen. */
class EventApiIT {
  private static TestControlPlane plane;

  @BeforeAll
  static void start() {
    plane = TestControlPlane.shared();
  }

  @Test
  void tellsWhatHappensInTheAccountAndNothingElse() {
    ApiClient owner = plane.newAccount();
    ApiClient stranger = plane.newAccount();
    newStream(owner);
    try (var events = new EventReaderClient(owner, null)) {
      newStream(stranger);
      String id = newStream(owner);

      Received told = events.await(1).getFirst();

      assertThat(told.type()).isEqualTo("stream.updated");
      assertThat(told.id()).matches("[0-9a-f]{16}-[0-9a-f]{16}");
      assertThat(told.data().required("id").stringValue()).isEqualTo(told.id());
      assertThat(told.data().required("type").stringValue()).isEqualTo("stream.updated");
      assertThat(told.data().propertyNames())
          .containsExactlyInAnyOrder("id", "type", "occurredAt", "accountId", "data");
      assertThat(told.data().required("data").required("streamId").stringValue()).isEqualTo(id);
      assertThat(events.received()).hasSize(1);
    }
  }

  @Test
  void answersOnlyTheHeadToWhoAsksForNoMore() throws Exception {
    ApiClient owner = plane.newAccount();
    int before = plane.part(EventHub.class).watchers();
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (int i = 0; i < OpenStreams.OF_ACCOUNT + 1; i++) {
        var answer = http.send(owner.request("/events").HEAD().build(), discarding());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
            .hasValue("text/event-stream;charset=UTF-8");
      }
    }
    Eventually.holds("nobody watches", () -> plane.part(EventHub.class).watchers() <= before);
  }

  @Test
  void oneStreamMoreThanAnAccountMayHaveEndsItsOldestWhichResumesWithoutLoss() {
    ApiClient owner = plane.newAccount();
    var open = new ArrayList<EventReaderClient>();
    try {
      for (int i = 0; i < OpenStreams.OF_ACCOUNT; i++) {
        open.add(new EventReaderClient(owner, null));
      }
      newStream(owner);
      String known = open.getFirst().await(1).getFirst().id();
      open.add(new EventReaderClient(owner, null));
      assertThat(open).allSatisfy(events -> assertThat(events.status()).isEqualTo(200));

      Eventually.holds("the oldest is ended", () -> open.getFirst().ended());
      assertThat(open.get(1).ended()).isFalse();
      String id = newStream(owner);
      try (var again = new EventReaderClient(owner, known)) {
        assertThat(
                again
                    .await(1)
                    .getFirst()
                    .data()
                    .required("data")
                    .required("streamId")
                    .stringValue())
            .isEqualTo(id);
      }
    } finally {
      open.forEach(EventReaderClient::close);
    }
  }

  @Test
  void resumesAfterTheLastEventWithoutLossAndWithoutDoubles() {
    ApiClient owner = plane.newAccount();
    var ids = new ArrayList<String>();
    List<Received> before;
    try (var events = new EventReaderClient(owner, null)) {
      ids.add(newStream(owner));
      ids.add(newStream(owner));
      before = List.copyOf(events.await(2));
    }
    for (int i = 0; i < 3; i++) {
      ids.add(newStream(owner));
    }

    try (var events = new EventReaderClient(owner, before.getLast().id())) {
      ids.add(newStream(owner));

      var all = new ArrayList<>(before);
      all.addAll(events.await(4));

      assertThat(
              all.stream()
                  .map(event -> event.data().required("data").required("streamId").stringValue()))
          .isEqualTo(ids);
      assertThat(all.stream().map(Received::id)).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void waitsForATransactionThatBeganEarlierAndEndsLater() throws Exception {
    ApiClient owner = plane.newAccount();
    String streamId = newStream(owner);
    try (var events = new EventReaderClient(owner, null);
        Connection slow = plane.database().owner();
        Statement statement = slow.createStatement()) {
      slow.setAutoCommit(false);
      statement.execute(
          "select emit_event('stream.updated', account_id, id, null, null, null, '{\"slow\": true}') from stream where id = '"
              + streamId
              + "'");
      newStream(owner);
      newStream(owner);
      slow.commit();

      events.await(3);

      assertThat(events.received().stream().map(Received::id)).isSorted().doesNotHaveDuplicates();
      assertThat(events.received().getFirst().data().required("data").has("slow")).isTrue();
    }
  }

  @Test
  void losesNothingWhenTheFeedIsCut() {
    ApiClient owner = plane.newAccount();
    try (var events = new EventReaderClient(owner, null)) {
      newStream(owner);
      events.await(1);
      for (int i = 0; i < 3; i++) {
        plane
            .database()
            .execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name ="
                    + " 'manycast control plane, events' and datname = current_database()");
        newStream(owner);
        newStream(owner);
      }

      events.await(7);

      assertThat(events.received()).hasSize(7);
      assertThat(events.received().stream().map(Received::id)).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void saysResetToWhoeverHasLostTheirPlace() {
    ApiClient owner = plane.newAccount();
    newStream(owner);
    for (String lost :
        List.of(
            "0000000000000000-0000000000000001",
            "7fffffffffffffff-0000000000000001",
            "what-is-this")) {
      try (var events = new EventReaderClient(owner, lost)) {
        newStream(owner);

        List<Received> told = events.await(2);

        assertThat(told.getFirst().type()).isEqualTo("reset");
        assertThat(told.get(1).type()).isEqualTo("stream.updated");
        assertThat(told).hasSize(2);
      }
    }
  }

  @Test
  void endsWithinSecondsOfTheTokensRevocation() {
    ApiClient owner = plane.newAccount();
    var token =
        owner
            .post("/tokens", "{\"name\": \"a\", \"scopes\": [\"events:read\"]}")
            .expect(201)
            .json();
    try (var events =
        new EventReaderClient(plane.as(token.required("token").stringValue()), null)) {
      newStream(owner);
      events.await(1);

      owner.delete("/tokens/" + token.required("id").stringValue()).expect(204);

      Eventually.within(Duration.ofSeconds(5), "the stream of events has ended", events::ended);
    }
  }

  @Test
  void keepsToItselfWhatIsNotForTheOutside() {
    ApiClient owner = plane.newAccount();
    String streamId = newStream(owner);
    try (var events = new EventReaderClient(owner, null);
        var asAdmin = new EventReaderClient(plane.admin(), null)) {
      plane
          .database()
          .execute(
              "select emit_event('destination.connecting', account_id, id, null, null, null, null) from stream where id = '"
                  + streamId
                  + "'; select emit_event('node.down', null, null, null, null, 'n1', null);"
                  + " select emit_event('node.updated', null, null, null, null, 'n1', null)");
      newStream(owner);

      events.await(1);
      asAdmin.await(1);

      assertThat(events.types()).containsExactly("stream.updated");
      assertThat(asAdmin.types()).containsExactly("node.down");
    }
  }

  @Test
  void needsTheScope() {
    ApiClient owner = plane.newAccount();
    String token =
        owner
            .post("/tokens", "{\"name\": \"a\", \"scopes\": [\"streams:read\"]}")
            .expect(201)
            .text("token");
    try (var events = new EventReaderClient(plane.as(token), null)) {
      assertThat(events.status()).isEqualTo(403);
    }
    try (var events = new EventReaderClient(plane.as("mc_" + UUID.randomUUID()), null)) {
      assertThat(events.status()).isEqualTo(401);
    }
  }

  private static String newStream(ApiClient owner) {
    return owner.post("/streams", "{\"name\": \"a\"}").expect(201).text("id");
  }
}
