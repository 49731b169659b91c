// Random sequences of commands and jumps of the clock, against a model that knows no SQL: it keeps who has which unit,
// and says beforehand what each command must answer. fast-check prints the seed and the shortest sequence that fails.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { RefusalCode, Selection } from "../../durable-objects/area-inventory/core/commands.ts";
import { waitingFor } from "../../durable-objects/area-inventory/group-commit.ts";
import {
  AreaHarness,
  HOLD_MS,
  PAYMENT_WINDOW_MS,
  PROFILE_ID,
  holdCommand,
  idOf,
  seats,
  settingsOf,
  ticketOf,
} from "../support/area-harness.ts";

const UNITS = 8;
/** Two rows of four. */
const ROW = 4;
const MAX = 4;

interface Part {
  state: "held" | "sold" | "released" | "expired" | "refund-due";
  selection: Selection;
  firstExpiryMs: number;
  expiryMs: number;
  paymentId: string | null;
  price: number;
  unitIds: string[];
}

/** The naive model: one map of who has which unit, one of reservations, one of admissions. */
class Model {
  readonly owners = new Map<string, string>();
  readonly parts = new Map<string, Part>();
  readonly admissions = new Map<string, string>();
  isOpen = true;
  price = 100;
  version = 1;

  free(): number {
    return UNITS - this.owners.size;
  }

  /** The most units that are free side by side. */
  longestRun(): number {
    let longest = 0;
    let run = 0;
    for (let unit = 0; unit < UNITS; unit += 1) {
      if (unit % ROW === 0) run = 0;
      run = this.owners.has(`unit-${unit}`) ? 0 : run + 1;
      longest = Math.max(longest, run);
    }
    return longest;
  }

  counts() {
    const states = [...this.owners.values()].map(
      (reservationId) => this.parts.get(reservationId)?.state,
    );
    const held = states.filter((state) => state === "held").length;
    const sold = states.filter((state) => state === "sold").length;
    return { available: this.free(), held, sold, blocked: 0 };
  }

  end(part: Part, state: "released" | "expired"): void {
    part.state = state;
    for (const unitId of part.unitIds) this.owners.delete(unitId);
  }

  expire(nowMs: number): void {
    for (const part of this.parts.values()) {
      if (part.state === "held" && part.expiryMs <= nowMs) this.end(part, "expired");
    }
  }

  /** Gives units the object chose to a reservation; they must have been free. */
  take(reservationId: string, unitIds: readonly string[]): void {
    expect(
      unitIds.filter((unitId) => this.owners.has(unitId)),
      "units given out twice",
    ).toEqual([]);
    for (const unitId of unitIds) this.owners.set(unitId, reservationId);
  }
}

type Step =
  | { do: "hold"; reservation: number; quantity: number; together: boolean }
  | { do: "hold-units"; reservation: number; units: number[] }
  | { do: "extend" | "commit"; reservation: number; payment: number }
  | { do: "release"; reservation: number }
  | { do: "admit"; reservation: number; index: number; scan: number; serial: number }
  | { do: "configure"; isOpen: boolean; price: number };

function holdOf({ reservation: number, quantity, together }: Extract<Step, { do: "hold" }>) {
  return holdCommand({ reservationId: idOf(`r${number}`), quantity, together });
}

/** A step as the object gets it, and what the model expects of the answer. Checks run in order, after the batch. */
function play(model: Model, step: Step, nowMs: number) {
  switch (step.do) {
    case "hold":
      return placing(model, holdOf(step), nowMs);
    case "hold-units": {
      const unitIds = step.units.map((unit) => `unit-${unit}`);
      return placing(
        model,
        holdCommand({ reservationId: idOf(`r${step.reservation}`), unitIds }),
        nowMs,
      );
    }
    case "extend":
      return extending(model, idOf(`r${step.reservation}`), `p${step.payment}`, nowMs);
    case "commit":
      return committing(model, idOf(`r${step.reservation}`), `p${step.payment}`);
    case "release":
      return releasing(model, idOf(`r${step.reservation}`));
    case "admit":
      return admitting(model, step);
    case "configure":
      return (area: AreaHarness) => {
        model.version += 1;
        model.isOpen = step.isOpen;
        model.price = step.price;
        const { version, isOpen, price } = model;
        area.configure({ version, isOpen, priceInCents: price, unitsPerReservationMax: MAX });
      };
    default:
      throw new Error(step satisfies never);
  }
}

