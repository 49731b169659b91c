-- Sale stages and promotions as the areas' inventories need them.

-- Up Migration

-- With a quantity: of its area, or of all areas of the event together.
alter table sale_stages
  add column if not exists version integer not null default 1,
  add column if not exists created_at timestamptz not null default now(),
  add column if not exists updated_at timestamptz not null default now();

-- `applies_to` = 'cluster' without a target: every event of the organizer.
alter table promotions
  add column if not exists discount_per text not null default 'order' check (discount_per in ('order', 'unit')),
  -- Orders that may use it, all in all and each buyer; null: any number.
  add column if not exists uses_max integer check (uses_max > 0),
  add column if not exists uses_per_buyer_max integer check (uses_per_buyer_max > 0),
  -- What its one-use codes begin with; null: it has none.
  add column if not exists code_prefix text,
  add column if not exists version integer not null default 1,
  add column if not exists created_at timestamptz not null default now(),
  add column if not exists updated_at timestamptz not null default now();

-- One-use codes. The pool of their promotion counts which are used.
create table if not exists promotion_codes (id uuid primary key default gen_random_uuid());
alter table promotion_codes
  add column if not exists profile_id uuid not null references profiles (id),
  add column if not exists promotion_id uuid not null references promotions (id),
  add column if not exists code text not null,
  add column if not exists created_at timestamptz not null default now();
create unique index if not exists waro_promotion_codes_code on promotion_codes (profile_id, code);
create index if not exists waro_promotion_codes_promotion on promotion_codes (promotion_id, code);
create index if not exists waro_promotions_listing on promotions (profile_id, created_at, id);

grant select, insert, update on promotion_codes to waro_app;
alter table promotion_codes enable row level security;
create policy waro_tenant on promotion_codes to waro_app
  using ((select waro_scope()) = 'tenant' and profile_id = (select waro_profile_id()))
  with check ((select waro_scope()) = 'tenant' and profile_id = (select waro_profile_id()));
