// What the model of an area says to each command: the answer that must come, and what is so afterwards. It looks at the
// area's own answer only where the area may choose: which free units are the best ones.

import { expect } from "vitest";
import type {
  Command,
  CommandKind,
  Commands,
  Outcome,
  RefusalCode,
  ReservedUnit,
  Selection,
} from "../../durable-objects/area-inventory/core/commands.ts";
import { HOLD_MS, PAYMENT_WINDOW_MS } from "./area-fixtures.ts";
import { type AreaModel, type Changes, type Part, MAX, ROW, UNITS, usesOf } from "./area-model.ts";
import { type Verdict, once, pass } from "./area-ticket-verdicts.ts";

const NEVER_MS = Date.UTC(2100, 0, 1);

interface At {
  model: AreaModel;
  nowMs: number;
  /** Of the area, for what it may choose itself. */
  outcome: Outcome<CommandKind>;
}

/** Expects the model's answer, and lets the model do what the command does. `changes` are those of a `configure-area`. */
export function judge(at: At, command: Command, changes: Changes): void {
  const verdict = verdictOn(at, command, changes);
  if (typeof verdict === "string")
    expect(at.outcome).toMatchObject({ ok: false, refusal: { code: verdict } });
  else expect(at.outcome).toMatchObject({ ok: true, ...verdict });
}

function verdictOn(at: At, command: Command, changes: Changes): Verdict {
  switch (command.kind) {
    case "configure-area":
      at.model.settings = changes;
      return {};
    case "place-hold":
      return place(at, command);
    case "reserve-units":
      return reserve(at, command);
    case "extend-hold":
      return extend(at, command);
    case "release-hold":
      return release(at, command);
    case "commit-hold":
      return commit(at, command);
    case "admit-ticket":
    case "exit-ticket":
      return pass(at.model, command);
    case "block-units":
    case "unblock-units":
    case "cancel-tickets":
    case "reissue-ticket":
      return once(at.model, command, at.outcome);
    case "load-units":
    case "load-codes":
    case "restore-reservations":
    case "project-again":
    case "return-part":
    case "expire-holds":
      throw new Error(`no verdict on ${command.kind}`);
    default:
      throw new Error(command satisfies never);
  }
}

// Not asking for `together` is the same as declining it.
const isSame = (left: unknown, right: unknown) => textOf(left) === textOf(right);
const textOf = (value: unknown) =>
  JSON.stringify(value, (key, each: unknown) =>
    key === "together" && each === false ? undefined : each,
  );
const isPaid = ({ state }: Part) => ["sold", "refund-due", "cancelled"].includes(state);

function unitsOf({ outcome }: At): readonly ReservedUnit[] {
  if (!outcome.ok || !("units" in outcome) || typeof outcome.units === "number")
    throw new Error(`no units: ${JSON.stringify(outcome)}`);
  return outcome.units;
}

/** Why these units cannot be had; null when they can. */
function whyNot(model: AreaModel, selection: Selection): RefusalCode | null {
  if (selection.kind === "pool") return "area_unknown";
  if (selection.kind === "best-available") {
    if (selection.quantity > model.free()) return "sold_out";
    const isApart = selection.together === true && selection.quantity > model.longestRun();
    return isApart ? "not_together" : null;
  }
  if (selection.unitIds.some((unitId) => Number(unitId.slice(5)) >= UNITS)) return "units_unknown";
  return selection.unitIds.every((unitId) => model.isFree(unitId)) ? null : "units_taken";
}

/** The units the area chose, which must be what was asked for and free. */
function chosen(at: At, selection: Selection, quantity: number): string[] {
  const units = unitsOf(at);
  const unitIds = units.map(({ unitId }) => unitId);
  expect(new Set(unitIds).size).toBe(quantity);
  expect(
    unitIds.filter((unitId) => !at.model.isFree(unitId)),
    "units given out twice",
  ).toEqual([]);
  if (selection.kind === "units") expect(new Set(unitIds)).toEqual(new Set(selection.unitIds));
  else if (quantity <= at.model.longestRun()) expectSideBySide(units);
  return unitIds;
}

function expectSideBySide(units: readonly { position: number }[]): void {
  const first = units[0]?.position ?? 0;
  expect(units.map(({ position }) => position)).toEqual(units.map((_, index) => first + index));
  expect(new Set(units.map(({ position }) => Math.floor(position / ROW))).size).toBe(1);
}

const quantityOf = (selection: Selection) =>
  selection.kind === "units" ? new Set(selection.unitIds).size : selection.quantity;

