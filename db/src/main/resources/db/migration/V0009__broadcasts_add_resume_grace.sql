-- How long a broadcast waits for its lost encoder, and what is said of its end when nobody comes.
alter table broadcast
  -- The grace of the installation, as the node that claimed it last was told; the stream's own overrides it.
  add column node_grace_seconds integer     check (node_grace_seconds between 0 and 600),
  add column resume_until       timestamptz,
  add column grace_reason       text        check (grace_reason in ('encoder_lost', 'node_lost')),
  -- Its node has let go of it, or is lost: the next node that its encoder comes to takes it over.
  add column released           boolean     not null default false,
  add column owned_since        timestamptz not null default now();
create index broadcast_released on broadcast (resume_until) where released and state <> 'ended';
