-- Events between two moments, under changing addresses, with what the law asks of their organizer; areas that can be deleted.

-- Up Migration

alter table clusters
  -- Nothing is held before and from these on; null: no such bound. The event's own end always is one.
  add column if not exists sales_start_at timestamptz,
  add column if not exists sales_end_at timestamptz,
  -- Of this event alone; null: that of its organizer's legal information.
  add column if not exists pulep_code text,
  -- What its areas' inventories were told of `shadowban`, which the platform sets here and nobody else.
  add column if not exists shadowban_told boolean not null default false,
  -- What an event was asked to be, where a repeated request must be told from another one.
  add column if not exists request_hash text;

-- What the minute looks for: both nearly always empty.
create index if not exists waro_clusters_over on clusters (end_date) where status = 'published' and is_active;
create index if not exists waro_clusters_shadowban on clusters (id) where shadowban <> shadowban_told;

alter table areas
  add column if not exists is_active boolean not null default true;
create policy waro_public_living on areas as restrictive for select to waro_app
  using ((select waro_scope()) <> 'public' or is_active);

alter table legal_info
  add column if not exists version integer not null default 1,
  add column if not exists updated_at timestamptz not null default now();

-- Slugs that events had before: links to them lead to the event under its slug of today.
create table if not exists cluster_slugs (id uuid primary key default gen_random_uuid());
alter table cluster_slugs
  add column if not exists profile_id uuid not null references profiles (id),
  add column if not exists cluster_id uuid not null references clusters (id),
  add column if not exists slug text not null,
  add column if not exists created_at timestamptz not null default now();
create unique index if not exists waro_cluster_slugs_slug on cluster_slugs (profile_id, slug);

grant select, insert, update on cluster_slugs to waro_app;
alter table cluster_slugs enable row level security;
create policy waro_tenant on cluster_slugs to waro_app
  using ((select waro_scope()) = 'tenant' and profile_id = (select waro_profile_id()))
  with check ((select waro_scope()) = 'tenant' and profile_id = (select waro_profile_id()));
create policy waro_public on cluster_slugs for select to waro_app using (
  (select waro_scope()) = 'public' and profile_id = (select waro_profile_id())
  and exists (select from clusters where clusters.id = cluster_slugs.cluster_id));
create policy waro_others_unaffected on cluster_slugs
  using (current_user <> 'waro_app') with check (current_user <> 'waro_app');
