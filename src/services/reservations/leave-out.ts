// What follows from a pool that refused: what the areas are asked to do without, or what the buyer is told. Pure.

import type { LeftOut } from "../../../durable-objects/area-inventory/contract.ts";
import type { Refusal } from "../../shared/refusals.ts";
import type { HoldRequest } from "./hold-areas.ts";
import type { PoolRefusal } from "./hold-pools.ts";

/** What to ask the areas to do without; null when the buyer asked for it by name. */
export function leaveOut(
  leftOut: LeftOut,
  { items }: HoldRequest,
  { pool, refusal }: PoolRefusal,
): LeftOut | null {
  // A promotion's pool has its id.
  const { stageId, promotionCode, poolId: promotionId } = pool;
  if (refusal.code !== "sold_out" || promotionCode !== undefined) return null;
  if (stageId === undefined)
    return { ...leftOut, promotionsFull: withOne(leftOut.promotionsFull, promotionId) };
  const wasShown = items.some(({ terms }) => terms.stageId === stageId);
  return wasShown ? null : { ...leftOut, stagesFull: withOne(leftOut.stagesFull, stageId) };
}

function withOne(ids: readonly string[], id: string): readonly string[] {
  return ids.includes(id) ? ids : [...ids, id];
}

/** A pool does not know what it is a pool of. */
export function inWordsOf({ pool: { stageId }, refusal }: PoolRefusal): Refusal {
  // The area is there; what it shares is not, for the moment.
  if (refusal.code === "area_unknown") return { code: "area_closed" };
  if (refusal.code !== "sold_out") return refusal;
  const left = refusal.available;
  return stageId === undefined
    ? { code: "promotion_used_up", left }
    : { code: "stage_sold_out", left };
}
