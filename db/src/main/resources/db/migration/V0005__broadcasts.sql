create sequence broadcast_epoch;

-- One going-live of one stream. Whoever holds the row's epoch owns it; every write of a node names its epoch.
create table broadcast (
  id             uuid        primary key,
  account_id     uuid        not null references account on delete cascade,
  stream_id      uuid        not null references stream on delete cascade,
  stream_name    text        not null,
  epoch          bigint      not null,
  node_id        text        not null references node,
  state          text        not null check (state in ('live', 'resuming', 'ended')),
  started_at     timestamptz not null default now(),
  ended_at       timestamptz,
  end_reason     text        check (end_reason in ('encoder', 'stopped', 'encoder_lost', 'node_lost', 'disabled', 'deleted', 'shutdown')),
  interruptions  integer     not null default 0,
  key_id         uuid        not null,
  protocol       text        not null check (protocol in ('rtmp', 'rtmps', 'srt', 'ts')),
  remote_address inet        not null,
  encoder        text,
  video_codec    text,
  width          integer,
  height         integer,
  frame_rate     real,
  audio_codec    text,
  check ((state = 'ended') = (ended_at is not null)),
  check ((state = 'ended') = (end_reason is not null))
);
create unique index broadcast_live on broadcast (stream_id) where state <> 'ended';
create index broadcast_stream on broadcast (stream_id, id);
create index broadcast_account on broadcast (account_id, id);
create index broadcast_node_live on broadcast (node_id) where state <> 'ended';
create index broadcast_node on broadcast (node_id);

-- The running (later: finished) work of sending one broadcast to one destination, with name and platform as they were.
create table relay (
  broadcast_id    uuid        not null references broadcast on delete cascade,
  destination_id  uuid        not null references destination on delete cascade,
  name            text        not null,
  platform        text        not null,
  state           text        not null check (state in ('idle', 'disabled', 'connecting', 'live', 'retrying', 'failed', 'ended')),
  behind          boolean     not null default false,
  permanent       boolean     not null default false,
  last_error      text,
  last_error_code text        check (last_error_code in ('dns', 'refused', 'unreachable', 'timeout', 'tls_untrusted', 'tls_host',
                                'handshake', 'bad_key', 'rejected', 'closed_early', 'stalled', 'reset', 'incompatible_codec',
                                'address_forbidden', 'internal')),
  next_retry_at   timestamptz,
  bytes_sent      bigint      not null default 0,
  frames_sent     bigint      not null default 0,
  frames_dropped  bigint      not null default 0,
  skips           integer     not null default 0,
  reconnects      integer     not null default 0,
  updated_at      timestamptz not null default now(),
  primary key (broadcast_id, destination_id)
);
create index relay_destination on relay (destination_id);

-- A publish that was turned away although its key names a stream: shown on that stream's page.
create table publish_refusal (
  id              uuid        primary key,
  stream_id       uuid        not null references stream on delete cascade,
  reason          text        not null check (reason in ('retired_key', 'disabled', 'in_use', 'stopped', 'limit')),
  key_fingerprint text        not null,
  remote_address  inet        not null,
  occurred_at     timestamptz not null default now()
);
create index publish_refusal_stream on publish_refusal (stream_id, occurred_at);
