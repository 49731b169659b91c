// What an answer says, read as a caller reads it.

import type { PoolUse } from "../../durable-objects/area-inventory/core/commands.ts";

export interface ToldUnit {
  unitId: string;
  reservationUnitId: string;
  discountInCents?: number;
}

export function isOk(outcome: object): boolean {
  return "ok" in outcome && outcome.ok === true;
}

export function codeOf(outcome: object): unknown {
  const refusal: unknown = "refusal" in outcome ? outcome.refusal : null;
  return typeof refusal === "object" && refusal !== null && "code" in refusal ? refusal.code : null;
}

export function unitsOf(outcome: object): readonly ToldUnit[] {
  return "units" in outcome && Array.isArray(outcome.units) ? outcome.units : [];
}

export function poolsOf(outcome: object): readonly PoolUse[] {
  return "pools" in outcome && Array.isArray(outcome.pools) ? outcome.pools : [];
}

/** Ids of the tickets that were taken back. */
export function cancelledOf(outcome: object): readonly string[] {
  return "cancelled" in outcome && Array.isArray(outcome.cancelled) ? outcome.cancelled : [];
}

export function serialOf(outcome: object): number {
  return "serial" in outcome ? Number(outcome.serial) : 0;
}
