-- Holds that should have ended a while ago and have not, as far as Postgres was told: the minute wakes their areas. An object
-- whose alarm was lost, or whose changes do not arrive, shows itself by them.

-- Up Migration

-- A prefix of it is all that is read: nearly always nothing of it is late.
create index if not exists waro_reservations_late on reservations (end_date) where status = 'active';

-- The minute finds them before it knows whose they are; writing stays with the organizer's own scope.
create policy waro_system_read on reservations for select to waro_app using ((select waro_scope()) = 'system');
