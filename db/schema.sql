-- The whole schema as the migrations make it, printed from the catalogue: for reading, never run.
-- Written by SchemaFileIT: -Dmanycast.rewrite=true

create sequence broadcast_epoch;

create table account (
  id                   uuid not null,
  name                 text not null,
  created_at           timestamp with time zone not null default now(),
  constraint account_pkey PRIMARY KEY (id),
  constraint account_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);

create table api_token (
  id                   uuid not null,
  account_id           uuid not null,
  user_id              uuid not null,
  name                 text not null,
  token_hash           bytea not null,
  scopes               text[] not null,
  created_at           timestamp with time zone not null default now(),
  expires_at           timestamp with time zone,
  revoked_at           timestamp with time zone,
  last_used_at         timestamp with time zone,
  constraint api_token_pkey PRIMARY KEY (id),
  constraint api_token_token_hash_key UNIQUE (token_hash),
  constraint api_token_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint api_token_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE,
  constraint api_token_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
CREATE INDEX api_token_account ON public.api_token USING btree (account_id);
CREATE INDEX api_token_user ON public.api_token USING btree (user_id);

create table app_user (
  id                   uuid not null,
  email                text not null,
  password_hash        text not null,
  platform_admin       boolean not null default false,
  created_at           timestamp with time zone not null default now(),
  constraint app_user_pkey PRIMARY KEY (id),
  constraint app_user_email_check CHECK (((length(email) >= 3) AND (length(email) <= 320)))
);
CREATE UNIQUE INDEX app_user_email ON public.app_user USING btree (lower(email));

create table audit_log (
  id                   uuid not null,
  account_id           uuid,
  user_id              uuid,
  action               text not null,
  detail               jsonb not null default '{}'::jsonb,
  occurred_at          timestamp with time zone not null default now(),
  constraint audit_log_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_log_account ON public.audit_log USING btree (account_id, occurred_at);

create table broadcast (
  id                   uuid not null,
  account_id           uuid not null,
  stream_id            uuid not null,
  stream_name          text not null,
  epoch                bigint not null,
  node_id              text not null,
  state                text not null,
  started_at           timestamp with time zone not null default now(),
  ended_at             timestamp with time zone,
  end_reason           text,
  interruptions        integer not null default 0,
  key_id               uuid not null,
  protocol             text not null,
  remote_address       inet not null,
  encoder              text,
  video_codec          text,
  width                integer,
  height               integer,
  frame_rate           real,
  audio_codec          text,
  node_grace_seconds   integer,
  resume_until         timestamp with time zone,
  grace_reason         text,
  released             boolean not null default false,
  owned_since          timestamp with time zone not null default now(),
  constraint broadcast_pkey PRIMARY KEY (id),
  constraint broadcast_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint broadcast_node_id_fkey FOREIGN KEY (node_id) REFERENCES node(id),
  constraint broadcast_stream_id_fkey FOREIGN KEY (stream_id) REFERENCES stream(id) ON DELETE CASCADE,
  constraint broadcast_check CHECK (((state = 'ended'::text) = (ended_at IS NOT NULL))),
  constraint broadcast_check1 CHECK (((state = 'ended'::text) = (end_reason IS NOT NULL))),
  constraint broadcast_end_reason_check CHECK ((end_reason = ANY (ARRAY['encoder'::text, 'stopped'::text, 'encoder_lost'::text, 'node_lost'::text, 'disabled'::text, 'deleted'::text, 'shutdown'::text]))),
  constraint broadcast_grace_reason_check CHECK ((grace_reason = ANY (ARRAY['encoder_lost'::text, 'node_lost'::text]))),
  constraint broadcast_node_grace_seconds_check CHECK (((node_grace_seconds >= 0) AND (node_grace_seconds <= 600))),
  constraint broadcast_protocol_check CHECK ((protocol = ANY (ARRAY['rtmp'::text, 'rtmps'::text, 'srt'::text, 'ts'::text]))),
  constraint broadcast_state_check CHECK ((state = ANY (ARRAY['live'::text, 'resuming'::text, 'ended'::text])))
);
CREATE INDEX broadcast_account ON public.broadcast USING btree (account_id, id);
CREATE UNIQUE INDEX broadcast_live ON public.broadcast USING btree (stream_id) WHERE (state <> 'ended'::text);
CREATE INDEX broadcast_node ON public.broadcast USING btree (node_id);
CREATE INDEX broadcast_node_live ON public.broadcast USING btree (node_id) WHERE (state <> 'ended'::text);
CREATE INDEX broadcast_released ON public.broadcast USING btree (resume_until) WHERE (released AND (state <> 'ended'::text));
CREATE INDEX broadcast_stream ON public.broadcast USING btree (stream_id, id);

create table destination (
  id                   uuid not null,
  stream_id            uuid not null,
  name                 text not null,
  platform             text not null,
  url                  text not null,
  sealed_key           bytea not null,
  key_fingerprint      text not null,
  enabled              boolean not null default true,
  revision             bigint not null default 1,
  created_at           timestamp with time zone not null default now(),
  deleted_at           timestamp with time zone,
  delay_ms             integer not null default 0,
  sealed_password      bytea,
  video_track          integer,
  audio_track          integer,
  key_set_at           timestamp with time zone not null default now(),
  constraint destination_pkey PRIMARY KEY (id),
  constraint destination_stream_id_fkey FOREIGN KEY (stream_id) REFERENCES stream(id) ON DELETE CASCADE,
  constraint destination_audio_track_check CHECK (((audio_track >= 0) AND (audio_track <= 255))),
  constraint destination_delay_ms_check CHECK (((delay_ms >= 0) AND (delay_ms <= 60000))),
  constraint destination_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint destination_platform_check CHECK (((length(platform) >= 1) AND (length(platform) <= 40))),
  constraint destination_tracks_check CHECK (((video_track IS NULL) = (audio_track IS NULL))),
  constraint destination_url_check CHECK (((length(url) >= 8) AND (length(url) <= 2000))),
  constraint destination_video_track_check CHECK (((video_track >= 0) AND (video_track <= 255)))
);
CREATE INDEX destination_stream ON public.destination USING btree (stream_id, id) WHERE (deleted_at IS NULL);
CREATE INDEX destination_stream_all ON public.destination USING btree (stream_id);

create table event (
  seq                  bigint not null generated always as identity,
  xact                 xid8 not null default pg_current_xact_id(),
  type                 text not null,
  account_id           uuid,
  stream_id            uuid,
  broadcast_id         uuid,
  destination_id       uuid,
  node_id              text,
  data                 jsonb not null default '{}'::jsonb,
  occurred_at          timestamp with time zone not null default clock_timestamp(),
  constraint event_pkey PRIMARY KEY (xact, seq)
);
CREATE INDEX event_account ON public.event USING btree (account_id, xact, seq);
CREATE INDEX event_occurred_at ON public.event USING btree (occurred_at);
CREATE INDEX event_stream ON public.event USING btree (stream_id, xact, seq);
CREATE TRIGGER event_notify AFTER INSERT ON public.event FOR EACH ROW EXECUTE FUNCTION notify_event();

create table idempotency_key (
  account_id           uuid not null,
  token_id             uuid not null,
  route                text not null,
  key                  text not null,
  body_hash            bytea not null,
  status               integer,
  sealed_body          bytea,
  location             text,
  created_at           timestamp with time zone not null default now(),
  constraint idempotency_key_pkey PRIMARY KEY (account_id, token_id, route, key),
  constraint idempotency_key_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint idempotency_key_token_id_fkey FOREIGN KEY (token_id) REFERENCES api_token(id) ON DELETE CASCADE,
  constraint idempotency_key_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255)))
);
CREATE INDEX idempotency_key_created_at ON public.idempotency_key USING btree (created_at);
CREATE INDEX idempotency_key_token ON public.idempotency_key USING btree (token_id);

