-- Since when a destination has the stream key that it has: some platforms' keys live for a day, others for one broadcast.
alter table destination add column key_set_at timestamptz not null default now();
