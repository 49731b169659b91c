// Holds units for a buyer until a time. Holding is the only way a unit becomes scarce before it is paid.

import { chooseUnits, quantityOf } from "./choose-units.ts";
import {
  type AreaSettings,
  type Commands,
  type HoldOutcome,
  type HoldTerms,
  type Outcome,
  type Refusal,
  type Refused,
  type Selection,
  refuse,
} from "./commands.ts";
import { type AgreedTerms, agreePoolTerms, agreeTerms } from "./hold-terms.ts";
import { totalOf } from "./price-lines.ts";
import { priceUnits } from "./price-units.ts";
import { takeQuotas } from "./quotas.ts";
import {
  type Area,
  type Decision,
  type Reservation,
  type UnitRecord,
  type View,
  unchanged,
} from "./view.ts";

export function placeHold(
  view: View,
  command: Commands["place-hold"],
  nowMs: number,
): Decision<Outcome<"place-hold">> {
  const area = view.area();
  if (area === null || !isAbout(area.settings, command))
    return unchanged(refuse({ code: "area_unknown" }));

  const earlier = view.reservation(command.reservationId);
  const mayDiffer = area.settings.pool !== undefined && earlier?.state === "released";
  if (earlier !== null && !mayDiffer && !isSameRequest(earlier, command))
    return unchanged(refuse({ code: "command_reused" }));
  // A released hold may be placed again: a reservation over several areas that failed in one gave this part back. How much
  // of a pool it needs depends on what its areas have room for by then.
  if (earlier !== null && earlier.state !== "released")
    return unchanged(heldOutcome(earlier, earlier.holdExpiresAtMs, area));

  const agreed = agree({ view, area, nowMs }, command);
  if ("ok" in agreed) return unchanged(agreed);
  return hold(area, command, { ...agreed, expiresAtMs: expiryOf(command, earlier, nowMs) });
}

/** Whoever gives a hold back names its first expiry: two holds under one id never have the same. */
function expiryOf({ holdMs }: { holdMs: number }, earlier: Reservation | null, nowMs: number) {
  return Math.max(nowMs + holdMs, earlier === null ? 0 : earlier.holdExpiresAtMs + 1);
}

type Agreed = AgreedTerms & { units: UnitRecord[] };

/** Every reason not to hold, in the order of INV14. */
function agree(
  { view, area, nowMs }: { view: View; area: Area; nowMs: number },
  command: Commands["place-hold"],
): Agreed | Refused {
  const { settings } = area;
  const offSale = whyOffSale(settings, nowMs);
  if (offSale !== null) return refuse(offSale);
  const quantity = quantityOf(command.selection);
  const max = settings.unitsPerReservationMax;
  if (quantity < 1) return refuse({ code: "quantity_invalid", max });
  if (settings.pool === undefined && quantity > max)
    return refuse({ code: "limit_reached", limit: "reservation", max, left: max });

  const units = chooseUnits(view, area, command.selection);
  if (!Array.isArray(units)) return units;
  const terms =
    settings.pool === undefined
      ? agreeTerms({ view, settings, nowMs }, command, quantity)
      : agreePoolTerms(view, settings, { quantity, terms: command.terms });
  return "ok" in terms ? terms : { ...terms, units };
}

function whyOffSale(settings: AreaSettings, nowMs: number): Refusal | null {
  if (!settings.isOpen || settings.isRestoring === true) return { code: "area_closed" };
  const { salesStartAtMs: startsAtMs, salesEndAtMs: endedAtMs } = settings;
  if (startsAtMs !== undefined && nowMs < startsAtMs)
    return { code: "sales_not_started", startsAtMs };
  if (endedAtMs !== undefined && nowMs >= endedAtMs) return { code: "sales_ended", endedAtMs };
  return null;
}

function hold(
  area: Area,
  command: Commands["place-hold"],
  agreed: Agreed & { expiresAtMs: number },
): Decision<Outcome<"place-hold">> {
  const { reservationId, firstUnitIndex, selection, terms } = command;
  const { uses, pools, expiresAtMs } = agreed;
  const at = { reservationId, firstUnitIndex, terms: agreed.price };
  const units = priceUnits(area.settings, agreed.units, at);
  const totalInCents = totalOf(units);
  const shownInCents = terms?.totalInCents ?? totalInCents;
  // Whether this is the price, a pool has still to say: whoever holds there compares once more.
  if (shownInCents !== totalInCents && pools.length === 0)
    return unchanged(refuse({ code: "price_changed", totalInCents }));
  const reservation: Reservation = {
    reservationId,
    state: "held",
    selection,
    holdExpiresAtMs: expiresAtMs,
    expiresAtMs,
    paymentId: null,
    unitsReplaced: false,
    units,
    tickets: [],
    ...(terms !== undefined && { terms }),
    ...(uses.length > 0 && { uses }),
    ...(pools.length > 0 && { pools }),
    ...admittedPeople(area.settings),
  };
  return {
    outcome: heldOutcome(reservation, expiresAtMs, area),
    changes: [
      { kind: "unit-state", positions: units.map((unit) => unit.position), state: "held" },
      { kind: "reservation", reservation },
      ...takeQuotas(uses),
    ],
    effects: [],
  };
}

/** What a hold keeps of how many people a unit admits, whatever the organizer changes before it is paid. */
export function admittedPeople({ peoplePerUnit }: AreaSettings): { peoplePerUnit?: number } {
  return peoplePerUnit === undefined ? {} : { peoplePerUnit };
}

export function heldOutcome(
  { reservationId, units, pools }: Reservation,
  expiresAtMs: number,
  area: Area,
): HoldOutcome {
  return {
    ok: true,
    reservationId,
    profileId: area.settings.profileId,
    expiresAtMs,
    currency: area.settings.currency,
    units,
    ...(pools !== undefined && { pools }),
  };
}

/** A pool may be shared by several events; units are of one. */
function isAbout(
  { eventId, pool }: AreaSettings,
  command: { eventId: string; selection: Selection },
): boolean {
  const isForPool = command.selection.kind === "pool";
  return pool === undefined ? !isForPool && eventId === command.eventId : isForPool;
}

function isSameRequest(
  earlier: { selection: Selection; terms?: HoldTerms },
  { selection, terms = {} }: { selection: Selection; terms?: HoldTerms },
): boolean {
  const known = earlier.terms ?? {};
  return (
    isSameSelection(earlier.selection, selection) &&
    known.buyerId === terms.buyerId &&
    known.stageId === terms.stageId &&
    known.promotionCode === terms.promotionCode &&
    known.totalInCents === terms.totalInCents
  );
}

export function isSameSelection(left: Selection, right: Selection): boolean {
  if (left.kind === "units") {
    return (
      right.kind === "units" &&
      left.unitIds.length === right.unitIds.length &&
      left.unitIds.every((unitId, index) => unitId === right.unitIds[index])
    );
  }
  return (
    right.kind === left.kind &&
    left.quantity === right.quantity &&
    isTogether(left) === isTogether(right)
  );
}

/** Not asking is the same as declining. */
function isTogether(selection: Selection): boolean {
  return selection.kind === "best-available" && selection.together === true;
}
