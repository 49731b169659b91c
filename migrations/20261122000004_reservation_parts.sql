-- Each area writes its part of a reservation into `reservations.extra_attributes -> 'areas'` under its own id. The status
-- of the whole follows from the parts: completed once a part is sold, cancelled when no part is held or sold.

-- Up Migration

create or replace function waro_reservation_status(parts jsonb) returns text language sql immutable
  return case
    when exists (select from jsonb_each(parts) as part where part.value ->> 'state' = 'sold') then 'completed'
    when exists (select from jsonb_each(parts) as part where part.value ->> 'state' = 'held') then 'active'
    else 'cancelled'
  end;

-- Rebuilding an area's object reads its parts in order.
create index if not exists waro_reservations_parts on reservations (cluster_id, id);

-- Which units are held at the moment, as far as the areas have told.
create index if not exists waro_reservations_active on reservations (cluster_id) where status = 'active';
create or replace view waro_held_units with (security_invoker = true) as
  select reservations.cluster_id, part.key::uuid as area_id, (unit.value ->> 'unitId')::uuid as unit_id
  from reservations,
    jsonb_each(reservations.extra_attributes -> 'areas') as part,
    jsonb_array_elements(part.value -> 'units') as unit
  where reservations.status = 'active' and part.value ->> 'state' = 'held';
grant select on waro_held_units to waro_app;