function place(at: At, { reservationId, selection, terms = {} }: Commands["place-hold"]): Verdict {
  const { model, nowMs } = at;
  const known = model.parts.get(reservationId);
  const isRepeated = isSame(known?.selection, selection) && isSame(known?.terms, terms);
  if (known !== undefined && !isRepeated) return "command_reused";
  if (known !== undefined && known.state !== "released")
    return { expiresAtMs: known.firstExpiryMs };
  if (!model.settings.isOpen) return "area_closed";
  const quantity = quantityOf(selection);
  if (quantity < 1) return "quantity_invalid";
  if (quantity > MAX) return "limit_reached";
  const reason = whyNot(model, selection);
  if (reason !== null) return reason;
  const hasCode = terms.promotionCode !== undefined;
  const buyerId = terms.buyerId ?? null;
  const isStaged = model.left("stage:early") >= quantity;
  const expiryMs = Math.max(nowMs + HOLD_MS, (known?.firstExpiryMs ?? 0) + 1);
  const part = {
    selection,
    terms,
    firstExpiryMs: expiryMs,
    expiryMs,
    paymentId: null,
    areaPrice: model.settings.priceInCents,
    price: model.priceNow({ isStaged, hasCode }),
    peopleAtHold: model.settings.peoplePerUnit,
    unitIds: Array.from({ length: quantity }, () => "any"),
    tickets: [],
    isStaged,
    hasCode,
    shareOf: model.settings.buyerMax === null ? null : buyerId,
    codeOf: hasCode ? buyerId : null,
  };
  const over = model.overuse(usesOf(part));
  if (over !== undefined) return over === "promotion:ten" ? "promotion_used_up" : "limit_reached";
  const unitIds = chosen(at, selection, quantity);
  model.parts.set(reservationId, { ...part, state: "held", unitIds });
  return { expiresAtMs: expiryMs, units: unitIds.map(() => ({ priceInCents: part.price })) };
}

function reserve(at: At, { reservationId, selection }: Commands["reserve-units"]): Verdict {
  const { model } = at;
  const known = model.parts.get(reservationId);
  if (known !== undefined)
    return isSame(known.selection, selection)
      ? { expiresAtMs: known.firstExpiryMs }
      : "command_reused";
  const quantity = quantityOf(selection);
  if (quantity < 1) return "quantity_invalid";
  const reason = whyNot(model, selection);
  if (reason !== null) return reason;
  const price = model.settings.priceInCents;
  model.parts.set(reservationId, {
    state: "held",
    selection,
    terms: {},
    firstExpiryMs: NEVER_MS,
    expiryMs: NEVER_MS,
    paymentId: null,
    areaPrice: price,
    price,
    peopleAtHold: model.settings.peoplePerUnit,
    unitIds: chosen(at, selection, quantity),
    tickets: [],
    isStaged: false,
    hasCode: false,
    shareOf: null,
    codeOf: null,
  });
  return { expiresAtMs: NEVER_MS, units: unitsOf(at).map(() => ({ priceInCents: price })) };
}

function extend({ model, nowMs }: At, command: Commands["extend-hold"]): Verdict {
  const part = model.parts.get(command.reservationId);
  if (part === undefined) return "reservation_unknown";
  if (isPaid(part)) return "already_paid";
  if (part.state !== "held") return "hold_expired";
  if (part.paymentId === command.paymentId) return { expiresAtMs: part.expiryMs };
  if (model.settings.isCancelled) return "area_closed";
  if (command.buyerId !== undefined && !changeBuyer(model, part, command.buyerId))
    return "limit_reached";
  const wantedMs = Math.min(nowMs, part.firstExpiryMs) + PAYMENT_WINDOW_MS;
  part.expiryMs = Math.max(part.expiryMs, wantedMs);
  part.paymentId = command.paymentId;
  return { expiresAtMs: part.expiryMs };
}

/** False when the buyer has had their share. */
function changeBuyer(model: AreaModel, part: Part, buyerId: string): boolean {
  const wanted = {
    shareOf: model.settings.buyerMax === null ? null : buyerId,
    codeOf: part.hasCode ? buyerId : null,
  };
  const had = new Set(usesOf(part).map(([key]) => key));
  const added = usesOf({ ...part, ...wanted }).filter(([key]) => !had.has(key));
  if (model.overuse(added) !== undefined) return false;
  if (added.length > 0) Object.assign(part, wanted);
  return true;
}

function release({ model }: At, { reservationId }: Commands["release-hold"]): Verdict {
  const part = model.parts.get(reservationId);
  if (part === undefined) return "reservation_unknown";
  if (isPaid(part)) return "already_paid";
  if (part.state === "held") part.state = "released";
  return { reservationId };
}

function commit(at: At, { reservationId, paymentId }: Commands["commit-hold"]): Verdict {
  const { model } = at;
  const part = model.parts.get(reservationId);
  if (part === undefined) return "reservation_unknown";
  const sale = () => ({
    units: part.unitIds.map((unitId) => ({ unitId, priceInCents: part.price })),
  });
  if (isPaid(part)) {
    if (part.paymentId !== paymentId) return "already_paid";
    return part.state === "refund-due" ? "refund_due" : sale();
  }
  const isAlive = part.state === "held";
  const sameAreFree = part.unitIds.every((unitId) => model.isFree(unitId));
  const equalAreFree =
    part.areaPrice === model.settings.priceInCents && model.free() >= part.unitIds.length;
  const hasRoom = model.overuse(usesOf(part)) === undefined;
  part.paymentId = paymentId;
  const isTooLate = !isAlive && (!hasRoom || (!sameAreFree && !equalAreFree));
  if (isTooLate || model.settings.isCancelled) {
    part.state = "refund-due";
    return "refund_due";
  }
  const unitsReplaced = !isAlive && !sameAreFree;
  const quantity = part.unitIds.length;
  if (unitsReplaced) part.unitIds = chosen(at, { kind: "best-available", quantity }, quantity);
  part.state = "sold";
  part.tickets = part.unitIds.map(() => ({ serial: 1, isCancelled: false, passages: [] }));
  return { ...sale(), unitsReplaced };
}