create table membership (
  account_id           uuid not null,
  user_id              uuid not null,
  role                 text not null,
  created_at           timestamp with time zone not null default now(),
  constraint membership_pkey PRIMARY KEY (account_id, user_id),
  constraint membership_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint membership_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE,
  constraint membership_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'member'::text, 'viewer'::text])))
);
CREATE INDEX membership_user ON public.membership USING btree (user_id);

create table node (
  id                   text not null,
  url                  text not null,
  rtmp_url             text not null,
  version              text not null,
  state                text not null,
  started_at           timestamp with time zone not null default now(),
  heartbeat_at         timestamp with time zone not null default now(),
  steady_since         timestamp with time zone not null default now(),
  max_broadcasts       integer,
  cpu_busy             real not null default 0,
  media_bytes          bigint not null default 0,
  media_bytes_max      bigint not null default 0,
  egress_bps           bigint not null default 0,
  preview_url          text,
  constraint node_pkey PRIMARY KEY (id),
  constraint node_state_check CHECK ((state = ANY (ARRAY['starting'::text, 'ready'::text, 'draining'::text, 'gone'::text])))
);
CREATE INDEX node_heartbeat_at ON public.node USING btree (heartbeat_at);
CREATE INDEX node_url ON public.node USING btree (url);
CREATE TRIGGER node_steadiness BEFORE UPDATE OF heartbeat_at ON public.node FOR EACH ROW EXECUTE FUNCTION node_steadiness();

