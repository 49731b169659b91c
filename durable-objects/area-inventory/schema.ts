// The SQLite tables of an area's object. Append-only: change nothing that was ever deployed, add an entry.
// Every row and index entry that is written costs money, so there is no index without a query that needs it.

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

  CREATE TABLE unit (
    position INTEGER PRIMARY KEY,
    unit_id TEXT NOT NULL UNIQUE,
    row_number INTEGER NOT NULL,
    number INTEGER NOT NULL,
    label TEXT NOT NULL,
    state TEXT NOT NULL,
    reservation_id TEXT
  );
  -- Best available walks this in order of sale.
  CREATE INDEX unit_available ON unit (position) WHERE state = 'available';

  CREATE TABLE reservation (
    reservation_id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    selection TEXT NOT NULL,
    hold_expires_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    payment_id TEXT,
    units_replaced INTEGER NOT NULL,
    units TEXT NOT NULL
  ) WITHOUT ROWID;
  -- Expiry looks for the oldest hold.
  CREATE INDEX reservation_held ON reservation (expires_at_ms) WHERE state = 'held';

  CREATE TABLE ticket (
    reservation_unit_id TEXT PRIMARY KEY,
    reservation_id TEXT NOT NULL,
    label TEXT NOT NULL,
    serial INTEGER NOT NULL,
    admitted_at_ms INTEGER,
    scan_id TEXT,
    gate TEXT
  ) WITHOUT ROWID;

  CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY,
    body TEXT NOT NULL
  );
  `,
];
