// What an organizer asks for, as a plan of units. Pure: knows neither the area nor what it has already.

import type { UnitPlan } from "../../db/unit-plans-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import {
  UNITS_MAX,
  type UnitBlock,
  rowsOf,
  seatsOf,
  unitsIn,
} from "../../shared/units/unit-block.ts";
import type { ListedUnit } from "../../shared/units/unit-csv.ts";

export type UnitOrder = UnitBlock | { kind: "listed"; units: readonly ListedUnit[] };

export interface PlannedUnits {
  plan: UnitPlan;
  units: number;
}

/** Counts before it makes anything: a block may be larger than memory. */
export function planUnits(
  order: UnitOrder,
): Result<PlannedUnits, { code: "units_too_many"; max: number }> {
  const units = order.kind === "listed" ? order.units.length : unitsIn(order);
  if (units > UNITS_MAX) return refused({ code: "units_too_many", max: UNITS_MAX });
  if (order.kind !== "seats") return ok({ plan: order, units });
  const { prefix, rows, numbers } = order;
  return ok({
    plan: { kind: "seats", prefix, rows: rowsOf(rows), seats: seatsOf(numbers) },
    units,
  });
}
