-- Signing in by a mailed link: what a link's mail needs, and what a member is shown of their sessions.
-- The tables are there already, under row-level security of the system scope.

-- Up Migration

alter table magic_links
  -- The host its mail leads to: the site it was asked for on.
  add column if not exists site text,
  add column if not exists language text not null default 'es' check (language in ('es', 'en'));

alter table sessions
  -- To the day: written when the session's end moves.
  add column if not exists last_used_at timestamptz not null default now(),
  -- What signed in, in a few words, such as "Firefox · Windows"; null when it did not say.
  add column if not exists user_agent text;

-- How many links an address got of late.
create index if not exists waro_magic_links_address on magic_links (email, created_at);
-- A member's own sessions, newest first.
create index if not exists waro_sessions_member on sessions (user_id, profile_id, created_at desc, id desc);
