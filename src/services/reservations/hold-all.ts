// Holds everything a reservation needs: units in its areas, then its parts of what several areas share. A stage whose
// shared quantity is used up is left out and the areas are asked again: they hand over to the next stage by themselves.

import type { PoolUse } from "../../../durable-objects/area-inventory/contract.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";
import { giveBack } from "./give-back.ts";
import { type HeldArea, type HoldRequest, holdAreas } from "./hold-areas.ts";
import { holdPools } from "./hold-pools.ts";

export interface HeldReservation {
  areas: HeldArea[];
  poolIds: string[];
}

/** All or nothing. A refusal of an area names it. */
export async function holdAll(
  dependencies: Dependencies,
  request: HoldRequest,
): Promise<Result<HeldReservation, Refusal & { area_id?: string }>> {
  const { reservationId, eventId, items } = request;
  const stagesFull: string[] = [];
  for (;;) {
    const areas = await holdAreas(dependencies, request, stagesFull);
    if (!areas.ok) return areas;
    const pools = areas.value.flatMap(({ outcome }) => outcome.pools ?? []);
    if (pools.length === 0) return ok({ areas: areas.value, poolIds: [] });

    const held = await holdPools(dependencies, { reservationId, eventId, pools });
    if (held.ok) return ok({ areas: areas.value, poolIds: held.value });
    const { pool, refusal } = held.refusal;
    // Asked for with other content under a used key: what is held belongs to the first request.
    if (refusal.code === "command_reused") return refused(refusal);
    const areaIds = items.map(({ areaId }) => areaId);
    await giveBack(dependencies, reservationId, areaIds);
    const { stageId } = pool;
    const isNextPossible = refusal.code === "sold_out" && stageId !== undefined;
    if (!isNextPossible || wasShown(request, stageId)) return refused(inWordsOf(pool, refusal));
    stagesFull.push(stageId);
  }
}

/** Whoever was shown a stage does not get another one without being asked. */
function wasShown({ items }: HoldRequest, stageId: string): boolean {
  return items.some(({ terms }) => terms.stageId === stageId);
}

/** A pool does not know what it is a pool of. */
function inWordsOf({ stageId }: PoolUse, refusal: Refusal): Refusal {
  if (refusal.code !== "sold_out") return refusal;
  const left = refusal.available;
  return stageId === undefined
    ? { code: "promotion_used_up", left }
    : { code: "stage_sold_out", left };
}
