-- Images of events: the file in the media bucket, what it is used for, and when nobody needs it any more. Rows of other
-- applications have no `attached_at` and stay as they are.

-- Up Migration

alter table images
  -- `uploading`: on its way; `removing`: its file is about to go; `removed`: it has gone.
  add column if not exists status text not null default 'ready'
    check (status in ('uploading', 'ready', 'removing', 'removed')),
  add column if not exists content_type text,
  add column if not exists size_bytes bigint,
  -- As it is seen, after turning.
  add column if not exists width_pixels integer,
  add column if not exists height_pixels integer,
  -- SHA-256 of the file, or of what was said of it before it was sent.
  add column if not exists content_hash text,
  -- Until then its file may be sent to the bucket directly; null: it was not, or what was sent has been tidied away.
  add column if not exists upload_expires_at timestamptz,
  -- Null while an event shows it.
  add column if not exists unused_since timestamptz;

alter table cluster_images
  add column if not exists alt_text text not null default '',
  -- Order in the gallery, from 0.
  add column if not exists position integer not null default 0,
  -- Null until the file is there.
  add column if not exists attached_at timestamptz,
  add column if not exists removed_at timestamptz;

-- When the images of a deleted event were given up.
alter table clusters
  add column if not exists images_released_at timestamptz;

-- One of each but the gallery.
create unique index if not exists waro_cluster_images_single on cluster_images (cluster_id, type_image)
  where attached_at is not null and removed_at is null and type_image <> 'gallery';
create index if not exists waro_cluster_images_image on cluster_images (image_id);
-- What the minute tidies away. Nearly always empty.
create index if not exists waro_images_unused on images (unused_since)
  where unused_since is not null and status <> 'removed';
create index if not exists waro_images_uploads on images (upload_expires_at) where upload_expires_at is not null;
create index if not exists waro_clusters_unreleased on clusters (id) where not is_active and images_released_at is null;

-- The minute finds them before it knows whose they are; writing stays with the organizer's own scope.
create policy waro_system_read on images for select to waro_app using ((select waro_scope()) = 'system');

-- What anybody may see of a published event.
create policy waro_public on cluster_images for select to waro_app using (
  (select waro_scope()) = 'public' and profile_id = (select waro_profile_id())
  and attached_at is not null and removed_at is null
  and exists (select from clusters where clusters.id = cluster_images.cluster_id));
create policy waro_public on images for select to waro_app using (
  (select waro_scope()) = 'public' and profile_id = (select waro_profile_id()) and status = 'ready'
  and exists (select from cluster_images where cluster_images.image_id = images.id));
