-- Every minute compares some areas with their objects, in turn: the one that has waited longest comes first, and a large one
-- goes on where it was left.

-- Up Migration

alter table areas
  add column if not exists audited_at timestamptz,
  -- Where its next audit goes on; null: at the beginning.
  add column if not exists audit_place jsonb;

create index if not exists waro_areas_audit on areas (coalesce(audited_at, created_at), id);
-- An audit reads an area's tickets in order of reservation.
create index if not exists waro_reservation_units_area on reservation_units (area_id, reservation_id);

-- The minute finds areas before it knows whose they are; writing stays with the organizer's own scope.
create policy waro_system_read on areas for select to waro_app using ((select waro_scope()) = 'system');
create policy waro_system_read on clusters for select to waro_app using ((select waro_scope()) = 'system');
