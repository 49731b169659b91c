// Random commands for a small area, and the jumps of the clock between them. Few reservations, units, payments, buyers and
// command ids, so that commands meet each other.

import fc from "fast-check";
import type { Command, HoldTerms } from "../../durable-objects/area-inventory/core/commands.ts";
import {
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

const reservationId = fc.nat({ max: 5 }).map((number) => idOf(`r${number}`));
const paymentId = fc.nat({ max: 2 }).map((number) => `p${number}`);
const buyerId = fc.constantFrom(undefined, "ana", "bea");
const commandId = fc.nat({ max: 9 }).map((number) => `c${number}`);
const unitIds = fc.array(
  fc.nat({ max: UNITS }).map((unit) => `unit-${unit}`),
  { maxLength: 3 },
);
const wanted = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ quantity: fc.integer({ min: 0, max: 5 }), together: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ unitIds }) },
);
const ticket = fc
  .tuple(reservationId, fc.nat({ max: 3 }))
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
const hold = fc
  .record({ reservationId, wanted, terms })
  .map((each): Command =>
    holdCommand({ reservationId: each.reservationId, ...each.wanted, ...each.terms }),
  );
const reserve = fc.record({ reservationId, wanted }).map((each): Command => {
  const { selection } = holdCommand({ reservationId: each.reservationId, ...each.wanted });
  return { kind: "reserve-units", reservationId: each.reservationId, selection };
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
const pass = fc
  .record({
    kind: fc.constantFrom("admit-ticket" as const, "admit-ticket" as const, "exit-ticket" as const),
    reservationUnitId: ticket,
    scanId: fc.nat({ max: 3 }).map((number) => `s${number}`),
    serial: fc.constantFrom(1, 1, 1, 2),
  })
  .map((scan): Command => ({ ...scan, profileId: PROFILE_ID, gate: "north" }));
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
    indexes: fc.option(fc.uniqueArray(fc.nat({ max: 3 }), { maxLength: 2 })),
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
    { weight: 3, arbitrary: pass },
    { weight: 2, arbitrary: block },
    { weight: 2, arbitrary: cancel },
    { weight: 1, arbitrary: reissue },
  )
  .map((command): Step => ({ command, changes: firstChanges }));

const configure = fc
  .record({
    isOpen: fc.constantFrom(true, true, true, false),
    priceInCents: fc.constantFrom(100, 100, 120),
    stageMax: fc.constantFrom(3, 3, null, 0, 5),
    buyerMax: fc.constantFrom(4, 4, null, 2),
    peoplePerUnit: fc.constantFrom(1, 1, 2),
    allowsReentry: fc.boolean(),
  })
  .map((changes): Step => {
    return { command: { kind: "configure-area", settings: settingsWith(changes, 0) }, changes };
  });

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 25, arbitrary: commands },
  { weight: 1, arbitrary: configure },
);

export const anyJumpMs = fc.constantFrom(
  0,
  0,
  0,
  1,
  60_000,
  HOLD_MS - 1,
  HOLD_MS,
  PAYMENT_WINDOW_MS + HOLD_MS,
);

/** The step's command; settings are newer than the ones before. */
export function commandOf({ command }: Step, settingsVersion: number): Command {
  if (command.kind !== "configure-area") return command;
  return { ...command, settings: { ...command.settings, version: settingsVersion } };
}
