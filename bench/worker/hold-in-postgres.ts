// The reference hold: the next free units taken in Postgres with FOR UPDATE SKIP LOCKED, in one statement and one round
// trip, in copies of the product's tables. Lean on purpose: as the tables' owner, so without row-level security, and
// without the product's checks.

import { neon, neonConfig } from "@neondatabase/serverless";

/** Two copies: one with the best index this statement can have, one with the product's own indexes alone. */
const schemas = { indexed: "bench_indexed", plain: "bench_plain" } as const;

const statementFor = (schema: string) => `
  WITH picked AS (
    SELECT id FROM ${schema}.units WHERE area_id = $1 AND status = 'available'
    ORDER BY position LIMIT $2 FOR UPDATE SKIP LOCKED
  ), held AS (
    UPDATE ${schema}.units SET status = 'reserved' FROM picked WHERE units.id = picked.id
    RETURNING units.id, units.label
  ), reservation AS (
    INSERT INTO ${schema}.reservations (id, profile_id, cluster_id, start_date, end_date)
    SELECT $3, profile_id, cluster_id, now(), now() + interval '1 hour' FROM areas WHERE id = $1
    RETURNING id
  )
  INSERT INTO ${schema}.reservation_units (profile_id, reservation_id, area_id, unit_id, price, service, currency)
  SELECT areas.profile_id, reservation.id, areas.id, held.id, areas.price, areas.service, areas.currency
  FROM held, reservation, areas WHERE areas.id = $1
  RETURNING id, unit_id, price, service`;

export interface PostgresHold {
  areaId: string;
  quantity: number;
  tables: keyof typeof schemas;
}

/** The rows of the held units; fewer than asked for when the area is sold out. */
export function holdInPostgres(
  env: { BENCH_DATABASE_URL: string; DATABASE_HTTP_ENDPOINT: string },
  { areaId, quantity, tables }: PostgresHold,
): Promise<Record<string, unknown>[]> {
  neonConfig.fetchEndpoint = () => env.DATABASE_HTTP_ENDPOINT;
  const statement = statementFor(schemas[tables]);
  return neon(env.BENCH_DATABASE_URL).query(statement, [areaId, quantity, crypto.randomUUID()]);
}
