// A buyer's commands decided a second time, from SPEC.md alone: see `plain-decisions.ts`.

import type {
  AreaSettings,
  QuotaUse,
  Refused,
  ReservedUnit,
} from "../../durable-objects/area-inventory/core/commands.ts";
import type { Reservation } from "../../durable-objects/area-inventory/core/view.ts";
import type { AreaModel } from "./area-model.ts";
import { choose, contentOf, priced, quantityOf } from "./plain-choice.ts";
import { buyerOf, sharesOf, whyTooMuch } from "./plain-limits.ts";
import { agreeForPool, agreeForUnits } from "./plain-terms.ts";
import { type Of, refused } from "./refused.ts";

export function hold(model: AreaModel, command: Of<"place-hold">, nowMs: number): object {
  const { reservationId, selection, terms } = command;
  const { settings } = model;
  if (settings === null || !isAbout(settings, command)) return refused({ code: "area_unknown" });
  const earlier = model.reservations.get(reservationId);
  const isGivenBack = earlier?.state === "released";
  const isOther = earlier !== undefined && requestOf(earlier) !== requestOf(command);
  if (isOther && !(isGivenBack && settings.pool !== undefined))
    return refused({ code: "command_reused" });
  if (earlier !== undefined && !isGivenBack)
    return heldAnswer(model, earlier, earlier.holdExpiresAtMs);
  if (!settings.isOpen || settings.isRestoring === true) return refused({ code: "area_closed" });
  const { salesStartAtMs: startsAtMs = -Infinity, salesEndAtMs: endedAtMs = Infinity } = settings;
  if (startsAtMs > nowMs) return refused({ code: "sales_not_started", startsAtMs });
  if (endedAtMs <= nowMs) return refused({ code: "sales_ended", endedAtMs });
  const quantity = quantityOf(selection);
  const max = settings.unitsPerReservationMax;
  if (quantity < 1) return refused({ code: "quantity_invalid", max });
  if (settings.pool === undefined && quantity > max)
    return refused({ code: "limit_reached", limit: "reservation", max, left: max });

  const chosen = choose(model, selection);
  if (!Array.isArray(chosen)) return chosen;
  const agree = settings.pool === undefined ? agreeForUnits : agreeForPool;
  const agreed = agree({ model, settings, nowMs }, command, quantity);
  if ("ok" in agreed) return agreed;
  let expiresAtMs = nowMs + command.holdMs;
  // Told apart from the released one, however short the time between them.
  if (earlier !== undefined && expiresAtMs <= earlier.holdExpiresAtMs)
    expiresAtMs = earlier.holdExpiresAtMs + 1;
  const units = priced(settings, chosen, { ...command, terms: agreed.price });
  const total = units.reduce((sum, unit) => sum + unit.priceInCents + unit.serviceInCents, 0);
  const isShown = terms?.totalInCents === undefined || terms.totalInCents === total;
  if (!isShown && agreed.pools.length === 0)
    return refused({ code: "price_changed", totalInCents: total });
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
    ...(terms && { terms }),
    ...(agreed.uses.length > 0 && { uses: agreed.uses }),
    ...(agreed.pools.length > 0 && { pools: agreed.pools }),
    ...(settings.peoplePerUnit !== undefined && { peoplePerUnit: settings.peoplePerUnit }),
  };
  model.take(reservation);
  return heldAnswer(model, reservation, expiresAtMs);
}

/** A pool may serve several events, an area one; and what is asked of one cannot be asked of the other. */
function isAbout({ eventId, pool }: AreaSettings, command: Of<"place-hold">): boolean {
  if (pool !== undefined) return command.selection.kind === "pool";
  return command.selection.kind !== "pool" && command.eventId === eventId;
}

function requestOf({ selection, terms = {} }: Pick<Of<"place-hold">, "selection" | "terms">) {
  const { buyerId, stageId, promotionCode, totalInCents } = terms;
  return JSON.stringify([contentOf(selection), buyerId, stageId, promotionCode, totalInCents]);
}

export function extend(model: AreaModel, command: Of<"extend-hold">, nowMs: number): object {
  const { reservationId, paymentId, paymentWindowMs } = command;
  const reservation = model.reservations.get(reservationId);
  if (reservation === undefined) return refused({ code: "reservation_unknown" });
  if (isPaid(reservation)) return refused({ code: "already_paid" });
  if (reservation.state !== "held") return refused({ code: "hold_expired" });
  if (reservation.paymentId === paymentId)
    return heldAnswer(model, reservation, reservation.expiresAtMs);
  if (model.settings?.isCancelled === true) return refused({ code: "area_closed" });
  const uses = usesFor(model, reservation, command.buyerId);
  if (!Array.isArray(uses)) return uses;
  const latestMs = reservation.holdExpiresAtMs + paymentWindowMs;
  const wantedMs = Math.min(nowMs + paymentWindowMs, latestMs);
  const expiresAtMs = Math.max(reservation.expiresAtMs, wantedMs);
  const hasUses = reservation.uses !== undefined || uses.length > 0;
  model.put({ ...reservation, paymentId, expiresAtMs, ...(hasUses && { uses }) });
  return heldAnswer(model, reservation, expiresAtMs);
}

