-- Deleted streams and destinations keep their row (deleted_at), because history and a running broadcast still name them.
create table stream (
  id                   uuid        primary key,
  account_id           uuid        not null references account on delete cascade,
  name                 text        not null check (length(name) between 1 and 200),
  enabled              boolean     not null default true,
  resume_grace_seconds integer     check (resume_grace_seconds between 0 and 600),
  -- "Stop" names the broadcast it means, so that a late reader never stops the next one.
  stop_broadcast_id    uuid,
  -- After a stop the encoder's address is refused until then, or its automatic reconnect would start the show again.
  refused_address      inet,
  refused_until        timestamptz,
  created_at           timestamptz not null default now(),
  deleted_at           timestamptz
);
create index stream_account on stream (account_id, id) where deleted_at is null;
create index stream_account_all on stream (account_id);

create table stream_key (
  id          uuid        primary key,
  stream_id   uuid        not null references stream on delete cascade,
  purpose     text        not null default 'publish' check (purpose in ('publish')),
  hmac        bytea       not null unique,
  sealed      bytea       not null,
  fingerprint text        not null,
  created_at  timestamptz not null default now(),
  retired_at  timestamptz
);
create index stream_key_stream on stream_key (stream_id);
create unique index stream_key_current on stream_key (stream_id, purpose) where retired_at is null;

create table destination (
  id              uuid        primary key,
  stream_id       uuid        not null references stream on delete cascade,
  name            text        not null check (length(name) between 1 and 200),
  platform        text        not null check (length(platform) between 1 and 40),
  url             text        not null check (length(url) between 8 and 2000),
  sealed_key      bytea       not null,
  key_fingerprint text        not null,
  enabled         boolean     not null default true,
  -- Grows with every change of url, key or platform, and with every "retry now": a relay that sees it grow starts again.
  revision        bigint      not null default 1,
  created_at      timestamptz not null default now(),
  deleted_at      timestamptz
);
create index destination_stream on destination (stream_id, id) where deleted_at is null;
create index destination_stream_all on destination (stream_id);
