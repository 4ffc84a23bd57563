-- Ends a broadcast and what it still shows as running; does nothing when the epoch is no longer the caller's.
create function end_broadcast(p_broadcast_id uuid, p_epoch bigint, p_reason text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare b broadcast;
begin
  if session_user = 'manycast_control' and p_reason <> 'node_lost' then
    raise exception 'the control plane ends a broadcast only for a lost node' using errcode = 'insufficient_privilege';
  end if;
  update broadcast set state = 'ended', ended_at = now(), end_reason = p_reason
    where id = p_broadcast_id and epoch = p_epoch and state <> 'ended'
    returning * into b;
  if not found then
    return false;
  end if;
  if p_reason = 'node_lost' then
    update relay set state = 'ended', next_retry_at = null, updated_at = now()
      where broadcast_id = b.id and state not in ('ended', 'disabled');
  end if;
  insert into event (type, account_id, stream_id, broadcast_id, node_id, data)
    values ('broadcast.ended', b.account_id, b.stream_id, b.id, b.node_id, jsonb_build_object('endReason', p_reason));
  return true;
end $$;

-- A node enters: at its address no older process can be left, so what an older row there still owned is over.
create function register_node(p_id text, p_url text, p_rtmp_url text, p_version text) returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  n record;
  b record;
begin
  if session_user <> 'manycast_media' then
    raise exception 'only a media node registers a node' using errcode = 'insufficient_privilege';
  end if;
  if not exists (select from process_key where id = p_id and kind = 'media-plane') then
    raise exception 'node % has registered no key', p_id using errcode = 'invalid_parameter_value';
  end if;
  -- First the node, then its broadcasts, as reap_lost_nodes does: in one order there is no deadlock.
  for n in select id from node where url = p_url and id <> p_id order by id for no key update loop
    for b in select id, epoch from broadcast where node_id = n.id and state <> 'ended' order by id loop
      perform end_broadcast(b.id, b.epoch, 'node_lost');
    end loop;
    update node set state = 'gone' where id = n.id and state <> 'gone';
  end loop;
  insert into node (id, url, rtmp_url, version, state) values (p_id, p_url, p_rtmp_url, p_version, 'ready')
    on conflict (id) do update set url = p_url, rtmp_url = p_rtmp_url, version = p_version, state = 'ready', heartbeat_at = now();
  insert into event (type, node_id, data) values ('node.up', p_id, jsonb_build_object('url', p_url));
end $$;

-- Whose publish this is and whether it may begin; a new live row when it may. The stream's row is locked, so that two
-- encoders with one key, on two nodes, find one of them refused. An owner is lost when its heartbeats have stopped while
-- the server was up and the claiming node's own heartbeats came all the time: an outage that all share ends nothing.
create function claim_broadcast(
  p_key_hmac bytea, p_broadcast_id uuid, p_node_id text, p_protocol text, p_remote_address inet, p_encoder text,
  out outcome text, out broadcast_id uuid, out epoch bigint, out stream_id uuid, out account_id uuid, out stream_name text,
  out resume_grace_seconds integer, out key_fingerprint text)
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  k stream_key;
  s stream;
  owner record;
  v_steady boolean;
begin
  if session_user <> 'manycast_media' then
    raise exception 'only a media node claims a broadcast' using errcode = 'insufficient_privilege';
  end if;
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
  resume_grace_seconds := s.resume_grace_seconds;
  key_fingerprint := k.fingerprint;
  -- Read again under the lock: a rotation may have come between.
  if exists (select from stream_key where id = k.id and retired_at is not null) then
    outcome := 'retired_key';
  elsif not s.enabled then
    outcome := 'disabled';
  elsif s.refused_until > now() and s.refused_address = p_remote_address then
    outcome := 'stopped';
  else
    select b.id, b.epoch,
        n.state = 'gone' or n.id <> p_node_id and n.heartbeat_at < now() - interval '6 seconds' and v_steady as lost into owner
      from broadcast b join node n on n.id = b.node_id where b.stream_id = s.id and b.state <> 'ended'
      for no key update of b;
    if found and not owner.lost then
      outcome := 'in_use';
    else
      if found then
        perform end_broadcast(owner.id, owner.epoch, 'node_lost');
      end if;
      outcome := 'claimed';
      broadcast_id := p_broadcast_id;
      epoch := nextval('broadcast_epoch');
      insert into broadcast (id, account_id, stream_id, stream_name, epoch, node_id, state, key_id, protocol, remote_address, encoder)
        values (p_broadcast_id, s.account_id, s.id, s.name, claim_broadcast.epoch, p_node_id, 'live', k.id, p_protocol, p_remote_address, p_encoder);
      insert into event (type, account_id, stream_id, broadcast_id, node_id, data)
        values ('broadcast.started', s.account_id, s.id, p_broadcast_id, p_node_id, jsonb_build_object('protocol', p_protocol));
      return;
    end if;
  end if;
  insert into publish_refusal (id, stream_id, reason, key_fingerprint, remote_address)
    values (gen_random_uuid(), s.id, outcome, k.fingerprint, p_remote_address);
  -- An encoder that may not publish tries for ever; the page shows the last refusals.
  delete from publish_refusal where id in
    (select r.id from publish_refusal r where r.stream_id = s.id order by r.occurred_at desc, r.id offset 100);
  insert into event (type, account_id, stream_id, node_id, data)
    values ('publish.refused', s.account_id, s.id, p_node_id,
      jsonb_build_object('reason', outcome, 'keyFingerprint', k.fingerprint, 'remoteAddress', host(p_remote_address)));
end $$;

-- Ends what nodes that have been silent for longer than any lease and grace still own. The judge must itself have been
-- connected for that long; how long the server has been up is checked here.
create function reap_lost_nodes(p_silent_seconds integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  b record;
  n record;
  ended integer := 0;
begin
  if p_silent_seconds is null or p_silent_seconds < 30 then
    raise exception 'a node is given at least 30 seconds, not %', p_silent_seconds using errcode = 'invalid_parameter_value';
  end if;
  if server_started_at() > now() - make_interval(secs => p_silent_seconds) then
    return 0;
  end if;
  for n in select id, url from node where state <> 'gone' and heartbeat_at < now() - make_interval(secs => p_silent_seconds)
      order by id for no key update skip locked loop
    for b in select id, epoch from broadcast where node_id = n.id and state <> 'ended' order by id loop
      if end_broadcast(b.id, b.epoch, 'node_lost') then
        ended := ended + 1;
      end if;
    end loop;
    update node set state = 'gone' where id = n.id;
    insert into event (type, node_id, data) values ('node.down', n.id, jsonb_build_object('url', n.url));
  end loop;
  return ended;
end $$;
