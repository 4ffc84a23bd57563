create table account (
  id         uuid        primary key,
  name       text        not null check (length(name) between 1 and 200),
  created_at timestamptz not null default now()
);

create table app_user (
  id             uuid        primary key,
  email          text        not null check (length(email) between 3 and 320),
  password_hash  text        not null,
  platform_admin boolean     not null default false,
  created_at     timestamptz not null default now()
);
create unique index app_user_email on app_user (lower(email));

create table membership (
  account_id uuid not null references account on delete cascade,
  user_id    uuid not null references app_user on delete cascade,
  role       text not null check (role in ('owner', 'member', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (account_id, user_id)
);
create index membership_user on membership (user_id);

-- A sign-in held by a browser's cookie: found by the hash of the cookie's value.
create table web_session (
  id_hash      bytea       primary key,
  user_id      uuid        not null references app_user on delete cascade,
  data         jsonb       not null default '{}',
  created_at   timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at   timestamptz not null
);
create index web_session_user on web_session (user_id);
create index web_session_expires_at on web_session (expires_at);

-- One-time sign-in links, made by the owner's role on the machine itself and consumed by the control plane.
create table sign_in_link (
  token_hash bytea       primary key,
  user_id    uuid        not null references app_user on delete cascade,
  path       text        not null default '/' check (path like '/%' and path not like '//%'),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at    timestamptz
);
create index sign_in_link_user on sign_in_link (user_id);

create table api_token (
  id           uuid        primary key,
  account_id   uuid        not null references account on delete cascade,
  user_id      uuid        not null references app_user on delete cascade,
  name         text        not null check (length(name) between 1 and 200),
  token_hash   bytea       not null unique,
  scopes       text[]      not null,
  created_at   timestamptz not null default now(),
  expires_at   timestamptz,
  revoked_at   timestamptz,
  last_used_at timestamptz
);
create index api_token_account on api_token (account_id);
create index api_token_user on api_token (user_id);

-- The answers already given to an Idempotency-Key, sealed because they may hold secrets.
create table idempotency_key (
  account_id  uuid        not null references account on delete cascade,
  token_id    uuid        not null references api_token on delete cascade,
  route       text        not null,
  key         text        not null check (length(key) between 1 and 255),
  body_hash   bytea       not null,
  status      integer,
  sealed_body bytea,
  location    text,
  created_at  timestamptz not null default now(),
  primary key (account_id, token_id, route, key)
);
create index idempotency_key_token on idempotency_key (token_id);
create index idempotency_key_created_at on idempotency_key (created_at);

create table audit_log (
  id          uuid        primary key,
  account_id  uuid,
  user_id     uuid,
  action      text        not null,
  detail      jsonb       not null default '{}',
  occurred_at timestamptz not null default now()
);
create index audit_log_account on audit_log (account_id, occurred_at);
