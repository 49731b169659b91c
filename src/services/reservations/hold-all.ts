// Holds everything a reservation needs: units in its areas, then its parts of what several areas share. What is used up
// there and was not asked for by name, a stage or a promotion without a code, is left out and the areas are asked again:
// they hand over to the next stage or promotion by themselves.

import { type LeftOut, totalOf } from "../../../durable-objects/area-inventory/contract.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import { type HoldDependencies, giveBack, orGiveBack } from "./give-back.ts";
import { type HeldArea, type HoldRequest, holdAreas, partsOf } from "./hold-areas.ts";
import { holdPools } from "./hold-pools.ts";
import { inWordsOf, leaveOut } from "./leave-out.ts";

/** A stage or promotion is left out in each; the same request, sent many times at once, needs a few more. */
const ROUNDS_MAX = 120;

export interface HeldReservation {
  areas: HeldArea[];
  poolIds: string[];
}

/** All or nothing. A refusal of an area names it. */
export async function holdAll(
  dependencies: HoldDependencies,
  request: HoldRequest,
): Promise<Result<HeldReservation, Refusal & { area_id?: string }>> {
  const { reservationId, eventId } = request;
  let leftOut: LeftOut = { stagesFull: [], promotionsFull: [] };
  for (let round = 1; ; round += 1) {
    const areas = await holdAreas(dependencies, request, leftOut);
    if (!areas.ok) return areas;
    const pools = areas.value.flatMap(({ outcome }) => outcome.pools ?? []);
    if (pools.length === 0) return ok({ areas: areas.value, poolIds: [] });

    const inAreas = { reservationId, held: () => partsOf(areas.value) };
    const held = await orGiveBack(dependencies, inAreas, () =>
      holdPools(dependencies, { reservationId, eventId, pools }),
    );
    if (held.ok) {
      const otherTotal = findOtherTotal(request, areas.value);
      if (otherTotal === null)
        return ok({ areas: areas.value, poolIds: held.value.map((part) => part.inventoryId) });
      await giveBack(dependencies, reservationId, [...partsOf(areas.value), ...held.value]);
      return refused(otherTotal);
    }
    const { refusal } = held.refusal;
    // Asked for with other content under a used key: what is held belongs to the first request.
    if (refusal.code === "command_reused") return refused(refusal);
    await giveBack(dependencies, reservationId, partsOf(areas.value));
    // What is left out already comes back when the same request, sent twice, has just been answered without leaving it out.
    const without = leaveOut(leftOut, request, held.refusal);
    if (without === null || round === ROUNDS_MAX) return refused(inWordsOf(held.refusal));
    leftOut = without;
  }
}

/** Areas leave it to this when pools may change the price: whoever was shown another one does not get it without being asked. */
function findOtherTotal(
  { items }: HoldRequest,
  areas: readonly HeldArea[],
): { code: "price_changed"; totalInCents: number; area_id: string } | null {
  for (const { areaId, outcome } of areas) {
    const shown = items.find((item) => item.areaId === areaId)?.terms.totalInCents;
    const totalInCents = totalOf(outcome.units);
    if (shown !== undefined && shown !== totalInCents)
      return { code: "price_changed", totalInCents, area_id: areaId };
  }
  return null;
}