/** What a hold uses once this buyer pays for it: their share, and no longer anybody else's. */
function usesFor(
  model: AreaModel,
  { uses = [], units, selection }: Reservation,
  buyerId: string | undefined,
): QuotaUse[] | Refused {
  if (buyerId === undefined || model.settings === null) return [...uses];
  const promotionId = units.find((unit) => unit.promotionId !== undefined)?.promotionId;
  const quantity = selection.kind === "pool" ? selection.quantity : units.length;
  const shares = sharesOf(model.settings, buyerId, { promotionId, quantity });
  const added = shares.filter(({ key }) => !uses.some((use) => use.key === key));
  const tooMuch = whyTooMuch(model, model.settings, added);
  if (tooMuch !== null) return refused(tooMuch);
  const kept = uses.filter(({ key }) => [undefined, buyerId].includes(buyerOf(key)));
  return [...kept, ...added];
}

export function release(model: AreaModel, command: Of<"release-hold">): object {
  const { reservationId, holdExpiresAtMs } = command;
  const reservation = model.reservations.get(reservationId);
  if (reservation === undefined) return refused({ code: "reservation_unknown" });
  if (isPaid(reservation)) return refused({ code: "already_paid" });
  const isMeant = [undefined, reservation.holdExpiresAtMs].includes(holdExpiresAtMs);
  if (reservation.state === "held" && isMeant) model.end(reservation, "released");
  return { ok: true, reservationId };
}

export function commit(model: AreaModel, { reservationId, paymentId }: Of<"commit-hold">): object {
  const reservation = model.reservations.get(reservationId);
  if (reservation === undefined) return refused({ code: "reservation_unknown" });
  if (isPaid(reservation)) {
    if (reservation.paymentId !== paymentId) return refused({ code: "already_paid" });
    const isRefund = reservation.state === "refund-due";
    return isRefund ? refused({ code: "refund_due" }) : soldAnswer(reservation);
  }
  const isCancelled = model.settings?.isCancelled === true;
  const paid: Reservation = { ...reservation, paymentId };
  if (reservation.state === "held" && !isCancelled) return sell(model, paid);
  const late = isCancelled ? null : stillToBeHad(model, paid);
  if (late !== null) return sell(model, late);
  if (reservation.state === "held") model.end(reservation, "released");
  model.put({ ...paid, state: "refund-due" });
  model.announced.push(reservationId);
  return refused({ code: "refund_due" });
}

/** What a payment that came too late can still have: all it was for, or nothing. */
function stillToBeHad(model: AreaModel, reservation: Reservation): Reservation | null {
  const { settings } = model;
  const { units, uses = [] } = reservation;
  if (settings === null || whyTooMuch(model, settings, uses) !== null) return null;
  if (units.every(({ unitId }) => model.isFree(unitId))) return reservation;
  const mayReplace = units.every(
    ({ baseInCents, priceInCents }) => (baseInCents ?? priceInCents) === settings.priceInCents,
  );
  const isEnough = model.counts().available >= units.length;
  const others = mayReplace && isEnough ? model.best(units.length, false) : "not-together";
  if (others === "not-together") return null;
  const replaced: ReservedUnit[] = units.map((unit, index) => {
    const other = others[index];
    if (other === undefined) throw new Error("the model chose too few units");
    return { ...unit, unitId: other.unitId, position: other.position, label: other.label };
  });
  return { ...reservation, units: replaced, unitsReplaced: true };
}

function sell(model: AreaModel, reservation: Reservation): object {
  const { reservationId } = reservation;
  const tickets = reservation.units.map(({ reservationUnitId }) => {
    return { reservationUnitId, serial: 1, admittedAtMs: null, scanId: null, gate: null };
  });
  const sold: Reservation = { ...reservation, state: "sold", tickets };
  model.take(sold);
  if (tickets.length > 0) model.announced.push(reservationId);
  return soldAnswer(sold);
}

export function heldAnswer(
  model: AreaModel,
  { reservationId, units, pools }: Pick<Reservation, "reservationId" | "units" | "pools">,
  expiresAtMs: number,
): object {
  const { profileId, currency } = model.settings ?? { profileId: "", currency: "" };
  const answer = { ok: true, reservationId, profileId, expiresAtMs, currency, units };
  return pools === undefined ? answer : { ...answer, pools };
}

function soldAnswer({ reservationId, units, unitsReplaced }: Reservation): object {
  return { ok: true, reservationId, units, unitsReplaced };
}

function isPaid({ state }: Reservation): boolean {
  return state === "sold" || state === "refund-due" || state === "cancelled";
}
