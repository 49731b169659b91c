// Holds units in one or several areas for an anonymous buyer. Touches no Postgres: the areas' objects know everything.

import type { HoldOutcome, Selection } from "../../../durable-objects/area-inventory/contract.ts";
import { derivedId } from "../../shared/digest.ts";
import { timeOrderedId } from "../../shared/time-ordered-id.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";
import { type Reservation, joinParts } from "./reservation.ts";

export interface ReservationItem {
  areaId: string;
  selection: Selection;
}

export interface PlaceReservationInput {
  eventId: string;
  /** Each area once. */
  items: readonly ReservationItem[];
  idempotencyKey: string | null;
}

export interface PlacedReservation {
  reservation: Reservation;
  token: string;
}

/** How long a buyer can look at a reservation with its token; the hold itself ends much earlier. */
const TOKEN_KEPT_MS = 24 * 60 * 60 * 1000;

/** The reservation and the token that stands for its buyer. All areas or none; a refusal names the area. */
export async function placeReservation(
  dependencies: Dependencies,
  input: PlaceReservationInput,
): Promise<Result<PlacedReservation, Refusal & { area_id: string }>> {
  // Always in the same order, so that two buyers wanting the same areas cannot each hold what the other lacks.
  const items = input.items.toSorted((left, right) => (left.areaId < right.areaId ? -1 : 1));
  const areaIds = items.map((item) => item.areaId);
  const reservationId = await reservationIdFor(input.idempotencyKey, areaIds, dependencies.now());

  const held: { areaId: string; outcome: HoldOutcome }[] = [];
  let firstUnitIndex = 0;
  for (const item of items) {
    const { areaId } = item;
    const { eventId } = input;
    const outcome = await holdInArea(dependencies, {
      ...item,
      reservationId,
      eventId,
      firstUnitIndex,
    });
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

  const [first] = held;
  if (first === undefined) throw new Error("a reservation without areas");
  const claims = {
    reservationId,
    profileId: first.outcome.profileId,
    eventId: input.eventId,
    areaIds,
    expiresAtMs: dependencies.now() + TOKEN_KEPT_MS,
  };
  const parts = held.map(({ areaId, outcome }) => ({ ...outcome, areaId, state: "held" as const }));
  return ok({
    reservation: joinParts({ reservationId, eventId: input.eventId }, parts),
    token: await dependencies.reservationTokens.sign(claims),
  });
}

/** The same key and areas always mean the same reservation; without a key it is a new one. */
async function reservationIdFor(
  idempotencyKey: string | null,
  areaIds: readonly string[],
  nowMs: number,
): Promise<string> {
  if (idempotencyKey === null) return timeOrderedId(nowMs);
  return derivedId(`reservation\n${idempotencyKey}\n${areaIds.join("\n")}`);
}

async function holdInArea(
  { inventory, settings: { holdMs } }: Dependencies,
  {
    areaId,
    ...hold
  }: ReservationItem & { reservationId: string; eventId: string; firstUnitIndex: number },
) {
  return inventory.area(areaId).placeHold({ ...hold, holdMs });
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
