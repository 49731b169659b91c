// The SQLite tables of an area's object. Append-only: change nothing that was ever deployed, add an entry.
// Every row and index entry that is written costs money, so what changes often is kept in few rows: the states of
// up to a block's units in one, a reservation with its units and tickets in one.

export const migrations: readonly string[] = [
  `
  CREATE TABLE area (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    settings TEXT NOT NULL,
    available INTEGER NOT NULL,
    held INTEGER NOT NULL,
    sold INTEGER NOT NULL,
    blocked INTEGER NOT NULL,
    -- Number of the newest batch; the version every row of that batch carries to Postgres.
    sequence INTEGER NOT NULL
  );

  -- What never changes about a unit.
  CREATE TABLE unit (
    position INTEGER PRIMARY KEY,
    unit_id TEXT NOT NULL UNIQUE,
    row_number INTEGER NOT NULL,
    number INTEGER NOT NULL,
    label TEXT NOT NULL
  );

  -- Units side by side, and their states: one byte a unit, as SeatMap names them.
  CREATE TABLE block (
    block INTEGER PRIMARY KEY,
    start INTEGER NOT NULL,
    row_number INTEGER NOT NULL,
    last_number INTEGER NOT NULL,
    states BLOB NOT NULL
  );

  CREATE TABLE reservation (
    reservation_id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    selection TEXT NOT NULL,
    hold_expires_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    payment_id TEXT,
    units_replaced INTEGER NOT NULL,
    units TEXT NOT NULL,
    tickets TEXT NOT NULL
  ) WITHOUT ROWID;
  -- Expiry looks for the oldest hold.
  CREATE INDEX reservation_held ON reservation (expires_at_ms) WHERE state = 'held';

  CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY,
    body TEXT NOT NULL
  );
  `,
  `
  -- Terms, uses of limited quantities and pools of a reservation, where it has any.
  ALTER TABLE reservation ADD COLUMN details TEXT;

  -- How much of each limited quantity is held and sold.
  CREATE TABLE quota (
    key TEXT PRIMARY KEY,
    taken INTEGER NOT NULL
  ) WITHOUT ROWID;

  -- Organizers' commands and what they were told, for when one is sent again.
  CREATE TABLE command (
    command_id TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    outcome TEXT NOT NULL
  ) WITHOUT ROWID;
  `,
  `
  -- When holds end is kept in memory: an entry of this index was paid for with every hold, payment and sale.
  DROP INDEX reservation_held;
  `,
];
