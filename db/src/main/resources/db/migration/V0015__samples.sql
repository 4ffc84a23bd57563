-- What was measured of live broadcasts, every ten seconds one row for the ingest and one for each destination: for charts,
-- for telling whose fault an incident was, and for answering in place of a node that hangs. Kept for 30 days, in a
-- partition a day (UTC). No foreign key: making and dropping a partition would lock the table it leads to.
create table sample (
  taken_at             timestamptz not null,
  broadcast_id         uuid        not null,
  -- Null where the row tells of what comes from the encoder.
  destination_id       uuid,
  -- Who carried the broadcast then.
  node_id              text        not null,
  state                text        not null check (state in ('idle', 'disabled', 'connecting', 'live', 'retrying', 'failed', 'ended', 'resuming')),
  bitrate_bps          bigint      not null,
  -- Of a destination: what it was sent so far, and what was passed over. Of the ingest: what came, and what is missing.
  frames               bigint      not null,
  frames_missing       bigint      not null,
  -- Of a destination alone.
  bytes_sent           bigint,
  behind               boolean,
  skips                integer,
  reconnects           integer,
  lag_ms               bigint,
  rtt_ms               bigint,
  retransmits          bigint,
  unsent_bytes         bigint,
  fitting_bitrate_bps  bigint,
  -- Of the ingest alone.
  silent_ms            bigint,
  frame_rate           real,
  keyframe_interval_ms integer,
  jitter_ms            real,
  audio_ahead_ms       integer,
  -- Of the node, in the row of the ingest: the loop that has the broadcast, and the bound of media bytes.
  loop_busy            real,
  loops_blocked        bigint,
  memory_share         real
) partition by range (taken_at);
create unique index sample_subject on sample (broadcast_id, taken_at, destination_id) nulls not distinct;

comment on table sample is 'Written in batches by media nodes; partitions are made and dropped by keep_sample_partitions.';

-- Makes the partitions of today and tomorrow and drops those that are wholly older than 30 days; answers how many it made or
-- dropped. Either plane may call it, as often as it likes.
create function keep_sample_partitions() returns integer
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  v_today date := (now() at time zone 'UTC')::date;
  v_day   date;
  v_name  text;
  changed integer := 0;
begin
  -- One at a time: who comes second finds the work done.
  perform pg_advisory_xact_lock(hashtext('sample partitions'));
  for v_day in select v_today + n from generate_series(0, 1) n loop
    v_name := 'sample_' || to_char(v_day, 'YYYYMMDD');
    if to_regclass('public.' || v_name) is null then
      -- Made apart and attached, so that nobody who reads or writes the others has to wait.
      execute format('create table public.%I (like public.sample including all)', v_name);
      execute format('alter table public.sample attach partition public.%I for values from (%L) to (%L)', v_name,
        v_day::timestamp at time zone 'UTC', (v_day + 1)::timestamp at time zone 'UTC');
      changed := changed + 1;
    end if;
  end loop;
  perform set_config('lock_timeout', '500ms', true);
  for v_name in
      select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'public.sample'::regclass and c.relname < 'sample_' || to_char(v_today - 30, 'YYYYMMDD')
      order by c.relname loop
    begin
      execute format('drop table public.%I', v_name);
      changed := changed + 1;
    exception when lock_not_available then
      -- Somebody reads a chart; the next call drops it.
      exit;
    end;
  end loop;
  return changed;
end $$;
