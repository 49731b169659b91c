-- A payment keeps what its amount is made of: what a buyer agreed to, whatever prices are later.

-- Up Migration

-- Base price, stage, promotion and fee of each area, in minor units, as the inventory worked them out; null: not kept.
alter table payments add column if not exists price_lines jsonb;
