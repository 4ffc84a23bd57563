-- The event log: what changed, in the order in which readers may safely learn of it.
-- Its position is the pair (xact, seq): seq alone is handed out before commit and would lose events.
create table event (
  seq            bigint      generated always as identity,
  xact           xid8        not null default pg_current_xact_id(),
  type           text        not null,
  account_id     uuid,
  stream_id      uuid,
  broadcast_id   uuid,
  destination_id uuid,
  node_id        text,
  data           jsonb       not null default '{}',
  occurred_at    timestamptz not null default clock_timestamp(),
  primary key (xact, seq)
);
create index event_account on event (account_id, xact, seq);
create index event_stream on event (stream_id, xact, seq);
create index event_occurred_at on event (occurred_at);

comment on table event is 'Append-only; written through emit_event in the transaction of the change it tells of.';

-- Which channel wakes whom: configuration wakes media nodes, live state wakes dashboards, nodes wake operators.
create function event_channel(type text) returns text
  language sql immutable
  return case
    when type in ('stream.updated', 'destination.updated') then 'manycast_config'
    when type like 'node.%' then 'manycast_node'
    else 'manycast_broadcast'
  end;

create function notify_event() returns trigger
  language plpgsql as $$
begin
  perform pg_notify(event_channel(new.type),
    json_build_object('event', lpad(to_hex(new.xact::text::bigint), 16, '0') || '-' || lpad(to_hex(new.seq), 16, '0'))::text);
  return null;
end $$;

create trigger event_notify after insert on event for each row execute function notify_event();

-- The one way into the log. Each plane may tell only of what is its own to tell.
create function emit_event(
  p_type text, p_account_id uuid, p_stream_id uuid, p_broadcast_id uuid, p_destination_id uuid, p_node_id text, p_data jsonb)
  returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if session_user = 'manycast_media' and not (p_type in ('broadcast.started', 'broadcast.interrupted', 'broadcast.resumed',
      'broadcast.ended', 'destination.live', 'destination.behind', 'destination.caught_up', 'destination.connecting',
      'destination.retrying', 'destination.failed', 'destination.ended', 'publish.refused', 'node.up', 'node.down')) then
    raise exception 'a media node may not emit %', p_type using errcode = 'insufficient_privilege';
  end if;
  if session_user = 'manycast_control' and not (p_type in ('stream.updated', 'destination.updated', 'usage.limit_reached',
      'node.updated')) then
    raise exception 'the control plane may not emit %', p_type using errcode = 'insufficient_privilege';
  end if;
  insert into event (type, account_id, stream_id, broadcast_id, destination_id, node_id, data)
    values (p_type, p_account_id, p_stream_id, p_broadcast_id, p_destination_id, p_node_id, coalesce(p_data, '{}'));
end $$;

-- Retention: 30 days. Either plane may call it, and calls it again until it answers 0: a call stays well below the
-- roles' statement_timeout. It can delete nothing younger.
create function prune_events() returns bigint
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare n bigint;
begin
  delete from event where (xact, seq) in
    (select e.xact, e.seq from event e where e.occurred_at < now() - interval '30 days' order by e.occurred_at limit 10000);
  get diagnostics n = row_count;
  return n;
end $$;
