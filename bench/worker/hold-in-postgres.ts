// The reference hold: the next free units taken in Postgres with FOR UPDATE SKIP LOCKED, in one statement and one round
// trip, in copies of the product's tables. Lean on purpose: as the tables' owner, so without row-level security, and
// without the product's checks.

import { neon, neonConfig } from "@neondatabase/serverless";

const STATEMENT = `
  WITH picked AS (
    SELECT id FROM bench.units WHERE area_id = $1 AND status = 'available'
    ORDER BY position LIMIT $2 FOR UPDATE SKIP LOCKED
  ), held AS (
    UPDATE bench.units SET status = 'reserved' FROM picked WHERE units.id = picked.id
    RETURNING units.id, units.label
  ), reservation AS (
    INSERT INTO bench.reservations (id, profile_id, cluster_id, start_date, end_date)
    SELECT $3, profile_id, cluster_id, now(), now() + interval '1 hour' FROM areas WHERE id = $1
    RETURNING id
  )
  INSERT INTO bench.reservation_units (profile_id, reservation_id, area_id, unit_id, price, service, currency)
  SELECT areas.profile_id, reservation.id, areas.id, held.id, areas.price, areas.service, areas.currency
  FROM held, reservation, areas WHERE areas.id = $1
  RETURNING id, unit_id, price, service`;

export interface PostgresHold {
  areaId: string;
  quantity: number;
}

/** The rows of the held units; fewer than asked for when the area is sold out. */
export function holdInPostgres(
  env: { BENCH_DATABASE_URL: string; DATABASE_HTTP_ENDPOINT: string },
  { areaId, quantity }: PostgresHold,
): Promise<Record<string, unknown>[]> {
  neonConfig.fetchEndpoint = () => env.DATABASE_HTTP_ENDPOINT;
  return neon(env.BENCH_DATABASE_URL).query(STATEMENT, [areaId, quantity, crypto.randomUUID()]);
}
