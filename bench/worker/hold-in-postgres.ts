// The reference hold: the next free units taken in Postgres with FOR UPDATE SKIP LOCKED, in one statement and one
// round trip, in tables of its own with the best index for it. Lean on purpose: no scope, no row-level security.

import { neon, neonConfig } from "@neondatabase/serverless";

const STATEMENT = `
  WITH picked AS (
    SELECT id FROM bench.unit WHERE area_id = $1 AND status = 'available'
    ORDER BY position LIMIT $2 FOR UPDATE SKIP LOCKED
  ), held AS (
    UPDATE bench.unit SET status = 'reserved', reservation_id = $3
    FROM picked WHERE unit.id = picked.id RETURNING unit.id, unit.label
  ), reservation AS (
    INSERT INTO bench.reservation (id, area_id, end_date) VALUES ($3, $1, now() + interval '1 hour')
  )
  INSERT INTO bench.reservation_unit (id, reservation_id, unit_id, label, price)
  SELECT gen_random_uuid(), $3, id, label, 5000000 FROM held RETURNING id, unit_id, label, price`;

export interface PostgresHold {
  areaId: string;
  quantity: number;
}

/** The rows of the held units; fewer than asked for when the area is sold out. */
export function holdInPostgres(
  env: { DATABASE_URL: string; DATABASE_HTTP_ENDPOINT: string },
  { areaId, quantity }: PostgresHold,
): Promise<Record<string, unknown>[]> {
  neonConfig.fetchEndpoint = () => env.DATABASE_HTTP_ENDPOINT;
  return neon(env.DATABASE_URL).query(STATEMENT, [areaId, quantity, crypto.randomUUID()]);
}
