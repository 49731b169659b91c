// The least a hold over HTTP can cost: the product's own reading, checking, signing and answering, without an area's object.
// What it costs more than the empty call, no object can win back.

import type { Context } from "hono";
import { createReservationTokens } from "../../src/adapters/reservation-tokens.ts";
import { placeReservationSchema, toReservationBody } from "../../src/contracts/reservations.ts";
import { joinParts } from "../../src/services/reservations/reservation.ts";
import { timeOrderedId } from "../../src/shared/time-ordered-id.ts";

const tokens = createReservationTokens({ secret: "what the bench signs with means nothing" });
const DAY_MS = 86_400_000;
const PRICE_IN_CENTS = 9_500_000;

/** Two units nobody held. */
export async function answerFloor(context: Context): Promise<Response> {
  const { event_id: eventId, items } = placeReservationSchema.parse(await context.req.json());
  const nowMs = Date.now();
  const reservationId = timeOrderedId(nowMs);
  const parts = items.map((item) => ({
    areaId: item.area_id,
    state: "held" as const,
    expiresAtMs: nowMs + 600_000,
    currency: "COP",
    units: [0, 1].map((position) => ({
      reservationUnitId: reservationId,
      unitId: reservationId,
      position,
      label: `A-1-${position}`,
      priceInCents: PRICE_IN_CENTS,
      serviceInCents: 500_000,
    })),
  }));
  const areaIds = parts.map(({ areaId }) => areaId);
  const token = await tokens.sign({
    reservationId,
    profileId: eventId,
    eventId,
    areaIds,
    poolIds: [],
    expiresAtMs: nowMs + DAY_MS,
  });
  const reservation = joinParts({ reservationId, eventId }, parts);
  return context.json({ ...toReservationBody(reservation), token }, 201);
}
