-- How long this broadcast waits for its encoder.
create function resume_grace(b broadcast) returns interval
  language sql stable set search_path = pg_catalog, public, pg_temp
  return make_interval(secs =>
    coalesce((select s.resume_grace_seconds from stream s where s.id = b.stream_id), b.node_grace_seconds, 45));

-- Ends a broadcast and what it still shows as running; does nothing when the epoch is no longer the caller's.
create or replace function end_broadcast(p_broadcast_id uuid, p_epoch bigint, p_reason text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare b broadcast;
begin
  if session_user = 'manycast_control' and p_reason not in ('node_lost', 'encoder_lost')
      and not exists (select from broadcast where id = p_broadcast_id and released) then
    raise exception 'the control plane ends a broadcast only in place of its node' using errcode = 'insufficient_privilege';
  end if;
  update broadcast set state = 'ended', ended_at = now(), end_reason = p_reason
    where id = p_broadcast_id and epoch = p_epoch and state <> 'ended'
    returning * into b;
  if not found then
    return false;
  end if;
  if p_reason = 'node_lost' or b.released then
    update relay set state = 'ended', next_retry_at = null, updated_at = now()
      where broadcast_id = b.id and state not in ('ended', 'disabled');
  end if;
  insert into event (type, account_id, stream_id, broadcast_id, node_id, data)
    values ('broadcast.ended', b.account_id, b.stream_id, b.id, b.node_id, jsonb_build_object('endReason', p_reason));
  return true;
end $$;

-- Has a broadcast wait without an owner: whoever its encoder comes to within the grace takes it over. One that waits
-- already goes on waiting, no longer than it would have.
create function release_broadcast(p_broadcast_id uuid, p_epoch bigint, p_reason text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  b broadcast;
  v_until timestamptz;
begin
  select * into b from broadcast
    where id = p_broadcast_id and epoch = p_epoch and state <> 'ended' and not released for no key update;
  if not found then
    return false;
  end if;
  v_until := coalesce(b.resume_until, now() + resume_grace(b));
  update broadcast set released = true, state = 'resuming', resume_until = v_until,
      grace_reason = coalesce(b.grace_reason, p_reason), interruptions = b.interruptions + (b.state = 'live')::integer
    where id = b.id;
  update relay set state = 'idle', behind = false, next_retry_at = null, updated_at = now()
    where broadcast_id = b.id and state in ('connecting', 'live', 'retrying');
  if b.state = 'live' then
    insert into event (type, account_id, stream_id, broadcast_id, node_id, data)
      values ('broadcast.interrupted', b.account_id, b.stream_id, b.id, b.node_id,
        jsonb_build_object('resumeUntil', to_char(v_until at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')));
  end if;
  return true;
end $$;

-- Whether a node that was cut off still owns this broadcast. If it was taken for lost meanwhile and nobody has come, it
-- is its own again, in the state that the node knows.
create function keep_broadcast(p_broadcast_id uuid, p_epoch bigint, p_node_id text, p_state text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare b broadcast;
begin
  if not exists (select from node where id = p_node_id and state <> 'gone') then
    return false;
  end if;
  select * into b from broadcast
    where id = p_broadcast_id and epoch = p_epoch and node_id = p_node_id and state <> 'ended' for no key update;
  if not found then
    return false;
  end if;
  if b.released then
    update broadcast set released = false, state = p_state,
        resume_until = case p_state when 'live' then null else b.resume_until end,
        grace_reason = case p_state when 'live' then null else b.grace_reason end
      where id = b.id;
    if p_state = 'live' then
      insert into event (type, account_id, stream_id, broadcast_id, node_id)
        values ('broadcast.resumed', b.account_id, b.stream_id, b.id, b.node_id);
    end if;
  end if;
  return true;
end $$;

-- Ends what nobody has taken over within its grace. Whose grace ran while the server was down is heard first.
create function end_after_grace() returns integer
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  b record;
  ended integer := 0;
begin
  if server_started_at() > now() - interval '30 seconds' then
    return 0;
  end if;
  for b in select id, epoch, grace_reason from broadcast
      where released and state <> 'ended' and resume_until < now() order by id for no key update skip locked loop
    if end_broadcast(b.id, b.epoch, b.grace_reason) then
      ended := ended + 1;
    end if;
  end loop;
  return ended;
end $$;

-- Ends the stream's broadcast where no node is left to do so. A node that has one ends it itself.
create function end_released(p_stream_id uuid, p_reason text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare b record;
begin
  select id, epoch into b from broadcast where stream_id = p_stream_id and released and state <> 'ended';
  return found and end_broadcast(b.id, b.epoch, p_reason);
end $$;

-- A node enters: at its address no older process should be left, so what an older row there still owned waits for its
-- encoder. A process that lives and finds itself replaced has lost its address to another with the same one: it is told
-- so, and does not take it back, or the two would take each other's broadcasts in turn. Answers why it may not enter, or
-- null when it has entered.
create or replace function register_node(p_id text, p_url text, p_rtmp_url text, p_version text) returns text
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  n record;
  b record;
  v_before text;
begin
  if session_user <> 'manycast_media' then
    raise exception 'only a media node registers a node' using errcode = 'insufficient_privilege';
  end if;
  if not exists (select from process_key where id = p_id and kind = 'media-plane') then
    raise exception 'node % has registered no key', p_id using errcode = 'invalid_parameter_value';
  end if;
  -- One at a time at one address: each of two that start together must see the other.
  perform pg_advisory_xact_lock(hashtextextended(p_url, 0));
  if exists (select from node where id = p_id and state = 'gone')
      and exists (select from node where url = p_url and id <> p_id and state <> 'gone') then
    return format('another node has registered with MANYCAST_NODE_URL %s: give each node its own', p_url);
  end if;
  -- First the node, then its broadcasts, as reap_lost_nodes does: in one order there is no deadlock.
  for n in select id from node where url = p_url and id <> p_id order by id for no key update loop
    for b in select id, epoch from broadcast where node_id = n.id and state <> 'ended' order by id loop
      perform release_broadcast(b.id, b.epoch, 'node_lost');
    end loop;
    update node set state = 'gone' where id = n.id and state <> 'gone';
  end loop;
  select state into v_before from node where id = p_id for no key update;
  insert into node (id, url, rtmp_url, version, state) values (p_id, p_url, p_rtmp_url, p_version, 'ready')
    on conflict (id) do update set url = p_url, rtmp_url = p_rtmp_url, version = p_version, state = 'ready', heartbeat_at = now();
  -- A node that was away from the database for a moment has not been down.
  if v_before is null or v_before = 'gone' then
    insert into event (type, node_id, data) values ('node.up', p_id, jsonb_build_object('url', p_url));
  end if;
  -- A gone node's row goes with its process's key, after a week of silence, where no history names it.
  delete from node where id in
    (select g.id from node g
      where g.state = 'gone' and not exists (select from process_key k where k.id = g.id)
        and not exists (select from broadcast h where h.node_id = g.id)
      order by g.id for update skip locked);
  return null;
end $$;

-- Whose publish this is and whether it may begin: a new live row, or one whose owner has let go or is lost, taken over
-- with a higher epoch. The stream's row is locked, so that two encoders with one key, on two nodes, find one of them
-- refused. An owner is lost when its heartbeats have stopped while the server was up and the claiming node's own heartbeats
-- came all the time: an outage that all share takes nothing from anybody. A node that names no grace is of a version that
-- takes nothing over: it gets a new broadcast.
drop function claim_broadcast(bytea, uuid, text, text, inet, text);
create function claim_broadcast(
  p_key_hmac bytea, p_broadcast_id uuid, p_node_id text, p_protocol text, p_remote_address inet, p_encoder text,
  p_grace_seconds integer default null,
  out outcome text, out broadcast_id uuid, out epoch bigint, out stream_id uuid, out account_id uuid, out stream_name text,
  out resumed boolean)
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  k stream_key;
  s stream;
  b broadcast;
  v_steady boolean;
  v_lost boolean;
begin
  if session_user <> 'manycast_media' then
    raise exception 'only a media node claims a broadcast' using errcode = 'insufficient_privilege';
  end if;
  resumed := false;
  select steady_since < now() - interval '12 seconds' and server_started_at() < now() - interval '12 seconds'
    into v_steady from node where id = p_node_id and state = 'ready';
  if not found then
    outcome := 'node_not_ready';
    return;
  end if;
  select * into k from stream_key where hmac = p_key_hmac;
  if not found then
    outcome := 'unknown_key';
    return;
  end if;
  select * into s from stream where id = k.stream_id for no key update;
  if s.deleted_at is not null then
    outcome := 'unknown_key';
    return;
  end if;
  stream_id := s.id;
  account_id := s.account_id;
  stream_name := s.name;
  -- Read again under the lock: a rotation may have come between.
  if exists (select from stream_key where id = k.id and retired_at is not null) then
    outcome := 'retired_key';
  elsif not s.enabled then
    outcome := 'disabled';
  elsif s.refused_until > now() and s.refused_address = p_remote_address then
    outcome := 'stopped';
  else
    select * into b from broadcast o where o.stream_id = s.id and o.state <> 'ended' for no key update;
    if found then
      select b.released or n.state = 'gone'
          or n.id <> p_node_id and n.heartbeat_at < now() - interval '6 seconds' and v_steady
        into v_lost from node n where n.id = b.node_id;
      if not v_lost then
        outcome := 'in_use';
      else
        perform release_broadcast(b.id, b.epoch, 'node_lost');
        select * into b from broadcast o where o.id = b.id;
        resumed := p_grace_seconds is not null and b.resume_until > now();
        if not resumed then
          perform end_broadcast(b.id, b.epoch, b.grace_reason);
        end if;
      end if;
    end if;
    if outcome is null then
      outcome := 'claimed';
      epoch := nextval('broadcast_epoch');
      if resumed then
        broadcast_id := b.id;
        update broadcast o set epoch = claim_broadcast.epoch, node_id = p_node_id, state = 'live', released = false,
            resume_until = null, grace_reason = null, owned_since = now(), node_grace_seconds = p_grace_seconds,
            key_id = k.id, protocol = p_protocol, remote_address = p_remote_address, encoder = p_encoder
          where o.id = b.id;
        insert into event (type, account_id, stream_id, broadcast_id, node_id, data)
          values ('broadcast.resumed', s.account_id, s.id, b.id, p_node_id, jsonb_build_object('protocol', p_protocol));
      else
        broadcast_id := p_broadcast_id;
        insert into broadcast (id, account_id, stream_id, stream_name, epoch, node_id, state, key_id, protocol, remote_address,
            encoder, node_grace_seconds)
          values (p_broadcast_id, s.account_id, s.id, s.name, claim_broadcast.epoch, p_node_id, 'live', k.id, p_protocol,
            p_remote_address, p_encoder, p_grace_seconds);
        insert into event (type, account_id, stream_id, broadcast_id, node_id, data)
          values ('broadcast.started', s.account_id, s.id, p_broadcast_id, p_node_id, jsonb_build_object('protocol', p_protocol));
      end if;
      return;
    end if;
  end if;
  -- An encoder that may not publish tries for ever: what was told within ten seconds is not told again.
  if exists (select from publish_refusal r where r.stream_id = s.id and r.reason = outcome
      and r.remote_address = p_remote_address and r.occurred_at > now() - interval '10 seconds') then
    return;
  end if;
  insert into publish_refusal (id, stream_id, reason, key_fingerprint, remote_address)
    values (gen_random_uuid(), s.id, outcome, k.fingerprint, p_remote_address);
  -- The page shows the last refusals.
  delete from publish_refusal where id in
    (select r.id from publish_refusal r where r.stream_id = s.id order by r.occurred_at desc, r.id offset 100);
  insert into event (type, account_id, stream_id, node_id, data)
    values ('publish.refused', s.account_id, s.id, p_node_id,
      jsonb_build_object('reason', outcome, 'keyFingerprint', k.fingerprint, 'remoteAddress', host(p_remote_address)));
end $$;

-- Has what nodes still own that were silent for so long wait for its encoder. The judge must itself have been connected
-- for that long; how long the server has been up is checked here. A node that left in order, or was taken for gone, may
-- have left broadcasts behind: the same holds for them.
create or replace function reap_lost_nodes(p_silent_seconds integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  b record;
  n record;
  lost integer := 0;
begin
  if p_silent_seconds is null or p_silent_seconds < 30 then
    raise exception 'a node is given at least 30 seconds, not %', p_silent_seconds using errcode = 'invalid_parameter_value';
  end if;
  if server_started_at() > now() - make_interval(secs => p_silent_seconds) then
    return 0;
  end if;
  for n in select id, url, state from node
      where heartbeat_at < now() - make_interval(secs => p_silent_seconds)
        and (state <> 'gone'
          or exists (select from broadcast l where l.node_id = node.id and l.state <> 'ended' and not l.released))
      order by id for no key update skip locked loop
    for b in select id, epoch from broadcast where node_id = n.id and state <> 'ended' order by id loop
      if release_broadcast(b.id, b.epoch, 'node_lost') then
        lost := lost + 1;
      end if;
    end loop;
    if n.state <> 'gone' then
      update node set state = 'gone' where id = n.id;
      insert into event (type, node_id, data) values ('node.down', n.id, jsonb_build_object('url', n.url));
    end if;
  end loop;
  return lost;
end $$;
