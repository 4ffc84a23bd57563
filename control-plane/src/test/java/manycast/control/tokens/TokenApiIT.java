package manycast.control.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import manycast.control.testing.ApiClient;
import manycast.control.testing.ApiClient.Answer;
import manycast.control.testing.TestControlPlane;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Tokens by API, and what each scope opens. */
class TokenApiIT {
  private static TestControlPlane plane;

  @BeforeAll
  static void start() {
    plane = TestControlPlane.shared();
  }

  @Test
  void refusesCallsWithoutAKnownToken() {
    ApiClient.open(plane.url() + "/api/v1/streams").expect(401);
    Answer answer = plane.as("mc_unknown").get("/streams").expect(401);
    assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    plane.as(plane.newAccount().token().toUpperCase(Locale.ROOT)).get("/streams").expect(401);
  }

  @Test
  void showsATokensValueOnce() {
    ApiClient owner = plane.newAccount();

    JsonNode made = create(owner, "streams:read").expect(201).json();

    assertThat(made.required("token").stringValue()).startsWith("mc_");
    JsonNode listed =
        owner
            .get("/tokens")
            .expect(200)
            .json()
            .required("items")
            .valueStream()
            .filter(token -> token.required("id").equals(made.required("id")))
            .findFirst()
            .orElseThrow();
    assertThat(listed.has("token")).isFalse();
    assertThat(listed.required("scopes").get(0).stringValue()).isEqualTo("streams:read");
    // At its beginning: anywhere else the letters are in a hash now and then.
    assertThat(plane.rows("api_token where encode(token_hash, 'escape') like 'mc\\_%'")).isZero();
    assertThat(plane.rows("api_token where octet_length(token_hash) <> 32")).isZero();
  }

  @Test
  void opensOnlyWhatTheScopeSays() {
    ApiClient owner = plane.newAccount();
    JsonNode stream = owner.post("/streams", "{\"name\": \"a\"}").expect(201).json();
    String id = stream.required("id").stringValue();

    ApiClient reader = plane.as(create(owner, "streams:read").text("token"));
    JsonNode seen = reader.get("/streams/" + id).expect(200).json();
    assertThat(seen.required("ingest").has("streamKey")).isFalse();
    assertThat(
            reader
                .get("/streams")
                .json()
                .required("items")
                .get(0)
                .required("ingest")
                .has("streamKey"))
        .isFalse();
    reader.post("/streams", "{\"name\": \"b\"}").expect(403);
    reader.get("/events").expect(403);
    reader.get("/tokens").expect(403);
    reader.get("/nodes").expect(403);
    reader.post("/accounts", "{}").expect(403);

    ApiClient writer = plane.as(create(owner, "streams:write").text("token"));
    assertThat(
            writer
                .post("/streams/" + id + "/key/rotate")
                .expect(200)
                .json()
                .required("ingest")
                .has("streamKey"))
        .isFalse();
    writer.get("/streams").expect(403);
  }

  @Test
  void givesNoScopeThatTheMakerLacks() {
    ApiClient owner = plane.newAccount();

    assertThat(create(owner, "admin").faultyFields()).containsExactly("scopes");
    ApiClient maker = plane.as(create(owner, "tokens:write").text("token"));
    assertThat(create(maker, "streams:read").faultyFields()).containsExactly("scopes");
    assertThat(create(owner, "streams:everything").faultyFields()).contains("scopes");
    assertThat(owner.post("/tokens", "{\"name\": \"a\", \"scopes\": []}").faultyFields())
        .containsExactly("scopes");
    assertThat(owner.post("/tokens", "{\"name\": \"a\"}").faultyFields()).containsExactly("scopes");
    assertThat(
            owner
                .post(
                    "/tokens",
                    "{\"name\": \"a\", \"scopes\": [\"streams:read\"], \"expiresAt\": \"2020-01-01T00:00:00Z\"}")
                .faultyFields())
        .containsExactly("expiresAt");
    assertThat(
            owner
                .post(
                    "/tokens",
                    "{\"name\": \"a\", \"scopes\": [\"streams:read\"], \"expiresAt\": \"soon\"}")
                .faultyFields())
        .containsExactly("expiresAt");
  }

  @Test
  void neverExceedsItsMakersPresentRole() {
    ApiClient owner = plane.newAccount();
    ApiClient writer = plane.as(create(owner, "streams:write").text("token"));
    writer.post("/streams", "{\"name\": \"a\"}").expect(201);
    String account =
        owner.get("/tokens").json().required("items").get(0).required("id").stringValue();
    for (Map.Entry<String, Integer> role : Map.of("viewer", 403, "member", 201).entrySet()) {
      plane
          .database()
          .execute(
              "update membership set role = '%s' where account_id = (select account_id from api_token where id = '%s')"
                  .formatted(role.getKey(), account));

      writer.post("/streams", "{\"name\": \"a\"}").expect(role.getValue());
    }
  }

  @Test
  void endsATokenWhenItIsRevokedOrHasExpired() {
    ApiClient owner = plane.newAccount();
    JsonNode made = create(owner, "streams:read").expect(201).json();
    ApiClient reader = plane.as(made.required("token").stringValue());
    reader.get("/streams").expect(200);

    plane.newAccount().delete("/tokens/" + made.required("id").stringValue()).expect(404);
    owner.delete("/tokens/" + made.required("id").stringValue()).expect(204);
    reader.get("/streams").expect(401);
    owner.delete("/tokens/" + made.required("id").stringValue()).expect(404);
    owner.delete("/tokens/" + UUID.randomUUID()).expect(404);

    JsonNode expiring =
        owner
            .post(
                "/tokens",
                "{\"name\": \"a\", \"scopes\": [\"streams:read\"], \"expiresAt\": \"2999-01-01T00:00:00Z\"}")
            .expect(201)
            .json();
    ApiClient late = plane.as(expiring.required("token").stringValue());
    late.get("/streams").expect(200);
    plane
        .database()
        .execute(
            "update api_token set expires_at = now() where id = '"
                + expiring.required("id").stringValue()
                + "'");
    late.get("/streams").expect(401);
  }

  @Test
  void notesWhenATokenWasLastUsed() {
    ApiClient owner = plane.newAccount();
    owner.get("/streams").expect(200);

    assertThat(owner.get("/tokens").json().required("items").get(0).required("lastUsedAt").isNull())
        .isFalse();
  }

  private static Answer create(ApiClient maker, String scope) {
    return maker.post("/tokens", "{\"name\": \"a token\", \"scopes\": [\"" + scope + "\"]}");
  }
}
