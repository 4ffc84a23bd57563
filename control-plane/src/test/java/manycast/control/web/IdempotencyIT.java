package manycast.control.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import manycast.control.testing.ApiClient;
import manycast.control.testing.ApiClient.Answer;
import manycast.control.testing.TestControlPlane;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Writes repeated with their Idempotency-Key. */
class IdempotencyIT {
  private static final String BODY = "{\"name\": \"a\"}";

  private static TestControlPlane plane;

  @BeforeAll
  static void start() {
    plane = TestControlPlane.shared();
  }

  @Test
  void givesTheFirstAnswerAgain() {
    ApiClient owner = plane.newAccount();

    Answer first = owner.post("/streams", BODY, "k1").expect(201);
    Answer again = owner.post("/streams", BODY, "k1").expect(201);

    assertThat(first.header("Idempotent-Replay")).isNull();
    assertThat(again.header("Idempotent-Replay")).isEqualTo("true");
    assertThat(again.http().body()).isEqualTo(first.http().body());
    assertThat(again.header("Content-Type")).startsWith("application/json");
    assertThat(owner.get("/streams").json().required("items").size()).isEqualTo(1);
    String key = first.json().required("ingest").required("streamKey").stringValue();
    assertThat(
            plane.rows(
                "idempotency_key where position(convert_to('"
                    + key
                    + "', 'UTF8') in sealed_body) > 0"))
        .isZero();
  }

  @Test
  void givesARefusalAgain() {
    ApiClient owner = plane.newAccount();

    assertThat(owner.post("/streams", "{}", "k1").faultyFields()).containsExactly("name");
    Answer again = owner.post("/streams", "{}", "k1");

    assertThat(again.header("Idempotent-Replay")).isEqualTo("true");
    assertThat(again.faultyFields()).containsExactly("name");
  }

  @Test
  void refusesAnotherBodyAndAKeyOutOfBounds() {
    ApiClient owner = plane.newAccount();
    owner.post("/streams", BODY, "k1").expect(201);

    assertThat(owner.post("/streams", "{\"name\": \"b\"}", "k1").faultyFields())
        .containsExactly("Idempotency-Key");
    assertThat(owner.post("/streams", BODY, "k".repeat(256)).faultyFields())
        .containsExactly("Idempotency-Key");
    owner.post("/streams", BODY, "k".repeat(255)).expect(201);
  }

  @Test
  void keepsKeysApartByRouteAndByToken() {
    ApiClient owner = plane.newAccount();
    String id = owner.post("/streams", BODY, "k1").expect(201).text("id");

    Answer other = owner.post("/streams/" + id + "/destinations", BODY, "k1");
    Answer stranger = plane.newAccount().post("/streams", BODY, "k1").expect(201);

    assertThat(other.status()).isEqualTo(422);
    assertThat(other.header("Idempotent-Replay")).isNull();
    assertThat(stranger.header("Idempotent-Replay")).isNull();
  }

  @Test
  void refusesWhileTheFirstStillRuns() {
    ApiClient owner = plane.newAccount();
    owner.post("/streams", BODY, "k1").expect(201);
    plane.database().execute("update idempotency_key set status = null where " + of(owner));

    owner.post("/streams", BODY, "k1").expect(409);

    plane
        .database()
        .execute(
            "update idempotency_key set created_at = now() - interval '2 minutes' where "
                + of(owner));
    assertThat(owner.post("/streams", BODY, "k1").expect(201).header("Idempotent-Replay")).isNull();
  }

  @Test
  void forgetsAKeyAfterADay() {
    ApiClient owner = plane.newAccount();
    owner.post("/streams", BODY, "k1").expect(201);
    plane
        .database()
        .execute(
            "update idempotency_key set created_at = now() - interval '25 hours' where "
                + of(owner));

    assertThat(
            owner
                .post("/streams", "{\"name\": \"b\"}", "k1")
                .expect(201)
                .header("Idempotent-Replay"))
        .isNull();
  }

  @Test
  void answersAsTheApiDoesWhenTheDatabaseFailsOverTheKey() {
    ApiClient owner = plane.newAccount();
    plane
        .database()
        .execute(
            "create function refuse_key() returns trigger language plpgsql as $$ begin"
                + " if new.key = 'outage' then raise exception 'by the test' using errcode = '57P01'; end if;"
                + " if new.key = 'fault' then raise exception 'by the test'; end if; return new; end $$;"
                + " create trigger refuse_key before insert on idempotency_key"
                + " for each row execute function refuse_key()");
    try {
      assertProblem(owner.post("/streams", BODY, "outage").expect(503));
      assertProblem(owner.post("/streams", BODY, "fault").expect(500));
    } finally {
      plane
          .database()
          .execute("drop trigger refuse_key on idempotency_key; drop function refuse_key()");
    }

    assertThat(owner.get("/streams").json().required("items").isEmpty()).isTrue();
  }

  private static void assertProblem(Answer answer) {
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.json().required("status").intValue()).isEqualTo(answer.status());
  }

  @Test
  void doesItOnceHoweverManyAskAtOnce() throws Exception {
    ApiClient owner = plane.newAccount();
    String key = UUID.randomUUID().toString();
    Callable<Integer> ask = () -> owner.post("/streams", BODY, key).status();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(List.of(ask, ask, ask, ask, ask, ask))) {
        assertThat(answer.get()).isIn(201, 409);
      }
    }

    assertThat(owner.get("/streams").json().required("items").size()).isEqualTo(1);
  }

  private static String of(ApiClient owner) {
    return "token_id = (select id from api_token where token_hash = sha256('"
        + owner.token()
        + "'))";
  }
}
