-- An effect whose message failed every time stays known: what it was, when it first died, when it is sent again. Its row in
-- the log gains the columns; ids only, no personal data.

-- Up Migration

alter table effect_log
  -- The message itself.
  add column if not exists effect jsonb,
  add column if not exists died_at timestamptz,
  -- Null: not sent again, because it never died or was given up.
  add column if not exists next_attempt_at timestamptz,
  add column if not exists times_sent_again integer not null default 0,
  add column if not exists given_up_at timestamptz;

-- Dead and not carried out since: what the minute looks for. Nearly always empty.
create index if not exists waro_effect_log_due on effect_log (next_attempt_at)
  where completed_at is null and next_attempt_at is not null;

-- The minute finds them before it knows whose they are; writing stays with the organizer's own scope.
create policy waro_system_read on effect_log for select to waro_app using ((select waro_scope()) = 'system');
