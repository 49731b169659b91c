-- Who has a link to an event that was put off or called off is told so, instead of being told that there is no such event.

-- Up Migration

-- It was on sale, or put off, when it was cancelled: what nobody was shown before is not shown by cancelling it.
alter table clusters
  add column if not exists cancelled_in_public boolean not null default false;

-- Only what was published is ever postponed.
alter policy waro_public on clusters using (
  (select waro_scope()) = 'public' and profile_id = (select waro_profile_id())
  and (status in ('published', 'postponed') or status = 'cancelled' and cancelled_in_public)
  and is_active and not shadowban);

-- Postponed events are listed too. It serves what `waro_clusters_public_listing` served, which nothing uses any more.
create index if not exists waro_clusters_public_listing_open on clusters (profile_id, start_date, id)
  where status in ('published', 'postponed') and is_active and not shadowban;
