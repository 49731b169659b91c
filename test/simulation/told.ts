// What an answer says, read as a caller reads it.

import type { PoolUse } from "../../durable-objects/area-inventory/core/commands.ts";

export interface ToldUnit {
  unitId: string;
  reservationUnitId: string;
  priceInCents: number;
  serviceInCents: number;
  discountInCents?: number;
  promotionId?: string;
}

/** A part of a pool that a hold needs; of a promotion without a code, which one. */
export interface ToldPool extends PoolUse {
  promotionId?: string;
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

export function poolsOf(outcome: object): readonly ToldPool[] {
  if (!("pools" in outcome) || !Array.isArray(outcome.pools)) return [];
  const pools: readonly PoolUse[] = outcome.pools;
  const promotionId = unitsOf(outcome)[0]?.promotionId;
  const isNamed = ({ stageId, promotionCode }: PoolUse) => stageId ?? promotionCode;
  return pools.map((pool) =>
    isNamed(pool) ? pool : { ...pool, ...(promotionId && { promotionId }) },
  );
}

export function totalOf(outcome: object): number {
  return unitsOf(outcome).reduce((sum, unit) => sum + unit.priceInCents + unit.serviceInCents, 0);
}

export function expiryOf(outcome: object): number {
  return "expiresAtMs" in outcome ? Number(outcome.expiresAtMs) : 0;
}

/** Ids of the tickets that were taken back. */
export function cancelledOf(outcome: object): readonly string[] {
  return "cancelled" in outcome && Array.isArray(outcome.cancelled) ? outcome.cancelled : [];
}

export function serialOf(outcome: object): number {
  return "serial" in outcome ? Number(outcome.serial) : 0;
}
