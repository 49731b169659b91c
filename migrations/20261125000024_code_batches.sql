-- One-use codes that are asked for again after a lost answer are the same ones.

-- Up Migration

alter table promotion_codes
  -- The call they were made by, if it had an Idempotency-Key: it follows from promotion and key.
  add column if not exists batch_id uuid;

create index if not exists waro_promotion_codes_batch on promotion_codes (batch_id) where batch_id is not null;
