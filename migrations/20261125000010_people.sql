-- An organizer's people and programs: members who left, invitations to a team, and API tokens.

-- Up Migration

-- The application deletes no rows: who left has a time here, and may be invited again.
alter table profile_members add column if not exists removed_at timestamptz;

-- Who is invited becomes a member by signing in: before the organizer's own scope is known, as signing in always is.
create policy waro_system_insert on profile_members for insert to waro_app
  with check ((select waro_scope()) = 'system');
create policy waro_system_update on profile_members for update to waro_app
  using ((select waro_scope()) = 'system') with check ((select waro_scope()) = 'system');

create table if not exists team_invitations (id uuid primary key default gen_random_uuid());
alter table team_invitations
  add column if not exists profile_id uuid not null references profiles (id),
  -- In lower case.
  add column if not exists email text not null,
  -- What a person who is new here is called, until they say otherwise.
  add column if not exists full_name text not null default '',
  add column if not exists role text not null check (role in ('owner', 'manager', 'finance', 'gate')),
  add column if not exists invited_by uuid references users (id),
  add column if not exists expires_at timestamptz not null,
  add column if not exists accepted_at timestamptz,
  add column if not exists cancelled_at timestamptz,
  add column if not exists created_at timestamptz not null default now();

create unique index if not exists waro_team_invitations_open on team_invitations (profile_id, email)
  where accepted_at is null and cancelled_at is null;
create index if not exists waro_team_invitations_listing on team_invitations (profile_id, created_at, id);

-- The link of an invitation's mail is a sign-in link that lives as long as its invitation is open.
alter table magic_links add column if not exists invitation_id uuid references team_invitations (id);

-- Only a SHA-256 of the token is kept.
create table if not exists api_tokens (id uuid primary key default gen_random_uuid());
alter table api_tokens
  add column if not exists profile_id uuid not null references profiles (id),
  add column if not exists token_name text not null,
  add column if not exists token_hash text not null,
  add column if not exists scopes text[] not null,
  add column if not exists created_by uuid references users (id),
  add column if not exists expires_at timestamptz,
  -- To the hour: being used costs no write per request.
  add column if not exists last_used_at timestamptz,
  add column if not exists revoked_at timestamptz,
  add column if not exists created_at timestamptz not null default now();

create unique index if not exists waro_api_tokens_token on api_tokens (token_hash);
create index if not exists waro_api_tokens_listing on api_tokens (profile_id, created_at, id) where revoked_at is null;

-- The organizer's own, and looked up before the organizer is known.
do $$
declare
  table_name text;
begin
  foreach table_name in array array['team_invitations', 'api_tokens'] loop
    execute format('grant select, insert, update on %I to waro_app', table_name);
    execute format('alter table %I enable row level security', table_name);
    execute format(
      'create policy waro_tenant on %I to waro_app
         using ((select waro_scope()) = ''tenant'' and profile_id = (select waro_profile_id()))
         with check ((select waro_scope()) = ''tenant'' and profile_id = (select waro_profile_id()))', table_name);
    execute format(
      'create policy waro_system on %I to waro_app
         using ((select waro_scope()) = ''system'') with check ((select waro_scope()) = ''system'')', table_name);
    execute format(
      'create policy waro_others_unaffected on %I
         using (current_user <> ''waro_app'') with check (current_user <> ''waro_app'')', table_name);
  end loop;
end
$$;
