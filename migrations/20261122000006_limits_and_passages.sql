-- What an organizer limits in an area, and how its gate works.

-- Up Migration

alter table areas
  add column if not exists units_per_reservation_max integer not null default 10
    check (units_per_reservation_max between 1 and 50),
  -- Held and bought together by one buyer; null: any number.
  add column if not exists units_per_buyer_max integer check (units_per_buyer_max > 0),
  add column if not exists allows_reentry boolean not null default false;

-- The pools of a reservation (quantities that several areas share), committed before its areas.
alter table payments
  add column if not exists pool_ids uuid[] not null default '{}';
