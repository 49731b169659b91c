// Holds units of one reservation area by area: all, or none.

import type {
  GivenDiscount,
  HoldOutcome,
  HoldTerms,
  LeftOut,
  Selection,
} from "../../../durable-objects/area-inventory/contract.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import { type HeldPart, type HoldDependencies, giveBack, orGiveBack } from "./give-back.ts";

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

/** What was held before a refusal or a failure is given back; the refusal names its area. */
export function holdAreas(
  dependencies: HoldDependencies,
  request: HoldRequest,
  leftOut: LeftOut,
): Promise<Result<HeldArea[], Refusal & { area_id: string }>> {
  const held: HeldArea[] = [];
  const { reservationId } = request;
  return orGiveBack(dependencies, { reservationId, held: () => partsOf(held) }, () =>
    holdInTurn(dependencies, { ...request, ...leftOut }, held),
  );
}

/** `held` is what there is to give back at any time. */
async function holdInTurn(
  dependencies: HoldDependencies,
  { reservationId, eventId, items, stagesFull, promotionsFull }: HoldRequest & LeftOut,
  held: HeldArea[],
): Promise<Result<HeldArea[], Refusal & { area_id: string }>> {
  const { inventory, settings } = dependencies;
  const units = items.reduce((sum, { quantity }) => sum + quantity, 0);
  let firstUnitIndex = 0;
  let discountInCents = 0;
  const discounts: GivenDiscount[] = [];
  for (const { areaId, selection, terms } of items) {
    const outcome = await inventory.area(areaId).placeHold({
      reservationId,
      eventId,
      selection,
      firstUnitIndex,
      holdMs: settings.holdMs,
      ...(Object.keys(terms).length > 0 && { terms }),
      ...(items.length > 1 && { order: { units, discountInCents, discounts } }),
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
    for (const { promotionId, discountInCents: inCents = 0 } of outcome.units) {
      discountInCents += inCents;
      if (promotionId !== undefined) discounts.push({ promotionId, inCents });
    }
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
  { inventory }: HoldDependencies,
  reservationId: string,
  areaId: string,
): Promise<boolean> {
  return (await inventory.area(areaId).reservationStatus(reservationId))?.state === "released";
}
