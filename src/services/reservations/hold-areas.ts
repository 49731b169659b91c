// Holds units of one reservation area by area: all, or none.

import type { HoldOutcome, Selection } from "../../../durable-objects/area-inventory/contract.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";

export interface ReservationItem {
  areaId: string;
  selection: Selection;
}

export interface HeldArea {
  areaId: string;
  outcome: HoldOutcome;
}

/** `items` in the order they are to be held. What was held before a refusal is given back; the refusal names its area. */
export async function holdAreas(
  dependencies: Dependencies,
  request: { reservationId: string; eventId: string; items: readonly ReservationItem[] },
): Promise<Result<HeldArea[], Refusal & { area_id: string }>> {
  const { inventory, settings } = dependencies;
  const { reservationId, eventId, items } = request;
  const held: HeldArea[] = [];
  let firstUnitIndex = 0;
  for (const { areaId, selection } of items) {
    const hold = { reservationId, eventId, selection, firstUnitIndex, holdMs: settings.holdMs };
    const outcome = await inventory.area(areaId).placeHold(hold);
    if (!outcome.ok) {
      const { code } = outcome.refusal;
      const isOurs =
        code !== "command_reused" || (await wasReleased(dependencies, reservationId, areaId));
      if (isOurs) await release(dependencies, reservationId, held);
      return refused({ ...outcome.refusal, area_id: areaId });
    }
    held.push({ areaId, outcome });
    firstUnitIndex += outcome.units.length;
  }
  return ok(held);
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

/** What cannot be released now ends by itself at its expiry. */
async function release(
  { inventory }: Dependencies,
  reservationId: string,
  held: readonly { areaId: string }[],
): Promise<void> {
  await Promise.allSettled(
    held.map(({ areaId }) => inventory.area(areaId).releaseHold({ reservationId })),
  );
}
