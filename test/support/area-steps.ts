// Random commands for a small area, and the jumps of the clock between them. Few reservations, units, payments, buyers and
// command ids, so that commands meet each other.

import fc from "fast-check";
import type { Command, HoldTerms } from "../../durable-objects/area-inventory/core/commands.ts";
import {
  type HoldRequest,
  HOLD_MS,
  PAYMENT_WINDOW_MS,
  PROFILE_ID,
  holdCommand,
  idOf,
  ticketOf,
} from "./area-fixtures.ts";
import { type Changes, UNITS, firstChanges, settingsWith } from "./area-model.ts";

/** A command; `changes` are those of a `configure-area`, whose version is still to be given. */
export interface Step {
  command: Command;
  changes: Changes;
}

const reservationId = fc.nat({ max: 4 }).map((number) => idOf(`r${number}`));
const paymentId = fc.nat({ max: 2 }).map((number) => `p${number}`);
const buyerId = fc.constantFrom(undefined, "ana", "bea");
const commandId = fc.nat({ max: 30 }).map((number) => `c${number}`);
const unitIds = fc.array(
  fc.nat({ max: UNITS }).map((unit) => `unit-${unit}`),
  { maxLength: 3 },
);
const wanted = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      quantity: fc.constantFrom(1, 1, 2, 2, 3, 3, 4, 5, 0),
      together: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ unitIds }) },
);
const ticket = fc
  .tuple(reservationId, fc.constantFrom(0, 0, 0, 1, 3))
  .map(([id, index]) => ticketOf(id, index));

const terms = fc
  .record({ buyer: buyerId, code: fc.constantFrom(undefined, undefined, "TEN") })
  .map(({ buyer, code }): { terms?: HoldTerms } => {
    if (buyer === undefined && code === undefined) return {};
    return {
      terms: {
        ...(buyer !== undefined && { buyerId: buyer }),
        ...(code !== undefined && { promotionCode: code }),
      },
    };
  });
/** What each reservation asks for, mostly: so that a hold that is sent again is the same. */
const usual: readonly HoldRequest[] = [
  { quantity: 2, terms: { buyerId: "ana" } },
  { quantity: 3, terms: { buyerId: "ana", promotionCode: "TEN" } },
  { unitIds: ["unit-1", "unit-4"], terms: { promotionCode: "TEN" } },
  { quantity: 4, together: true },
  { quantity: 1, terms: { buyerId: "bea", promotionCode: "TEN" } },
].map((request, number) => ({ ...request, reservationId: idOf(`r${number}`) }));
const unusual = fc.record({ reservationId, wanted, terms }).map((each): HoldRequest => ({
  reservationId: each.reservationId,
  ...each.wanted,
  ...each.terms,
}));
const request = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...usual) },
  { weight: 1, arbitrary: unusual },
);
const hold = request.map((each): Command => holdCommand(each));
const reserve = request.map((each): Command => {
  const { reservationId: id, selection } = holdCommand(each);
  return { kind: "reserve-units", reservationId: id, selection };
});
const extend = fc.record({ reservationId, paymentId, buyerId }).map((each): Command => {
  const { buyerId: buyer, ...ids } = each;
  const paymentWindowMs = PAYMENT_WINDOW_MS;
  return {
    kind: "extend-hold",
    ...ids,
    paymentWindowMs,
    ...(buyer !== undefined && { buyerId: buyer }),
  };
});
const commit = fc
  .record({ reservationId, paymentId })
  .map((ids): Command => ({ kind: "commit-hold", ...ids }));
const release = reservationId.map((id): Command => ({ kind: "release-hold", reservationId: id }));
const scan = fc
  .record({
    kind: fc.constantFrom("admit-ticket" as const, "admit-ticket" as const, "exit-ticket" as const),
    reservationUnitId: ticket,
    scanId: fc.nat({ max: 3 }).map((number) => `s${number}`),
    serial: fc.constantFrom(1, 1, 1, 2),
  })
  .map((each) => ({ ...each, profileId: PROFILE_ID, gate: "north" }));
const pass = scan.map((each): Command => each);
const block = fc
  .record({
    kind: fc.constantFrom("block-units" as const, "unblock-units" as const),
    commandId,
    unitIds,
  })
  .map((each): Command => each);
const cancel = fc
  .record({
    commandId,
    reservationId,
    indexes: fc.option(fc.uniqueArray(fc.nat({ max: 2 }), { maxLength: 2 })),
    unitsBecome: fc.constantFrom("available" as const, "blocked" as const),
  })
  .map(({ indexes, ...each }): Command => {
    const reservationUnitIds = indexes?.map((index) => ticketOf(each.reservationId, index));
    return { kind: "cancel-tickets", ...each, ...(reservationUnitIds && { reservationUnitIds }) };
  });
const reissue = fc
  .record({ commandId, reservationUnitId: ticket })
  .map((each): Command => ({ kind: "reissue-ticket", ...each }));

const commands = fc
  .oneof(
    { weight: 9, arbitrary: hold },
    { weight: 1, arbitrary: reserve },
    { weight: 3, arbitrary: extend },
    { weight: 6, arbitrary: commit },
    { weight: 2, arbitrary: release },
    { weight: 5, arbitrary: pass },
    { weight: 2, arbitrary: block },
    { weight: 3, arbitrary: cancel },
    { weight: 2, arbitrary: reissue },
  )
  .map((command): Step => ({ command, changes: firstChanges }));

const configure = fc
  .record({
    isOpen: fc.constantFrom(true, true, true, false),
    isCancelled: fc.constantFrom(false, false, false, true),
    priceInCents: fc.constantFrom(100, 100, 120),
    stageMax: fc.constantFrom(3, 3, null, 0, 5),
    buyerMax: fc.constantFrom(4, 4, null, 2),
    peoplePerUnit: fc.constantFrom(1, 1, 2),
    allowsReentry: fc.boolean(),
  })
  .map((changes): Step => {
    return { command: { kind: "configure-area", settings: settingsWith(changes, 0) }, changes };
  });

/** A hold that is paid for at once, and sometimes comes to the gate, so that there are tickets to speak of. */
const purchase = fc
  .tuple(request, paymentId, fc.option(scan))
  .map(([wish, payment, first]): Step[] => {
    const { reservationId: id } = wish;
    const bought: Command[] = [
      holdCommand(wish),
      { kind: "commit-hold", reservationId: id, paymentId: payment },
    ];
    if (first !== null) bought.push({ ...first, reservationUnitId: ticketOf(id, 0) });
    return bought.map((command) => ({ command, changes: firstChanges }));
  });

/** One step, or what belongs together. */
export const anySteps: fc.Arbitrary<Step[]> = fc.oneof(
  { weight: 20, arbitrary: commands.map((step) => [step]) },
  { weight: 5, arbitrary: purchase },
  { weight: 1, arbitrary: configure.map((step) => [step]) },
);

/** Mostly none; else to just before an end, to the end, or beyond all ends. */
export const anyJumpMs: fc.Arbitrary<number> = fc.oneof(
  { weight: 8, arbitrary: fc.constant(0) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(1, 60_000, HOLD_MS - 1, HOLD_MS, PAYMENT_WINDOW_MS + HOLD_MS),
  },
);

/** The step's command; settings are newer than the ones before. */
export function commandOf({ command }: Step, settingsVersion: number): Command {
  if (command.kind !== "configure-area") return command;
  return { ...command, settings: { ...command.settings, version: settingsVersion } };
}
