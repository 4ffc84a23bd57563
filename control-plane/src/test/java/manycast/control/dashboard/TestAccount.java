package manycast.control.dashboard;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.Map;
import java.util.UUID;
import manycast.control.accounts.AccountService;
import manycast.control.accounts.Member;
import manycast.control.accounts.NewAccount;
import manycast.control.destinations.DestinationService;
import manycast.control.destinations.NewDestination;
import manycast.control.streams.NewStream;
import manycast.control.streams.StreamService;
import manycast.control.testing.TestControlPlane;

/** A fresh account with its owner, and what media nodes would write about its streams. */
public final class TestAccount {
  public static final String PASSWORD = "correct horse battery";

  private final TestControlPlane plane;
  private final Member owner;

  private TestAccount(TestControlPlane plane, Member owner) {
    this.plane = plane;
    this.owner = owner;
  }

  public static TestAccount create(TestControlPlane plane) {
    String email = UUID.randomUUID() + "@example.com";
    AccountService accounts = plane.part(AccountService.class);
    return new TestAccount(
        plane, accounts.create(new NewAccount("The account", email, PASSWORD), false));
  }

  public UUID id() {
    return owner.accountId();
  }

  public UUID ownerId() {
    return owner.userId();
  }

  public String email() {
    return owner.email();
  }

  /** A browser in which the owner has signed in. */
  public Browser browser() {
    var browser = new Browser(plane.url());
    Browser.Page answer =
        browser.get("/sign-in").submit("/sign-in", Map.of("email", email(), "password", PASSWORD));
    if (answer.status() != 303) {
      throw new IllegalStateException("sign-in answered " + answer.status() + " " + answer.body());
    }
    return browser;
  }

  /** From now on the owner only looks. */
  public void becomeViewer() {
    plane
        .database()
        .execute("update membership set role = 'viewer' where user_id = '" + ownerId() + "'");
  }

  /** From now on the owner only looks, and at another account: what was its own is nobody's. */
  public void becomeViewerOf(TestAccount other) {
    becomeViewer();
    plane
        .database()
        .execute(
            "update membership set account_id = '%s' where user_id = '%s'"
                .formatted(other.id(), ownerId()));
  }

  public UUID stream(String name) {
    return plane.part(StreamService.class).create(owner.actor(), new NewStream(name)).id();
  }

  public String streamKey(UUID streamId) {
    return String.valueOf(plane.part(StreamService.class).get(id(), streamId).ingest().streamKey());
  }

  public UUID destination(UUID streamId, String name) {
    var wanted =
        new NewDestination(
            name,
            "twitch",
            "rtmp://live.example.com/app",
            "secret-" + UUID.randomUUID(),
            true,
            0,
            null);
    return plane.part(DestinationService.class).create(owner.actor(), streamId, wanted).id();
  }

  /** The stream goes live, on a node of its own that nobody can ask. */
  public UUID goLive(UUID streamId) {
    String node = UUID.randomUUID().toString().replace("-", "");
    UUID id = UuidCreator.getTimeOrderedEpoch();
    plane
        .database()
        .execute(
            """
            insert into node (id, url, rtmp_url, version, state)
              values ('%1$s', 'http://127.0.0.1:1/%1$s', 'rtmp://localhost:1935/live', 'test', 'ready');
            insert into broadcast (id, account_id, stream_id, stream_name, epoch, node_id, state, key_id, protocol,
                remote_address, encoder, video_codec, width, height, frame_rate, audio_codec)
              values ('%2$s', '%3$s', '%4$s', 'The stream', nextval('broadcast_epoch'), '%1$s', 'live', gen_random_uuid(),
                'rtmp', '203.0.113.7', 'OBS 31.0.2', 'h264', 1920, 1080, 60, 'aac');
            insert into event (type, account_id, stream_id, broadcast_id, node_id)
              values ('broadcast.started', '%3$s', '%4$s', '%2$s', '%1$s')
            """
                .formatted(node, id, id(), streamId));
    return id;
  }