function expectCode(outcome: { ok: boolean }, code: RefusalCode): void {
  expect(outcome).toMatchObject({ ok: false, refusal: { code } });
}

function expectSideBySide(units: readonly { position: number }[]): void {
  const first = units[0]?.position ?? 0;
  expect(units.map(({ position }) => position)).toEqual(units.map((_, index) => first + index));
  expect(new Set(units.map(({ position }) => Math.floor(position / ROW))).size).toBe(1);
}

function placing(model: Model, command: ReturnType<typeof holdCommand>, nowMs: number) {
  const { reservationId, selection } = command;
  return (area: AreaHarness) => {
    const outcome = area.run("place-hold", command);
    const known = model.parts.get(reservationId);
    if (known !== undefined && JSON.stringify(known.selection) !== JSON.stringify(selection)) {
      return expectCode(outcome, "command_reused");
    }
    if (known !== undefined && known.state !== "released") {
      return expect(outcome).toMatchObject({ ok: true, expiresAtMs: known.firstExpiryMs });
    }
    if (!model.isOpen) return expectCode(outcome, "area_closed");
    const named = selection.kind === "units" ? new Set(selection.unitIds) : null;
    const quantity =
      selection.kind === "units" ? new Set(selection.unitIds).size : selection.quantity;
    if (quantity < 1 || quantity > MAX) return expectCode(outcome, "quantity_invalid");
    if (named === null && quantity > model.free()) return expectCode(outcome, "sold_out");
    const longestRun = model.longestRun();
    if (selection.kind === "best-available" && selection.together && quantity > longestRun)
      return expectCode(outcome, "not_together");
    if (named !== null && [...named].some((unitId) => Number(unitId.slice(5)) >= UNITS)) {
      return expectCode(outcome, "units_unknown");
    }
    if (named !== null && [...named].some((unitId) => model.owners.has(unitId)))
      return expectCode(outcome, "units_taken");
    if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.code}`);
    const unitIds = outcome.units.map((unit) => unit.unitId);
    expect(unitIds).toHaveLength(quantity);
    if (named !== null) expect(new Set(unitIds)).toEqual(named);
    if (named === null && quantity <= longestRun) expectSideBySide(outcome.units);
    expect(outcome.units.every((unit) => unit.priceInCents === model.price)).toBe(true);
    model.take(reservationId, unitIds);
    const expiryMs = nowMs + HOLD_MS;
    expect(outcome.expiresAtMs).toBe(expiryMs);
    const { price } = model;
    return model.parts.set(reservationId, {
      state: "held",
      selection,
      firstExpiryMs: expiryMs,
      expiryMs,
      paymentId: null,
      price,
      unitIds,
    });
  };
}

function extending(model: Model, reservationId: string, paymentId: string, nowMs: number) {
  return (area: AreaHarness) => {
    const outcome = area.extend(reservationId, paymentId);
    const part = model.parts.get(reservationId);
    if (part === undefined) return expectCode(outcome, "reservation_unknown");
    if (part.state === "sold" || part.state === "refund-due")
      return expectCode(outcome, "already_paid");
    if (part.state !== "held") return expectCode(outcome, "hold_expired");
    if (part.paymentId !== paymentId) {
      const wanted = Math.min(nowMs, part.firstExpiryMs) + PAYMENT_WINDOW_MS;
      part.expiryMs = Math.max(part.expiryMs, wanted);
      part.paymentId = paymentId;
    }
    return expect(outcome).toMatchObject({ ok: true, expiresAtMs: part.expiryMs });
  };
}

function releasing(model: Model, reservationId: string) {
  return (area: AreaHarness) => {
    const outcome = area.release(reservationId);
    const part = model.parts.get(reservationId);
    if (part === undefined) return expectCode(outcome, "reservation_unknown");
    if (part.state === "sold" || part.state === "refund-due")
      return expectCode(outcome, "already_paid");
    if (part.state === "held") model.end(part, "released");
    return expect(outcome).toEqual({ ok: true, reservationId });
  };
}

function committing(model: Model, reservationId: string, paymentId: string) {
  return (area: AreaHarness) => {
    const outcome = area.commit(reservationId, paymentId);
    const part = model.parts.get(reservationId);
    if (part === undefined) return expectCode(outcome, "reservation_unknown");
    if (part.state === "sold" || part.state === "refund-due") {
      if (part.paymentId !== paymentId) return expectCode(outcome, "already_paid");
      if (part.state === "refund-due") return expectCode(outcome, "refund_due");
      return expect(outcome).toMatchObject({
        ok: true,
        units: part.unitIds.map((unitId) => ({ unitId })),
      });
    }
    const isAlive = part.state === "held";
    const sameAreFree = part.unitIds.every((unitId) => !model.owners.has(unitId));
    const equalAreFree = part.price === model.price && model.free() >= part.unitIds.length;
    part.paymentId = paymentId;
    if (!isAlive && !sameAreFree && !equalAreFree) {
      part.state = "refund-due";
      return expectCode(outcome, "refund_due");
    }
    if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.code}`);
    const unitIds = outcome.units.map((unit) => unit.unitId);
    expect(outcome.units.every((unit) => unit.priceInCents === part.price)).toBe(true);
    expect(outcome.unitsReplaced).toBe(!isAlive && !sameAreFree);
    if (isAlive || sameAreFree) expect(unitIds).toEqual(part.unitIds);
    expect(unitIds).toHaveLength(part.unitIds.length);
    if (!isAlive) model.take(reservationId, unitIds);
    part.unitIds = unitIds;
    part.state = "sold";
    return undefined;
  };
}

