// Holds a reservation's parts of the quantities that several areas share: all, or none.

import type { PoolUse, Refusal } from "../../../durable-objects/area-inventory/contract.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import { type HeldPart, type HoldDependencies, giveBack, orGiveBack } from "./give-back.ts";

interface PoolRequest {
  reservationId: string;
  eventId: string;
  /** As the areas named them. */
  pools: readonly PoolUse[];
}

export interface PoolRefusal {
  pool: PoolUse;
  refusal: Refusal;
}

/** The pools, held. A refusal says which one had no room; what was held before it, or before a failure, is given back. */
export function holdPools(
  dependencies: HoldDependencies,
  request: PoolRequest,
): Promise<Result<HeldPart[], PoolRefusal>> {
  const held: HeldPart[] = [];
  const { reservationId } = request;
  return orGiveBack(dependencies, { reservationId, held: () => held }, () =>
    holdInTurn(dependencies, request, held),
  );
}

/** `held` is what there is to give back at any time. */
async function holdInTurn(
  dependencies: HoldDependencies,
  { reservationId, eventId, pools }: PoolRequest,
  held: HeldPart[],
): Promise<Result<HeldPart[], PoolRefusal>> {
  const { inventory, settings } = dependencies;
  for (const pool of addUp(pools)) {
    const { poolId, quantity, promotionCode } = pool;
    const outcome = await inventory.area(poolId).placeHold({
      reservationId,
      eventId,
      selection: { kind: "pool", quantity },
      firstUnitIndex: 0,
      holdMs: settings.holdMs,
      ...(promotionCode !== undefined && { terms: { promotionCode } }),
    });
    if (!outcome.ok) {
      await giveBack(dependencies, reservationId, held);
      return refused({ pool, refusal: outcome.refusal });
    }
    held.push({ inventoryId: poolId, holdExpiresAtMs: outcome.expiresAtMs });
  }
  return ok(held);
}

/** One part of each pool, always in the same order: a stage's units add up, a promotion is used once by an order. */
function addUp(pools: readonly PoolUse[]): PoolUse[] {
  const byId = new Map<string, PoolUse>();
  for (const pool of pools) {
    const known = byId.get(pool.poolId);
    const quantity = pool.quantity + (pool.stageId === undefined ? 0 : (known?.quantity ?? 0));
    byId.set(pool.poolId, { ...pool, quantity });
  }
  return [...byId.values()].toSorted((left, right) => (left.poolId < right.poolId ? -1 : 1));
}
