// Looks at units on both sides so that a difference is one, as `look-at-reservations.ts` does.

import type { UnitStatus } from "../../../../durable-objects/area-inventory/contract.ts";
import { type ToldUnit, findToldUnitsById } from "../../../db/audit-repository.ts";
import { type Audit, itemsOf } from "./audit.ts";
import { type UnitPair, compareUnit } from "./compare-unit.ts";
import type { Difference } from "./difference.ts";
import type { Look } from "./settle.ts";

/** New units come from Postgres, so one that only Postgres has is waited for. */
export async function lookAtUnits(
  audit: Audit,
  unitIds: readonly string[],
  isLast: boolean,
): Promise<Look> {
  const { tenant, area } = audit;
  const before = await itemsOf(audit, { unitIds });
  const told = await findToldUnitsById(tenant, area.areaId, unitIds);
  const after = await itemsOf(audit, { unitIds });
  const pairs = pairUp(before.units, told);
  const statesAfter = new Map(after.units.map(({ unitId, state }) => [unitId, state]));
  const waiting = new Set(before.waitingIds);
  const isOnSale = area.eventStatus === "published";
  const differences: Difference[] = [];
  const open: string[] = [];
  for (const unitId of unitIds) {
    const pair = pairs.get(unitId) ?? { object: null, told: null };
    const isStill = pair.object?.state === statesAfter.get(unitId);
    // A draft's new units reach its object when it is published.
    if (pair.object === null && !isOnSale) continue;
    if (!isStill || waiting.has(unitId) || (pair.object === null && !isLast)) open.push(unitId);
    else differences.push(...compareUnit(pair, { areaId: area.areaId, version: after.version }));
  }
  return { differences, open };
}

/** By the unit's id. */
export function pairUp(
  ofObject: readonly UnitStatus[],
  told: readonly ToldUnit[],
): Map<string, UnitPair> {
  const pairs = new Map<string, UnitPair>();
  for (const object of ofObject) pairs.set(object.unitId, { object, told: null });
  for (const row of told)
    pairs.set(row.unitId, { object: pairs.get(row.unitId)?.object ?? null, told: row });
  return pairs;
}
