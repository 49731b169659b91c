// Holds units of one reservation area by area: all, or none.

import type {
  HoldOutcome,
  HoldTerms,
  LeftOut,
  Selection,
} from "../../../durable-objects/area-inventory/contract.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";
import { type HeldPart, giveBack } from "./give-back.ts";

export interface ReservationItem {
  areaId: string;
  selection: Selection;
  /** Units asked for. */
  quantity: number;
  /** What the buyer was shown, or asks for besides. */
  terms: HoldTerms;
}

export interface HeldArea {
  areaId: string;
  outcome: HoldOutcome;
}

export interface HoldRequest {
  reservationId: string;
  eventId: string;
  /** In the order they are to be held. */
  items: readonly ReservationItem[];
}

/** What was held before a refusal is given back; the refusal names its area. */
export async function holdAreas(
  dependencies: Dependencies,
  { reservationId, eventId, items }: HoldRequest,
  { stagesFull, promotionsFull }: LeftOut,
): Promise<Result<HeldArea[], Refusal & { area_id: string }>> {
  const { inventory, settings } = dependencies;
  const held: HeldArea[] = [];
  const units = items.reduce((sum, { quantity }) => sum + quantity, 0);
  let firstUnitIndex = 0;
  let discountInCents = 0;
  for (const { areaId, selection, terms } of items) {
    const outcome = await inventory.area(areaId).placeHold({
      reservationId,
      eventId,
      selection,
      firstUnitIndex,
      holdMs: settings.holdMs,
      ...(Object.keys(terms).length > 0 && { terms }),
      ...(items.length > 1 && { order: { units, discountInCents } }),
      ...(stagesFull.length > 0 && { stagesFull }),
      ...(promotionsFull.length > 0 && { promotionsFull }),
    });
    if (!outcome.ok) {
      const { code } = outcome.refusal;
      const isOurs =
        code !== "command_reused" || (await wasReleased(dependencies, reservationId, areaId));
      if (isOurs) await giveBack(dependencies, reservationId, partsOf(held));
      return refused({ ...outcome.refusal, area_id: areaId });
    }
    held.push({ areaId, outcome });
    firstUnitIndex += outcome.units.length;
    for (const unit of outcome.units) discountInCents += unit.discountInCents ?? 0;
  }
  return ok(held);
}

/** Always the same order, so that two buyers wanting the same areas cannot each hold what the other lacks. */
export function inOrderOfHolding(items: readonly ReservationItem[]): ReservationItem[] {
  return items.toSorted((left, right) => (left.areaId < right.areaId ? -1 : 1));
}

/** As `giveBack` takes them. */
export function partsOf(held: readonly HeldArea[]): HeldPart[] {
  return held.map(({ areaId, outcome }) => {
    return { inventoryId: areaId, holdExpiresAtMs: outcome.expiresAtMs };
  });
}

/**
 * Asked when a used key comes with other content: what was "held" in the areas before belongs to the first request, which
 * keeps it, unless that request gave everything back.
 */
async function wasReleased(
  { inventory }: Dependencies,
  reservationId: string,
  areaId: string,
): Promise<boolean> {
  return (await inventory.area(areaId).reservationStatus(reservationId))?.state === "released";
}
