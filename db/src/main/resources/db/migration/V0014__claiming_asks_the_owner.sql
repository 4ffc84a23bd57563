-- Whose publish this is and whether it may begin: a new live row, or one whose owner has let go or is lost, taken over
-- with a higher epoch. The stream's row is locked, so that two encoders with one key, on two nodes, find one of them
-- refused. What another node owns is taken from it only after it was asked: such a claim is answered 'owned', with where
-- the owner is to be found, and comes again with what was heard there of that epoch. 'released': it has let go. 'gone':
-- nobody, or somebody else, is at its address. 'unreachable': no answer, which counts once its heartbeats have stopped while
-- the server was up and the claiming node's own came all the time: an outage that all share takes nothing from anybody.
-- 'publishing': its encoder sends, or it was asked for long enough: the refusal stands. A node that says nothing of what it
-- heard is of a version that does not ask; one that names no grace is of one that takes nothing over.
drop function claim_broadcast(bytea, uuid, text, text, inet, text, integer);
create function claim_broadcast(
  p_key_hmac bytea, p_broadcast_id uuid, p_node_id text, p_protocol text, p_remote_address inet, p_encoder text,
  p_grace_seconds integer default null, p_heard text default null, p_heard_epoch bigint default null,
  out outcome text, out broadcast_id uuid, out epoch bigint, out stream_id uuid, out account_id uuid, out stream_name text,
  out resumed boolean, out owner_id text, out owner_url text, out owner_state text)
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  k stream_key;
  s stream;
  b broadcast;
  n node;
  v_steady boolean;
  v_stale boolean;
  v_lost boolean;
begin
  if session_user <> 'manycast_media' then
    raise exception 'only a media node claims a broadcast' using errcode = 'insufficient_privilege';
  end if;
  if p_heard not in ('nothing', 'publishing', 'released', 'gone', 'unreachable') then
    raise exception 'an owner is not heard of as %', p_heard using errcode = 'invalid_parameter_value';
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
      select * into n from node o where o.id = b.node_id;
      v_stale := n.heartbeat_at < now() - interval '6 seconds' and v_steady;
      v_lost := b.released or n.state = 'gone'
        or n.id <> p_node_id and case
             when p_heard is null then v_stale
             when p_heard_epoch is distinct from b.epoch then false
             when p_heard = 'unreachable' then v_stale
             else p_heard in ('released', 'gone')
           end;
      if not v_lost and n.id <> p_node_id and p_heard <> 'publishing' then
        outcome := 'owned';
        epoch := b.epoch;
        owner_id := n.id;
        owner_url := n.url;
        owner_state := b.state;
        return;
      elsif not v_lost then
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
