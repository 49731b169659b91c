-- Where an event takes place, and what its public listing is searched by.

-- Up Migration

alter table clusters
  add column if not exists city text,
  add column if not exists venue_name text,
  add column if not exists venue_address text;

-- Without accents and capitals: "Bogotá" and "BOGOTA" are the same. Of what Postgres has itself; `unaccent` may not be there.
-- Computed when somebody searches: a stored copy would be in the way of others who write this table, and no index could serve,
-- because under row-level security none does that looks inside a text. An organizer's events that are not over are few, and
-- `waro_clusters_public_listing` has those in order: of ten thousand a search looks through all in some 40 ms.
create or replace function waro_plain_text(value text) returns text language sql immutable parallel safe
  return lower(regexp_replace(normalize(value, NFKD), '[\u0300-\u036f]', '', 'g'));

-- Whose site it is, which pages and search engines are told.
create policy waro_public on profiles for select to waro_app using (
  (select waro_scope()) = 'public' and id = (select waro_profile_id()));
