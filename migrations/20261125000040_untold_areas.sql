-- Holds ask no Postgres: an area whose event moved to another status goes on as before until its inventory was told. The
-- minute tells those again that have not acknowledged it.

-- Up Migration

-- The version of the area that came with its event's newest status; null once the inventory has acknowledged it, or a newer one.
alter table areas
  add column if not exists untold_version integer;

-- What the minute looks for: nearly always empty.
create index if not exists waro_areas_untold on areas (id) where untold_version is not null;