  /** A broadcast that was, two hours ago and for an hour, with what the destination got of it. */
  public UUID goLiveAndEnd(UUID streamId, UUID destinationId) {
    UUID id = goLive(streamId);
    relay(
        streamId,
        id,
        destinationId,
        "ended",
        "bytes_sent = 2700000000",
        "frames_sent = 384000",
        "frames_dropped = 240",
        "frames_due = 384300",
        "skips = 2",
        "reconnects = 1");
    plane
        .database()
        .execute(
            """
            update broadcast set state = 'ended', started_at = now() - interval '2 hours', interruptions = 1,
                ended_at = now() - interval '1 hour', end_reason = 'encoder' where id = '%1$s';
            insert into event (type, account_id, stream_id, broadcast_id, data)
              values ('broadcast.ended', '%2$s', '%3$s', '%1$s', '{"endReason": "encoder"}')
            """
                .formatted(id, id(), streamId));
    return id;
  }

  /**
   * What a node measures of a broadcast that lasted an hour: its encoder was away for five minutes
   * after twenty, and the destination lagged for two and a half minutes later on.
   */
  public void measure(UUID broadcastId, UUID destinationId) {
    plane
        .database()
        .execute(
            """
            select keep_sample_partitions();
            do $$ declare d date := (now() at time zone 'UTC')::date - 1; begin
              execute format('create table if not exists %%I partition of sample for values from (%%L) to (%%L)',
                'sample_' || to_char(d, 'YYYYMMDD'), d::timestamp at time zone 'UTC', (d + 1)::timestamp at time zone 'UTC');
            end $$;
            insert into sample (taken_at, broadcast_id, destination_id, node_id, state, bitrate_bps, frames, frames_missing,
                bytes_sent, behind, skips, reconnects, lag_ms, frame_rate, silent_ms, jitter_ms, loop_busy)
              select b.started_at + n * interval '10 seconds', b.id, place, b.node_id, 'live',
                  (case when place is not null and n between 240 and 255 then 1800000
                    else 6000000 + 300000 * sin(n / 7.0) + 120000 * sin(n * 1.7) end)::bigint,
                  n * 600, case when place is not null and n > 250 then 240 else 0 end,
                  case when place is not null then n * 7500000::bigint end, case when place is not null then n between 240 and 255 end,
                  case when place is null then null when n > 250 then 2 else 0 end,
                  case when place is null then null when n > 150 then 1 else 0 end,
                  case when place is null then null when n between 240 and 255 then 5200 else 20 end,
                  case when place is null then 60 + sin(n * 0.9) * 0.2 end, case when place is null then 10 end,
                  case when place is null then 3 end, case when place is null then 0.1 end
                from broadcast b, generate_series(1, 359) n, (values (null::uuid), ('%2$s'::uuid)) as s(place)
                where b.id = '%1$s' and n not between 120 and 150;
            insert into event (occurred_at, type, account_id, stream_id, broadcast_id, destination_id)
              select started_at + away, type, account_id, stream_id, id, place::uuid from broadcast, (values
                  ('broadcast.interrupted', interval '1200 seconds', null), ('broadcast.resumed', interval '1500 seconds', null),
                  ('destination.behind', interval '2400 seconds', '%2$s'),
                  ('destination.caught_up', interval '2560 seconds', '%2$s')) as e(type, away, place)
                where id = '%1$s'
            """
                .formatted(broadcastId, destinationId));
  }

  /** A relay changes as its node would write it; {@code columns} are set beside its state. */
  public void relay(
      UUID streamId, UUID broadcastId, UUID destinationId, String state, String... columns) {
    var set = new StringBuilder("updated_at = now()");
    for (String column : columns) {
      set.append(", ").append(column);
    }
    plane
        .database()
        .execute(
            """
            insert into relay (broadcast_id, destination_id, name, platform, state)
              select '%1$s', id, name, platform, '%3$s' from destination where id = '%2$s'
              on conflict (broadcast_id, destination_id) do update set state = excluded.state;
            update relay set %4$s where broadcast_id = '%1$s' and destination_id = '%2$s';
            insert into event (type, account_id, stream_id, broadcast_id, destination_id, data)
              select 'destination.%3$s', '%5$s', '%6$s', '%1$s', '%2$s',
                jsonb_strip_nulls(jsonb_build_object('lastErrorCode', last_error_code))
              from relay where broadcast_id = '%1$s' and destination_id = '%2$s'
            """
                .formatted(broadcastId, destinationId, state, set, id(), streamId));
  }
}
