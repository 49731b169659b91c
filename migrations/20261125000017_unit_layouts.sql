-- What a theatre prints on its seats, and bulk calls that may be repeated after a lost answer.

-- Up Migration

alter table units
  -- What the row is called; null: its number.
  add column if not exists row_name text,
  -- Units of a row with consecutive places sit side by side; null: so do their numbers.
  add column if not exists place integer;

-- One row for every bulk call that had an Idempotency-Key; its id follows from area and key.
create table if not exists unit_batches (id uuid primary key default gen_random_uuid());
alter table unit_batches
  add column if not exists profile_id uuid not null references profiles (id),
  add column if not exists area_id uuid not null references areas (id),
  -- SHA-256 of what was asked for.
  add column if not exists content_hash text not null,
  add column if not exists units_created integer not null,
  -- Units the area had afterwards.
  add column if not exists capacity integer,
  add column if not exists created_at timestamptz not null default now();

grant select, insert, update on unit_batches to waro_app;
alter table unit_batches enable row level security;
alter table unit_batches force row level security;
create policy waro_tenant on unit_batches to waro_app
  using ((select waro_scope()) = 'tenant' and profile_id = (select waro_profile_id()))
  with check ((select waro_scope()) = 'tenant' and profile_id = (select waro_profile_id()));
create policy waro_owner_unaffected on unit_batches to current_user
  using ((select coalesce(current_setting('waro.scope', true), '') = ''))
  with check ((select coalesce(current_setting('waro.scope', true), '') = ''));
