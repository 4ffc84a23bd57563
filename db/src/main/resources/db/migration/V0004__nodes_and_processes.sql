-- The public halves of the keys that running processes speak with. A process's id is the hash of its key, so that
-- nobody can register as somebody else; rows are only added, by register_process_key.
create table process_key (
  id            text        primary key,
  kind          text        not null check (kind in ('control-plane', 'media-plane')),
  public_key    bytea       not null,
  registered_at timestamptz not null default now(),
  seen_at       timestamptz not null default now()
);
create index process_key_seen_at on process_key (seen_at);

create function register_process_key(p_public_key bytea) returns text
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  v_kind text := case session_user when 'manycast_media' then 'media-plane' when 'manycast_control' then 'control-plane' end;
  v_id   text := left(encode(sha256(p_public_key), 'hex'), 32);
begin
  if v_kind is null then
    raise exception 'role % runs no plane', session_user using errcode = 'insufficient_privilege';
  end if;
  if length(p_public_key) <> 44 then
    raise exception 'an Ed25519 public key in X.509 form is 44 bytes, not %', length(p_public_key) using errcode = 'invalid_parameter_value';
  end if;
  -- A process that lives registers again every hour; a week of silence means that it is gone for good.
  delete from process_key where seen_at < now() - interval '7 days';
  insert into process_key (id, kind, public_key) values (v_id, v_kind, p_public_key)
    on conflict (id) do update set seen_at = now();
  return v_id;
end $$;

create table node (
  id               text        primary key,
  url              text        not null,
  rtmp_url         text        not null,
  version          text        not null,
  state            text        not null check (state in ('starting', 'ready', 'draining', 'gone')),
  started_at       timestamptz not null default now(),
  heartbeat_at     timestamptz not null default now(),
  -- Since when its heartbeats have come without a gap: who was itself cut off until just now may judge nobody.
  steady_since     timestamptz not null default now(),
  max_broadcasts   integer,
  cpu_busy         real        not null default 0,
  media_bytes      bigint      not null default 0,
  media_bytes_max  bigint      not null default 0,
  egress_bps       bigint      not null default 0
);
create index node_heartbeat_at on node (heartbeat_at);
create index node_url on node (url);

-- Since when this server has been up: before, nobody could send a heartbeat. A function of ours, so that a test can have
-- it otherwise.
create function server_started_at() returns timestamptz
  language sql stable
  return pg_postmaster_start_time();

create function node_steadiness() returns trigger
  language plpgsql as $$
begin
  if new.heartbeat_at > old.heartbeat_at + interval '6 seconds' then
    new.steady_since := new.heartbeat_at;
  end if;
  return new;
end $$;

create trigger node_steadiness before update of heartbeat_at on node for each row execute function node_steadiness();