function admitting(model: Model, step: Extract<Step, { do: "admit" }>) {
  const reservationId = idOf(`r${step.reservation}`);
  const reservationUnitId = ticketOf(reservationId, step.index);
  const scanId = `s${step.scan}`;
  return (area: AreaHarness) => {
    const outcome = area.admit({
      reservationUnitId,
      scanId,
      serial: step.serial,
      profileId: PROFILE_ID,
    });
    const part = model.parts.get(reservationId);
    if (part?.state !== "sold" || step.index >= part.unitIds.length)
      return expectCode(outcome, "ticket_unknown");
    if (step.serial !== 1) return expectCode(outcome, "ticket_revoked");
    const first = model.admissions.get(reservationUnitId) ?? scanId;
    model.admissions.set(reservationUnitId, first);
    return first === scanId
      ? expect(outcome).toMatchObject({ ok: true })
      : expectCode(outcome, "already_admitted");
  };
}

const reservation = fc.nat({ max: 5 });
const payment = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("hold" as const),
      reservation,
      quantity: fc.integer({ min: 0, max: 5 }),
      together: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("hold-units" as const),
      reservation,
      units: fc.array(fc.nat({ max: UNITS }), { maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("extend" as const), reservation, payment }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("commit" as const), reservation, payment }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("release" as const), reservation }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("admit" as const),
      reservation,
      index: fc.nat({ max: 3 }),
      scan: fc.nat({ max: 2 }),
      serial: fc.constantFrom(1, 1, 1, 2),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("configure" as const),
      isOpen: fc.constantFrom(true, true, true, false),
      price: fc.constantFrom(100, 100, 120),
    }),
  },
);
const jumpMs = fc.constantFrom(
  0,
  0,
  0,
  1,
  60_000,
  HOLD_MS - 1,
  HOLD_MS,
  PAYMENT_WINDOW_MS + HOLD_MS,
);
const history = fc.array(fc.record({ jumpMs, step }), { minLength: 1, maxLength: 60 });

