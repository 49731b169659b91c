// What must be true after all that load: nothing sold twice, nothing lost that was acknowledged, and Postgres and the
// objects say the same. And how long Postgres took to learn of it.

import type { Area } from "./api.ts";
import type { CaseTools } from "./cases.ts";
import { HOLD_SECONDS, type BenchStack } from "./stack.ts";

export interface Verdict {
  oversold: number;
  lost: number;
  acknowledgedHolds: number;
  acknowledgedPurchases: number;
  differences: string[];
}

async function countOf(
  { database }: BenchStack,
  text: string,
  values: unknown[] = [],
): Promise<number> {
  const { rows } = await database.query<{ count: number }>(text, values);
  return rows[0]?.count ?? Number.NaN;
}

export async function verify(tools: CaseTools): Promise<Verdict> {
  const { stack, generator, prepared } = tools;
  const holds: string[] = [];
  for (const kind of ["hold", "hold (indexed)", "hold (plain)", "hold (large)", "hold (small)"]) {
    holds.push(...(await generator.ids(kind)));
  }
  holds.push(...(await generator.ids("units hold")));
  const purchases: string[] = [];
  for (const name of ["purchase", "counted purchase 1", "counted purchase 64"]) {
    purchases.push(...(await generator.ids(name)));
  }
  const { hold, indexed, plain, large, small, named, purchase, gate, count } = prepared;
  const areas = [hold, indexed, plain, large, ...small, named, purchase, gate, count];
  const inObjects = await Promise.all(areas.map((area) => compareArea(tools, area)));
  return {
    oversold:
      (await countOf(
        stack,
        `SELECT count(*)::integer FROM (SELECT unit_id FROM (
             SELECT unit_id FROM reservation_units WHERE status IN ('confirmed', 'used', 'transferred')
             UNION ALL SELECT unit_id FROM waro_held_units) AS taken
           GROUP BY unit_id HAVING count(*) > 1) AS twice`,
      )) + inObjects.filter(({ isOversold }) => isOversold).length,
    lost: (await lostHolds(stack, holds)) + (await lostPurchases(stack, purchases)),
    acknowledgedHolds: holds.length,
    acknowledgedPurchases: purchases.length,
    differences: inObjects.flatMap(({ difference }) => difference),
  };
}

/** Acknowledged holds of two units that Postgres does not have whole. */
function lostHolds(stack: BenchStack, ids: string[]): Promise<number> {
  return countOf(
    stack,
    `SELECT count(*)::integer FROM unnest($1::uuid[]) AS wanted (id)
     LEFT JOIN reservations USING (id)
     LEFT JOIN LATERAL (SELECT sum(jsonb_array_length(part.value -> 'units')) AS units
       FROM jsonb_each(extra_attributes -> 'areas') AS part WHERE part.value ->> 'state' = 'held') AS held ON true
     WHERE units IS DISTINCT FROM 2`,
    [ids],
  );
}

/** Acknowledged purchases without two tickets and a settled payment. */
function lostPurchases(stack: BenchStack, ids: string[]): Promise<number> {
  return countOf(
    stack,
    `SELECT count(*)::integer FROM unnest($1::uuid[]) AS wanted (id)
     LEFT JOIN (SELECT reservation_id, count(*) AS units FROM reservation_units
       WHERE status IN ('confirmed', 'used') GROUP BY reservation_id) AS known ON known.reservation_id = wanted.id
     LEFT JOIN payments ON payments.reservation_id = wanted.id AND payments.status = 'settled'
     WHERE units IS DISTINCT FROM 2 OR payments.id IS NULL`,
    [ids],
  );
}

async function compareArea({ api, stack }: CaseTools, area: Area) {
  const inObject = await api.countedUnits(area.areaId);
  const { rows } = await stack.database.query<{ status: string; units: number; given: number }>(
    `SELECT CASE WHEN status = 'available' AND held.unit_id IS NOT NULL THEN 'held' ELSE status END AS status,
       count(*)::integer AS units
     FROM units LEFT JOIN (SELECT DISTINCT unit_id FROM waro_held_units WHERE area_id = $1) AS held
       ON held.unit_id = units.id
     WHERE area_id = $1 GROUP BY 1`,
    [area.areaId],
  );
  const inPostgres = Object.fromEntries(rows.map(({ status, units }) => [status, units]));
  const living = await countOf(
    stack,
    `SELECT (SELECT count(*) FROM reservation_units
         WHERE area_id = $1 AND status IN ('confirmed', 'used'))::integer
       + (SELECT count(*) FROM waro_held_units WHERE area_id = $1)::integer AS count`,
    [area.areaId],
  );
  const states = ["available", "held", "sold"];
  const isSame = states.every((state) => (inObject[state] ?? 0) === (inPostgres[state] ?? 0));
  const taken = (inObject["held"] ?? 0) + (inObject["sold"] ?? 0);
  const difference = isSame
    ? []
    : [
        `${area.areaId}: ${JSON.stringify(inObject)} in the object, ${JSON.stringify(inPostgres)} in Postgres`,
      ];
  return { isOversold: living > taken, difference };
}

export interface Lag {
  p50: number;
  p99: number;
  max: number;
  holds: number;
  /** Transactions that brought them. */
  flushes: number;
  /** Transactions of the object that decided them. */
  batches: number;
}

/**
 * Milliseconds from a hold's decision in its object to the commit that brought it to Postgres, of every hold of the
 * case at full speed: the decision is the hold's end less its length, the commit is what Postgres kept of the
 * transaction that wrote the row. Both clocks are this machine's. Null when the case was left out.
 */
export async function projectionLag(
  { database }: BenchStack,
  { eventId, areaId }: Area,
): Promise<Lag | null> {
  const { rows } = await database.query<Lag>(
    `SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY lag)::float AS p50,
       percentile_disc(0.99) WITHIN GROUP (ORDER BY lag)::float AS p99, max(lag)::float AS max, count(*)::integer AS holds,
       count(DISTINCT flush)::integer AS flushes,
       count(DISTINCT batch)::integer AS batches
     FROM (SELECT xmin::text AS flush, extra_attributes #>> ARRAY['areas', $3::text, 'version'] AS batch,
         1000 * extract(epoch FROM pg_xact_commit_timestamp(xmin) - end_date + make_interval(secs => $2)) AS lag
       FROM reservations WHERE cluster_id = $1) AS lags`,
    [eventId, HOLD_SECONDS, areaId],
  );
  const lag = rows[0] ?? null;
  return lag?.holds === 0 ? null : lag;
}