create table process_key (
  id                   text not null,
  kind                 text not null,
  public_key           bytea not null,
  registered_at        timestamp with time zone not null default now(),
  seen_at              timestamp with time zone not null default now(),
  constraint process_key_pkey PRIMARY KEY (id),
  constraint process_key_kind_check CHECK ((kind = ANY (ARRAY['control-plane'::text, 'media-plane'::text])))
);
CREATE INDEX process_key_seen_at ON public.process_key USING btree (seen_at);

create table publish_refusal (
  id                   uuid not null,
  stream_id            uuid not null,
  reason               text not null,
  key_fingerprint      text not null,
  remote_address       inet not null,
  occurred_at          timestamp with time zone not null default now(),
  constraint publish_refusal_pkey PRIMARY KEY (id),
  constraint publish_refusal_stream_id_fkey FOREIGN KEY (stream_id) REFERENCES stream(id) ON DELETE CASCADE,
  constraint publish_refusal_reason_check CHECK ((reason = ANY (ARRAY['retired_key'::text, 'disabled'::text, 'in_use'::text, 'stopped'::text, 'limit'::text])))
);
CREATE INDEX publish_refusal_stream ON public.publish_refusal USING btree (stream_id, occurred_at);

create table relay (
  broadcast_id         uuid not null,
  destination_id       uuid not null,
  name                 text not null,
  platform             text not null,
  state                text not null,
  behind               boolean not null default false,
  permanent            boolean not null default false,
  last_error           text,
  last_error_code      text,
  next_retry_at        timestamp with time zone,
  bytes_sent           bigint not null default 0,
  frames_sent          bigint not null default 0,
  frames_dropped       bigint not null default 0,
  skips                integer not null default 0,
  reconnects           integer not null default 0,
  updated_at           timestamp with time zone not null default now(),
  frames_due           bigint,
  constraint relay_pkey PRIMARY KEY (broadcast_id, destination_id),
  constraint relay_broadcast_id_fkey FOREIGN KEY (broadcast_id) REFERENCES broadcast(id) ON DELETE CASCADE,
  constraint relay_destination_id_fkey FOREIGN KEY (destination_id) REFERENCES destination(id) ON DELETE CASCADE,
  constraint relay_last_error_code_check CHECK ((last_error_code = ANY (ARRAY['dns'::text, 'refused'::text, 'unreachable'::text, 'timeout'::text, 'tls_untrusted'::text, 'tls_host'::text, 'handshake'::text, 'bad_key'::text, 'login_needed'::text, 'login_refused'::text, 'rejected'::text, 'closed_early'::text, 'stalled'::text, 'reset'::text, 'incompatible_codec'::text, 'address_forbidden'::text, 'internal'::text]))),
  constraint relay_state_check CHECK ((state = ANY (ARRAY['idle'::text, 'disabled'::text, 'connecting'::text, 'live'::text, 'retrying'::text, 'failed'::text, 'ended'::text])))
);
CREATE INDEX relay_destination ON public.relay USING btree (destination_id);

create table sample (
  taken_at             timestamp with time zone not null,
  broadcast_id         uuid not null,
  destination_id       uuid,
  node_id              text not null,
  state                text not null,
  bitrate_bps          bigint not null,
  frames               bigint not null,
  frames_missing       bigint not null,
  bytes_sent           bigint,
  behind               boolean,
  skips                integer,
  reconnects           integer,
  lag_ms               bigint,
  rtt_ms               bigint,
  retransmits          bigint,
  unsent_bytes         bigint,
  fitting_bitrate_bps  bigint,
  silent_ms            bigint,
  frame_rate           real,
  keyframe_interval_ms integer,
  jitter_ms            real,
  audio_ahead_ms       integer,
  loop_busy            real,
  loops_blocked        bigint,
  memory_share         real,
  constraint sample_state_check CHECK ((state = ANY (ARRAY['idle'::text, 'disabled'::text, 'connecting'::text, 'live'::text, 'retrying'::text, 'failed'::text, 'ended'::text, 'resuming'::text])))
) partition by RANGE (taken_at);
CREATE UNIQUE INDEX sample_subject ON ONLY public.sample USING btree (broadcast_id, taken_at, destination_id) NULLS NOT DISTINCT;

create table sign_in_link (
  token_hash           bytea not null,
  user_id              uuid not null,
  path                 text not null default '/'::text,
  created_at           timestamp with time zone not null default now(),
  expires_at           timestamp with time zone not null,
  used_at              timestamp with time zone,
  constraint sign_in_link_pkey PRIMARY KEY (token_hash),
  constraint sign_in_link_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE,
  constraint sign_in_link_path_check CHECK (((path ~~ '/%'::text) AND (path !~~ '//%'::text)))
);
CREATE INDEX sign_in_link_user ON public.sign_in_link USING btree (user_id);