test("[INV1, INV2, INV4, INV5, INV7, INV15, INV46, INV51] whatever is asked, in whatever order and at whatever time, the model agrees", () => {
  fc.assert(
    fc.property(history, (steps) => {
      const area = AreaHarness.open(seats(UNITS, 0, ROW), {
        priceInCents: 100,
        unitsPerReservationMax: MAX,
      });
      const model = new Model();
      for (const { jumpMs: waitMs, step: next } of steps) {
        area.wait(waitMs);
        model.expire(area.nowMs);
        play(model, next, area.nowMs)(area);
        area.run("expire-holds", { kind: "expire-holds" });
        expect(area.counts()).toEqual(model.counts());
        for (const [reservationId, part] of model.parts) {
          expect(area.reservation(reservationId)).toMatchObject({
            state: part.state,
            expiresAtMs: part.expiryMs,
          });
        }
      }
    }),
    { numRuns: 100 },
  );
}, 60_000);

/** The same commands as waiting ones, for batches. */
function waitingOf(next: Step, settingsVersion: number, answers: unknown[]) {
  const tell = (outcome: unknown) => void answers.push(outcome);
  switch (next.do) {
    case "hold":
      return waitingFor("place-hold", holdOf(next), tell);
    case "hold-units": {
      const unitIds = next.units.map((unit) => `unit-${unit}`);
      return waitingFor(
        "place-hold",
        holdCommand({ reservationId: idOf(`r${next.reservation}`), unitIds }),
        tell,
      );
    }
    case "extend": {
      const ids = { reservationId: idOf(`r${next.reservation}`), paymentId: `p${next.payment}` };
      return waitingFor(
        "extend-hold",
        { kind: "extend-hold", ...ids, paymentWindowMs: PAYMENT_WINDOW_MS },
        tell,
      );
    }
    case "commit": {
      const ids = { reservationId: idOf(`r${next.reservation}`), paymentId: `p${next.payment}` };
      return waitingFor("commit-hold", { kind: "commit-hold", ...ids }, tell);
    }
    case "release":
      return waitingFor(
        "release-hold",
        { kind: "release-hold", reservationId: idOf(`r${next.reservation}`) },
        tell,
      );
    case "admit": {
      const reservationUnitId = ticketOf(idOf(`r${next.reservation}`), next.index);
      const scan = {
        scanId: `s${next.scan}`,
        profileId: PROFILE_ID,
        gate: "north",
        serial: next.serial,
      };
      return waitingFor("admit-ticket", { kind: "admit-ticket", reservationUnitId, ...scan }, tell);
    }
    case "configure": {
      const changes = { version: settingsVersion, isOpen: next.isOpen, priceInCents: next.price };
      return waitingFor(
        "configure-area",
        { kind: "configure-area", settings: settingsOf(changes) },
        tell,
      );
    }
    default:
      throw new Error(next satisfies never);
  }
}

test("[INV33, INV34] together or one by one, the same commands give the same answers and the same area", () => {
  const batches = fc.array(
    fc.record({ jumpMs, steps: fc.array(step, { minLength: 1, maxLength: 12 }) }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(batches, (played) => {
      const together = AreaHarness.open(seats(UNITS, 0, ROW));
      const oneByOne = AreaHarness.open(seats(UNITS, 0, ROW));
      let version = 1;
      for (const { jumpMs: waitMs, steps } of played) {
        const answers: [unknown[], unknown[]] = [[], []];
        const versions = steps.map(() => (version += 1));
        const nowMs = together.nowMs + waitMs;
        const rowsBefore = together.outbox().length;
        together.drain(
          steps.map((next, index) => waitingOf(next, versions[index] ?? 0, answers[0])),
          nowMs,
        );
        for (const [index, next] of steps.entries()) {
          oneByOne.drain([waitingOf(next, versions[index] ?? 0, answers[1])], nowMs);
        }
        expect(answers[0]).toEqual(answers[1]);
        expect(together.outbox().length - rowsBefore).toBeLessThanOrEqual(1);
        const { outbox: _rows, area: _area, ...left } = together.dump();
        const { outbox: _otherRows, area: _otherArea, ...right } = oneByOne.dump();
        expect(left).toEqual(right);
        expect(together.area()).toEqual(oneByOne.area());
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);
