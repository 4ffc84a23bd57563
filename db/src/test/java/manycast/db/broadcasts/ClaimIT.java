package manycast.db.broadcasts;

import static java.util.Objects.requireNonNull;
import static manycast.db.broadcasts.Claims.claim;
import static manycast.db.broadcasts.Claims.claimAsAnOlderNode;
import static manycast.db.broadcasts.Claims.claimHaving;
import static manycast.db.broadcasts.Claims.end;
import static manycast.db.broadcasts.Claims.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import manycast.db.broadcasts.Claims.Claim;
import manycast.db.testing.Fixture;
import manycast.db.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClaimIT {
  private final TestDatabase database = TestDatabase.create();
  private final Fixture fixture = new Fixture(database);
  private final UUID stream = fixture.stream(fixture.account());
  private final String node = fixture.node("http://127.0.0.1:8083");
  private Connection media;

  ClaimIT() throws SQLException {
    media = database.media();
  }

  @BeforeEach
  void key() {
    fixture.streamKey(stream, "key");
  }

  @AfterEach
  void close() throws SQLException {
    media.close();
    database.close();
  }

  @Test
  void claimsAnIdleStreamAndTellsOfIt() throws SQLException {
    Claim claim = claim(media, "key", node);
    assertThat(claim.outcome()).isEqualTo("claimed");
    assertThat(claim.streamId()).isEqualTo(stream);
    assertThat(query(media, "select state from broadcast where id = ?", claim.broadcastId()))
        .isEqualTo("live");
    assertThat(
            query(
                media,
                "select type from event where broadcast_id = ? and node_id = ?",
                claim.broadcastId(),
                node))
        .isEqualTo("broadcast.started");
  }

  @Test
  void letsOneOfSixteenWin() throws Exception {
    String otherNode = fixture.node("http://127.0.0.1:8084");
    for (int round = 0; round < 5; round++) {
      List<Claim> claims = sixteenAtOnce(otherNode);
      assertThat(claims).filteredOn(claim -> claim.outcome().equals("claimed")).hasSize(1);
      assertThat(claims).filteredOn(claim -> claim.outcome().equals("in_use")).hasSize(15);
      assertThat(
              query(
                  media,
                  "select count(*) from broadcast where stream_id = ? and state <> 'ended'",
                  stream))
          .isEqualTo("1");
      Claim winner =
          claims.stream().filter(c -> c.outcome().equals("claimed")).findFirst().orElseThrow();
      assertThat(end(media, requireNonNull(winner.broadcastId()), winner.epoch(), "encoder"))
          .isTrue();
    }
  }

  private List<Claim> sixteenAtOnce(String otherNode) throws Exception {
    CyclicBarrier start = new CyclicBarrier(16);
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      List<Future<Claim>> futures = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        String claimant = i % 2 == 0 ? node : otherNode;
        Callable<Claim> task =
            () -> {
              try (Connection connection = database.media()) {
                start.await();
                return claim(connection, "key", claimant);
              }
            };
        futures.add(threads.submit(task));
      }
      List<Claim> claims = new ArrayList<>();
      for (Future<Claim> future : futures) {
        claims.add(future.get());
      }
      return claims;
    }
  }

  @Test
  void givesEveryBroadcastAHigherEpoch() throws SQLException {
    Claim first = claim(media, "key", node);
    assertThat(end(media, requireNonNull(first.broadcastId()), first.epoch(), "encoder")).isTrue();
    assertThat(claim(media, "key", node).epoch()).isGreaterThan(first.epoch());
  }

  @Test
  void knowsNoStreamByAnUnknownKeyAndKeepsNoRecordOfIt() throws SQLException {
    assertThat(claim(media, "guess", node).outcome()).isEqualTo("unknown_key");
    database.execute("update stream set deleted_at = now()");
    assertThat(claim(media, "key", node).outcome()).isEqualTo("unknown_key");
    assertThat(query(media, "select count(*) from event where type = 'publish.refused'"))
        .isEqualTo("0");
  }

  @Test
  void refusesARetiredKeyWhereItsStreamCanSeeIt() throws SQLException {
    database.execute("update stream_key set retired_at = now()");
    assertRefused("retired_key");
  }

  @Test
  void refusesADisabledStreamWhereItCanBeSeen() throws SQLException {
    database.execute("update stream set enabled = false");
    assertRefused("disabled");
  }

  @Test
  void refusesTheAddressThatWasStoppedUntilItMayAgain() throws SQLException {
    database.execute(
        "update stream set refused_address = '203.0.113.7', refused_until = now() + interval '1 hour'");
    assertRefused("stopped");
    Claim elsewhere = claim(media, "key", node, "203.0.113.8");
    assertThat(elsewhere.outcome()).isEqualTo("claimed");
    end(media, requireNonNull(elsewhere.broadcastId()), elsewhere.epoch(), "encoder");
    database.execute("update stream set refused_until = now() - interval '1 second'");
    assertThat(claim(media, "key", node).outcome()).isEqualTo("claimed");
  }

  private void assertRefused(String reason) throws SQLException {
    assertThat(claim(media, "key", node).outcome()).isEqualTo(reason);
    try (Connection control = database.control()) {
      assertThat(
              query(
                  control,
                  "select reason || ' ' || key_fingerprint from publish_refusal where stream_id = ?",
                  stream))
          .isEqualTo(reason + " 0badcafe");
      assertThat(
              query(
                  control,
                  "select data ->> 'reason' from event where type = 'publish.refused' and stream_id = ?",
                  stream))
          .isEqualTo(reason);
    }
  }

  @Test
  void keepsTheLastHundredRefusals() throws SQLException {
    database.execute("update stream set enabled = false");
    for (int i = 0; i < 103; i++) {
      claim(media, "key", node, "203.0.113." + i);
    }
    assertThat(refusals()).isEqualTo("100");
  }

  @Test
  void tellsOfARefusalOnceInTenSecondsForEachReasonAndAddress() throws SQLException {
    database.execute("update stream set enabled = false");
    for (int i = 0; i < 3; i++) {
      assertThat(claim(media, "key", node).outcome()).isEqualTo("disabled");
    }
    assertThat(refusals()).isEqualTo("1");
    claim(media, "key", node, "203.0.113.8");
    assertThat(refusals()).isEqualTo("2");
    database.execute("update stream_key set retired_at = now()");
    assertThat(claim(media, "key", node).outcome()).isEqualTo("retired_key");
    assertThat(refusals()).isEqualTo("3");
    database.execute("update publish_refusal set occurred_at = now() - interval '11 seconds'");
    claim(media, "key", node);
    assertThat(refusals()).isEqualTo("4");
    assertThat(query(media, "select count(*) from event where type = 'publish.refused'"))
        .isEqualTo("4");
  }

  private String refusals() throws SQLException {
    try (Connection control = database.control()) {
      return query(control, "select count(*) from publish_refusal");
    }
  }

  @Test
  void claimsNothingForANodeThatIsNotReady() throws SQLException {
    database.execute("update node set state = 'draining'");
    assertThat(claim(media, "key", node).outcome()).isEqualTo("node_not_ready");
    assertThat(claim(media, "key", "nobody").outcome()).isEqualTo("node_not_ready");
  }

  @Test
  void takesOverFromANodeWhoseHeartbeatsStopped() throws SQLException {
    Claim first = claim(media, "key", node);
    String survivor = silenceAllButASurvivor();
    fixture.serverIsUpForAnHour();
    Claim second = claim(media, "key", survivor);
    assertThat(second.outcome()).isEqualTo("claimed");
    assertThat(second.resumed()).isTrue();
    assertThat(second.broadcastId()).isEqualTo(first.broadcastId());
    assertThat(second.epoch()).isGreaterThan(first.epoch());
    assertThat(
            query(
                media,
                "select concat_ws(' ', state, node_id, interruptions, released, resume_until) from broadcast where id = ?",
                first.broadcastId()))
        .isEqualTo("live " + survivor + " 1 f");
  }

  @Test
  void givesANewBroadcastToANodeThatKnowsNoTakingOver() throws SQLException {
    Claim first = claim(media, "key", node);
    String survivor = silenceAllButASurvivor();
    fixture.serverIsUpForAnHour();
    Claim second = claimAsAnOlderNode(media, "key", survivor);
    assertThat(second.outcome()).isEqualTo("claimed");
    assertThat(second.broadcastId()).isNotEqualTo(first.broadcastId());
    assertThat(query(media, "select end_reason from broadcast where id = ?", first.broadcastId()))
        .isEqualTo("node_lost");
  }

  @Test
  void takesNothingOverWhereTheGraceIsNone() throws SQLException {
    database.execute("update stream set resume_grace_seconds = 0");
    Claim first = claim(media, "key", node);
    String survivor = silenceAllButASurvivor();
    fixture.serverIsUpForAnHour();
    assertThat(claim(media, "key", survivor).broadcastId()).isNotEqualTo(first.broadcastId());
    assertThat(query(media, "select end_reason from broadcast where id = ?", first.broadcastId()))
        .isEqualTo("node_lost");
  }

  @Test
  void concludesNothingWhenTheServerCameUpJustNow() throws SQLException {
    claim(media, "key", node);
    String survivor = silenceAllButASurvivor();
    fixture.serverCameUpJustNow();
    assertThat(claim(media, "key", survivor).outcome()).isEqualTo("in_use");
  }

  @Test
  void aNodeNeverTakesItsOwnBroadcastForLost() throws SQLException {
    claim(media, "key", node);
    fixture.serverIsUpForAnHour();
    database.execute(
        "update node set heartbeat_at = now() - interval '7 s', steady_since = now() - interval '1 h'");
    assertThat(claim(media, "key", node).outcome()).isEqualTo("in_use");
  }

  private String silenceAllButASurvivor() {
    String survivor = fixture.node("http://127.0.0.1:8084");
    database.execute(
        "update node set heartbeat_at = now() - interval '7 s' where id = '" + node + "'");
    database.execute(
        "update node set steady_since = now() - interval '1 min' where id = '" + survivor + "'");
    return survivor;
  }

  @Test
  void concludesNothingWhenTheClaimingNodeWasItselfCutOff() throws SQLException {
    claim(media, "key", node);
    String survivor = fixture.node("http://127.0.0.1:8084");
    fixture.serverIsUpForAnHour();
    database.execute(
        "update node set heartbeat_at = now() - interval '20 s', steady_since = now() - interval '1 h'");
    // The survivor's connection is back: its first heartbeat.
    try (var statement =
        media.prepareStatement("update node set heartbeat_at = now() where id = ?")) {
      statement.setString(1, survivor);
      statement.executeUpdate();
    }
    assertThat(query(media, "select steady_since = heartbeat_at from node where id = ?", survivor))
        .isEqualTo("t");
    assertThat(claim(media, "key", survivor).outcome()).isEqualTo("in_use");
  }

  @Test
  void namesTheOwnerToANodeThatCanAskItAndTellsNobodyOfARefusalYet() throws SQLException {
    Claim first = claim(media, "key", node);
    String other = fixture.node("http://127.0.0.1:8084");
    Claim second = claimHaving(media, "key", other, "nothing", 0);
    assertThat(second.outcome()).isEqualTo("owned");
    assertThat(second.owner()).isEqualTo(node);
    assertThat(second.epoch()).isEqualTo(first.epoch());
    assertThat(query(media, "select count(*) from event where type = 'publish.refused'"))
        .isEqualTo("0");
    assertThat(claimHaving(media, "key", other, "publishing", first.epoch()).outcome())
        .isEqualTo("in_use");
    assertThat(query(media, "select count(*) from event where type = 'publish.refused'"))
        .isEqualTo("1");
  }

  @Test
  void takesOverWhatItsOwnerHasLetGoOrIsGoneFrom() throws SQLException {
    String other = fixture.node("http://127.0.0.1:8084");
    Claim first = claim(media, "key", node);
    Claim second = claimHaving(media, "key", other, "released", first.epoch());
    Claim third = claimHaving(media, "key", node, "gone", second.epoch());
    for (Claim taken : List.of(second, third)) {
      assertThat(taken.outcome()).isEqualTo("claimed");
      assertThat(taken.resumed()).isTrue();
      assertThat(taken.broadcastId()).isEqualTo(first.broadcastId());
    }
    assertThat(third.epoch()).isGreaterThan(second.epoch()).isGreaterThan(first.epoch());
  }

  @Test
  void takesNothingByWhatWasHeardOfAnEarlierEpoch() throws SQLException {
    String other = fixture.node("http://127.0.0.1:8084");
    Claim first = claim(media, "key", node);
    assertThat(claimHaving(media, "key", other, "gone", first.epoch() - 1).outcome())
        .isEqualTo("owned");
  }

  @Test
  void takesWhatItsOwnerCannotBeAskedOfOnlyOnceItsHeartbeatsHaveStopped() throws SQLException {
    Claim first = claim(media, "key", node);
    fixture.serverIsUpForAnHour();
    String other = fixture.node("http://127.0.0.1:8085");
    assertThat(claimHaving(media, "key", other, "unreachable", first.epoch()).outcome())
        .isEqualTo("owned");
    String survivor = silenceAllButASurvivor();
    assertThat(claimHaving(media, "key", survivor, "nothing", first.epoch()).outcome())
        .isEqualTo("owned");
    assertThat(claimHaving(media, "key", survivor, "unreachable", first.epoch()).outcome())
        .isEqualTo("claimed");
  }

  @Test
  void knowsNoOtherWordOfAnOwner() {
    assertThatThrownBy(() -> claimHaving(media, "key", node, "asleep", 0))
        .hasMessageContaining("an owner is not heard of as asleep");
  }
}
