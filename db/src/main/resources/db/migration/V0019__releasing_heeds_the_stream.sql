-- Has a broadcast wait without an owner: whoever its encoder comes to within the grace takes it over. One that waits
-- already goes on waiting, no longer than it would have. What its stream's owner has ended meanwhile, while no node was there
-- to do it, waits for nobody: it ends here. The stream's row comes first, as in claim_broadcast, so that either this sees
-- a stop that is being written, or the stop sees what was released here.
create or replace function release_broadcast(p_broadcast_id uuid, p_epoch bigint, p_reason text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  s stream;
  b broadcast;
  v_until timestamptz;
  v_end text;
begin
  select o.* into s from stream o
    where o.id = (select l.stream_id from broadcast l where l.id = p_broadcast_id and l.epoch = p_epoch) for share;
  select * into b from broadcast
    where id = p_broadcast_id and epoch = p_epoch and state <> 'ended' and not released for no key update;
  if not found then
    return false;
  end if;
  v_end := case
    when s.deleted_at is not null then 'deleted'
    when not s.enabled then 'disabled'
    when s.stop_broadcast_id = b.id then 'stopped'
  end;
  if v_end is not null then
    -- No time is left in which somebody could take it over.
    update broadcast set released = true, resume_until = null, grace_reason = null where id = b.id;
    return end_broadcast(b.id, b.epoch, v_end);
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