create table stream (
  id                   uuid not null,
  account_id           uuid not null,
  name                 text not null,
  enabled              boolean not null default true,
  resume_grace_seconds integer,
  stop_broadcast_id    uuid,
  refused_address      inet,
  refused_until        timestamp with time zone,
  created_at           timestamp with time zone not null default now(),
  deleted_at           timestamp with time zone,
  constraint stream_pkey PRIMARY KEY (id),
  constraint stream_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint stream_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint stream_resume_grace_seconds_check CHECK (((resume_grace_seconds >= 0) AND (resume_grace_seconds <= 600)))
);
CREATE INDEX stream_account ON public.stream USING btree (account_id, id) WHERE (deleted_at IS NULL);
CREATE INDEX stream_account_all ON public.stream USING btree (account_id);

create table stream_key (
  id                   uuid not null,
  stream_id            uuid not null,
  purpose              text not null default 'publish'::text,
  hmac                 bytea not null,
  sealed               bytea not null,
  fingerprint          text not null,
  created_at           timestamp with time zone not null default now(),
  retired_at           timestamp with time zone,
  constraint stream_key_pkey PRIMARY KEY (id),
  constraint stream_key_hmac_key UNIQUE (hmac),
  constraint stream_key_stream_id_fkey FOREIGN KEY (stream_id) REFERENCES stream(id) ON DELETE CASCADE,
  constraint stream_key_purpose_check CHECK ((purpose = 'publish'::text))
);
CREATE UNIQUE INDEX stream_key_current ON public.stream_key USING btree (stream_id, purpose) WHERE (retired_at IS NULL);
CREATE INDEX stream_key_stream ON public.stream_key USING btree (stream_id);

create table web_session (
  id_hash              bytea not null,
  user_id              uuid not null,
  data                 jsonb not null default '{}'::jsonb,
  created_at           timestamp with time zone not null default now(),
  last_seen_at         timestamp with time zone not null default now(),
  expires_at           timestamp with time zone not null,
  constraint web_session_pkey PRIMARY KEY (id_hash),
  constraint web_session_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX web_session_expires_at ON public.web_session USING btree (expires_at);
CREATE INDEX web_session_user ON public.web_session USING btree (user_id);

-- Functions, by their signatures.
create function claim_broadcast(p_key_hmac bytea, p_broadcast_id uuid, p_node_id text, p_protocol text, p_remote_address inet, p_encoder text, p_grace_seconds integer DEFAULT NULL::integer, p_heard text DEFAULT NULL::text, p_heard_epoch bigint DEFAULT NULL::bigint, OUT outcome text, OUT broadcast_id uuid, OUT epoch bigint, OUT stream_id uuid, OUT account_id uuid, OUT stream_name text, OUT resumed boolean, OUT owner_id text, OUT owner_url text, OUT owner_state text) returns record language plpgsql security definer set search_path=pg_catalog, public, pg_temp;
create function emit_event(p_type text, p_account_id uuid, p_stream_id uuid, p_broadcast_id uuid, p_destination_id uuid, p_node_id text, p_data jsonb) returns void language plpgsql security definer set search_path=pg_catalog, public, pg_temp;
create function end_after_grace() returns integer language plpgsql security definer set search_path=pg_catalog, public, pg_temp;
create function end_broadcast(p_broadcast_id uuid, p_epoch bigint, p_reason text) returns boolean language plpgsql security definer set search_path=pg_catalog, public, pg_temp;
create function end_released(p_stream_id uuid, p_reason text) returns boolean language plpgsql security definer set search_path=pg_catalog, public, pg_temp;
create function event_channel(type text) returns text language sql;
create function keep_broadcast(p_broadcast_id uuid, p_epoch bigint, p_node_id text, p_state text) returns boolean language plpgsql security definer set search_path=pg_catalog, public, pg_temp;
create function keep_sample_partitions() returns integer language plpgsql security definer set search_path=pg_catalog, public, pg_temp;
create function node_steadiness() returns trigger language plpgsql;
create function notify_event() returns trigger language plpgsql;
create function prune_events() returns bigint language plpgsql security definer set search_path=pg_catalog, public, pg_temp;
create function reap_lost_nodes(p_silent_seconds integer) returns integer language plpgsql security definer set search_path=pg_catalog, public, pg_temp;
create function register_node(p_id text, p_url text, p_rtmp_url text, p_version text) returns text language plpgsql security definer set search_path=pg_catalog, public, pg_temp;
create function register_process_key(p_public_key bytea) returns text language plpgsql security definer set search_path=pg_catalog, public, pg_temp;
create function release_broadcast(p_broadcast_id uuid, p_epoch bigint, p_reason text) returns boolean language plpgsql security definer set search_path=pg_catalog, public, pg_temp;
create function resume_grace(b broadcast) returns interval language sql set search_path=pg_catalog, public, pg_temp;
create function server_started_at() returns timestamp with time zone language sql;
