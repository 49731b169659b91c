// A buyer's reservation as the verbs answer it: the parts of its areas put together.

import {
  type PriceLine,
  type ReservationState,
  type ReservedUnit,
  linesOf,
  totalOf,
} from "../../../durable-objects/area-inventory/contract.ts";

export interface ReservationPart {
  areaId: string;
  state: ReservationState;
  expiresAtMs: number;
  currency: string;
  units: readonly ReservedUnit[];
}

/** `refund_due` as soon as one part could not be given: its money goes back, the other parts stand. */
export type ReservationStatus =
  | "held"
  | "paid"
  | "released"
  | "expired"
  | "refund_due"
  /** Paid, and every ticket taken back since. */
  | "cancelled";

export interface Reservation {
  reservationId: string;
  eventId: string;
  status: ReservationStatus;
  /** The earliest expiry of its parts. */
  expiresAtMs: number;
  currency: string;
  totalInCents: number;
  /** What the total is made of, area by area. */
  lines: readonly AreaLine[];
  parts: readonly ReservationPart[];
}

export type AreaLine = PriceLine & { areaId: string };

/** `parts` are at least one. */
export function joinParts(
  ids: { reservationId: string; eventId: string },
  parts: readonly ReservationPart[],
): Reservation {
  return {
    ...ids,
    status: statusOf(parts.map((part) => part.state)),
    expiresAtMs: Math.min(...parts.map((part) => part.expiresAtMs)),
    currency: parts[0]?.currency ?? "COP",
    totalInCents: parts.reduce((sum, part) => sum + totalOf(part.units), 0),
    lines: parts.flatMap(linesOfPart),
    parts,
  };
}

export function linesOfPart({
  areaId,
  units,
}: Pick<ReservationPart, "areaId" | "units">): AreaLine[] {
  return linesOf(units).map((line) => ({ ...line, areaId }));
}

function statusOf(states: readonly ReservationState[]): ReservationStatus {
  if (states.includes("refund-due")) return "refund_due";
  if (states.every((state) => state === "cancelled")) return "cancelled";
  if (states.every((state) => state === "sold" || state === "cancelled")) return "paid";
  if (states.includes("expired")) return "expired";
  if (states.includes("released")) return "released";
  return "held";
}
