// The least a hold and a scan over HTTP can cost: the product's own reading, checking, signing and answering, and its call to an
// object that does nothing: no middleware, no decision, nothing stored, nothing sent to Postgres. What this costs more than the
// empty call, no area's object can win back.

import type { Context } from "hono";
import { methodsOver } from "../../src/adapters/area-inventory-methods.ts";
import { createReservationTokens } from "../../src/adapters/reservation-tokens.ts";
import { createTicketTokens } from "../../src/adapters/ticket-tokens.ts";
import { toPassageBody, validateSchema } from "../../src/contracts/qr.ts";
import {
  placeReservationSchema,
  toItem,
  toReservationBody,
} from "../../src/contracts/reservations.ts";
import { joinParts } from "../../src/services/reservations/reservation.ts";
import { timeOrderedId } from "../../src/shared/time-ordered-id.ts";
import type { BenchEnv } from "./bench-env.ts";

type BenchContext = Context<{ Bindings: BenchEnv }>;

const reservationTokens = createReservationTokens({ secret: "what the bench signs means nothing" });
let ticketTokens: ReturnType<typeof createTicketTokens> | undefined;
const HOLD_MS = 600_000;
const DAY_MS = 86_400_000;

function emptyArea({ EMPTY_OBJECT }: BenchEnv) {
  return methodsOver((ask) => ask(EMPTY_OBJECT.getByName("empty")));
}

/** Two units nobody held. */
export async function answerHoldFloor(context: BenchContext): Promise<Response> {
  const { event_id: eventId, items } = placeReservationSchema.parse(await context.req.json());
  const reservationId = timeOrderedId(Date.now());
  const parts = [];
  for (const item of items) {
    const { areaId, selection } = toItem(item, undefined);
    const command = { reservationId, eventId, selection, firstUnitIndex: 0, holdMs: HOLD_MS };
    const outcome = await emptyArea(context.env).placeHold(command);
    if (!outcome.ok) throw new Error("the empty object refuses nothing");
    parts.push({ ...outcome, areaId, state: "held" as const });
  }
  const token = await reservationTokens.sign({
    reservationId,
    profileId: eventId,
    eventId,
    areaIds: parts.map(({ areaId }) => areaId),
    poolIds: [],
    expiresAtMs: Date.now() + DAY_MS,
  });
  const reservation = joinParts({ reservationId, eventId }, parts);
  return context.json({ ...toReservationBody(reservation), token }, 201);
}

/** A ticket with a good signature, whoever scans it. */
export async function answerScanFloor(context: BenchContext): Promise<Response> {
  const { token, gate } = validateSchema.parse(await context.req.json());
  ticketTokens ??= createTicketTokens({ signingKey: context.env.TICKET_SIGNING_KEY });
  const claims = await ticketTokens.verify(token);
  if (claims === null) throw new Error("the bench's tickets are good");
  const { areaId, reservationUnitId, serial } = claims;
  const scan = { scanId: crypto.randomUUID(), profileId: areaId, reservationUnitId, serial, gate };
  const outcome = await emptyArea(context.env).admitTicket(scan);
  if (!outcome.ok) throw new Error("the empty object refuses nothing");
  return context.json(toPassageBody({ ...outcome, areaId }), 200);
}
