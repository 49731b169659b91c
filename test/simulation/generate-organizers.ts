// What organizers do with single units: keep some back, give them back or sell them; block some, put them on sale again; tell
// Postgres once more, and bring back what an object has lost.

import type {
  Reservation,
  ReservationState,
  Unit,
} from "../../durable-objects/area-inventory/core/commands.ts";
import { START_MS } from "./event-loop.ts";
import { type Draft, areaAt } from "./generate-areas.ts";
import { selectionIn } from "./generate-buyers.ts";
import { priced } from "./plain-choice.ts";
import type { Action, SentCommand, Step } from "./plan.ts";
import type { Random } from "./random.ts";

interface Story {
  random: Random;
  name: string;
  draft: Draft;
  startMs: number;
  add: (atMs: number, action: Action) => void;
  send: (atMs: number, command: SentCommand) => void;
}

export function organizerStory(
  random: Random,
  { story, drafts, horizonMs }: { story: number; drafts: readonly Draft[]; horizonMs: number },
): Step[] {
  const steps: Step[] = [];
  const latencyMs = random.pick([0, 1, 40]);
  const anyMs = random.between(0, horizonMs);
  const startMs = random.chance(0.4) ? Math.round(anyMs / 200) * 200 : anyMs;
  const draft = drafts[areaAt(random, drafts, startMs)];
  if (draft === undefined) throw new Error("a plan without areas");
  const { area } = draft;
  const add = (atMs: number, action: Action) => {
    steps.push({ ...action, atMs: Math.max(0, Math.round(atMs)), latencyMs });
  };
  const send = (atMs: number, command: SentCommand) => add(atMs, { kind: "send", area, command });
  const name = String(story).padStart(6, "0");
  const told: Story = { random, name, draft, startMs, add, send };
  const kind = random.next();
  if (kind < 0.4) reservingStory(told);
  else if (kind < 0.75) blockingStory(told);
  else if (kind < 0.87) mendingStory(told);
  else tellingStory(told);
  return steps;
}

function reservingStory({ random, name, draft, startMs, add, send }: Story): void {
  const { area } = draft;
  const reservationId = `o-${name}-ffff`;
  const reserve: SentCommand = {
    kind: "reserve-units",
    reservationId,
    selection: selectionIn(random, draft),
  };
  send(startMs, reserve);
  if (random.chance(0.2)) send(startMs + random.pick([0, 500, 9_000]), reserve);
  if (random.chance(0.1))
    send(startMs + random.between(0, 4_000), { ...reserve, selection: selectionIn(random, draft) });
  const endMs = startMs + random.between(0, 12_000);
  const areas = [area];
  const paymentId = `${reservationId}-payment-1`;
  if (random.chance(0.15))
    add(endMs - 200, {
      kind: "start-payment",
      reservationId,
      paymentId,
      paymentWindowMs: 5_000,
      areas,
    });
  if (random.chance(0.4)) add(endMs, { kind: "settle", reservationId, paymentId, areas });
  if (random.chance(0.5)) add(endMs + 100, { kind: "give-back", reservationId, areas });
}

function blockingStory({ random, name, draft, startMs, send }: Story): void {
  const block: SentCommand = {
    kind: "block-units",
    commandId: `block-${name}`,
    unitIds: anyUnitIds(random, draft),
  };
  send(startMs, block);
  if (random.chance(0.25)) send(startMs + random.pick([0, 500, 9_000]), block);
  const laterMs = startMs + random.between(0, 9_000);
  // Under a used id.
  if (random.chance(0.1)) send(laterMs, { ...block, unitIds: anyUnitIds(random, draft) });
  if (random.chance(0.05)) send(laterMs, { ...block, kind: "unblock-units" });
  if (random.chance(0.4)) return;
  const { unitIds } = block;
  const isOther = random.chance(0.2);
  const unblock: SentCommand = {
    kind: "unblock-units",
    commandId: `unblock-${name}`,
    unitIds: isOther ? anyUnitIds(random, draft) : unitIds,
  };
  send(laterMs, unblock);
  if (random.chance(0.25)) send(laterMs + random.pick([0, 500, 9_000]), unblock);
}

function tellingStory({ random, name, draft, startMs, send }: Story): void {
  if (random.chance(0.1)) send(startMs, { kind: "load-codes", codes: ["SPRING"] });
  const near = (distance: number) => String(Math.max(0, Number(name) - distance)).padStart(6, "0");
  const ids = [0, 1, 2, 3, 5, 8].filter(() => random.chance(0.6)).map((each) => near(each));
  send(startMs, {
    kind: "project-again",
    reservationIds: ids.flatMap((id) => (random.chance(0.1) ? [id, id] : [`r-${id}-ffff`])),
    unitIds: random.chance(0.5) ? anyUnitIds(random, draft) : [],
  });
}

/** Reservations that Postgres has and the object does not know, as after a loss; or that it cannot take any more. */
function mendingStory({ random, name, draft, startMs, send }: Story): void {
  const restore: SentCommand = {
    kind: "restore-reservations",
    reservations: Array.from({ length: random.between(1, 3) }, (_, index) =>
      lostReservation(random, draft, { reservationId: `l-${name}${index}-ffff`, startMs }),
    ),
    sequenceAtLeast: random.chance(0.8) ? 0 : random.between(1, 60),
    ...(random.chance(0.8) && { isMending: true }),
  };
  send(startMs, restore);
  if (random.chance(0.3)) send(startMs + random.pick([0, 500, 9_000]), restore);
}

function lostReservation(
  random: Random,
  { units: all, settings }: Draft,
  { reservationId, startMs }: { reservationId: string; startMs: number },
): Reservation {
  const state: ReservationState = random.pick(["held", "held", "sold", "expired", "released"]);
  const first = random.between(0, all.length - 1);
  const taken: readonly Unit[] = all.slice(first, first + random.between(1, 3));
  const terms = {
    stage: null,
    promotion: null,
    order: { units: taken.length, discountInCents: 0 },
  };
  const units = priced(settings, taken, { reservationId, firstUnitIndex: 0, terms });
  const expiresAtMs = START_MS + startMs + random.between(-1_000, 9_000);
  const tickets = units.map(({ reservationUnitId }) => {
    return { reservationUnitId, serial: 1, admittedAtMs: null, scanId: null, gate: null };
  });
  return {
    reservationId,
    state,
    selection: { kind: "units", unitIds: taken.map(({ unitId }) => unitId) },
    holdExpiresAtMs: expiresAtMs,
    expiresAtMs,
    paymentId: state === "sold" ? `${reservationId}-payment-1` : null,
    unitsReplaced: false,
    units,
    tickets: state === "sold" ? tickets : [],
    ...(random.chance(0.3) && { uses: [{ key: "buyer:buyer-1", quantity: units.length }] }),
  };
}

function anyUnitIds(random: Random, { areaId, units }: Draft): string[] {
  const first = random.between(0, Math.max(0, units.length - 1));
  const unitIds = units
    .slice(first, first + random.between(1, 5))
    .filter(() => random.chance(0.8))
    .map(({ unitId }) => unitId);
  if (random.chance(0.04)) unitIds.push(`${areaId}-of-nobody`);
  if (random.chance(0.05)) unitIds.push(...unitIds.slice(0, 1));
  return unitIds;
}
