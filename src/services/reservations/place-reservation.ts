// Holds units in one or several areas for an anonymous buyer. Touches no Postgres: the areas' objects know everything.

import { derivedId } from "../../shared/digest.ts";
import { timeOrderedId } from "../../shared/time-ordered-id.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";
import { holdAll } from "./hold-all.ts";
import { guardCode } from "../promotions/guard-code.ts";
import { type ReservationItem, inOrderOfHolding } from "./hold-areas.ts";
import { type Reservation, joinParts } from "./reservation.ts";

export interface PlaceReservationInput {
  eventId: string;
  /** Each area once. */
  items: readonly ReservationItem[];
  idempotencyKey: string | null;
  /** Of who asks. */
  address: string;
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
): Promise<Result<PlacedReservation, Refusal & { area_id?: string }>> {
  const items = inOrderOfHolding(input.items);
  const areaIds = items.map((item) => item.areaId);
  const reservationId = await reservationIdFor(input.idempotencyKey, areaIds, dependencies.now());

  const { eventId, address } = input;
  const code = items.find(({ terms }) => terms.promotionCode !== undefined)?.terms.promotionCode;
  const result = await guardCode(dependencies, { code, address, eventId }, () =>
    holdAll(dependencies, { reservationId, eventId, items }),
  );
  if (!result.ok) return result;
  const { areas: held, poolIds } = result.value;
  const [first] = held;
  if (first === undefined) throw new Error("a reservation without areas");
  const claims = {
    reservationId,
    profileId: first.outcome.profileId,
    eventId,
    areaIds,
    poolIds,
    expiresAtMs: dependencies.now() + TOKEN_KEPT_MS,
  };
  const parts = held.map(({ areaId, outcome }) => ({ ...outcome, areaId, state: "held" as const }));
  return ok({
    reservation: joinParts({ reservationId, eventId }, parts),
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
