// One command, one decision. Deterministic: the same view, command and time always give the same decision.

import type { CommandKind, Commands, Outcome } from "./commands.ts";
import { admitTicket } from "./admit-ticket.ts";
import { blockUnits, unblockUnits } from "./block-units.ts";
import { cancelTickets } from "./cancel-tickets.ts";
import { commitHold } from "./commit-hold.ts";
import { configureArea } from "./configure-area.ts";
import { exitTicket } from "./exit-ticket.ts";
import { expireHolds } from "./expire-holds.ts";
import { extendHold } from "./extend-hold.ts";
import { loadCodes } from "./load-codes.ts";
import { loadUnits } from "./load-units.ts";
import { once } from "./once.ts";
import { placeHold } from "./place-hold.ts";
import { projectAgain } from "./project-again.ts";
import { reissueTicket } from "./reissue-ticket.ts";
import { releaseHold } from "./release-hold.ts";
import { reserveUnits } from "./reserve-units.ts";
import { returnPart } from "./return-part.ts";
import { restoreReservations } from "./restore-reservations.ts";
import type { Decision, View } from "./view.ts";

type Decider<Kind extends CommandKind> = (
  view: View,
  command: Commands[Kind],
  nowMs: number,
) => Decision<Outcome<Kind>>;

const deciders: { [Kind in CommandKind]: Decider<Kind> } = {
  "configure-area": configureArea,
  "load-units": loadUnits,
  "place-hold": placeHold,
  "extend-hold": extendHold,
  "release-hold": releaseHold,
  "commit-hold": commitHold,
  "admit-ticket": admitTicket,
  "exit-ticket": exitTicket,
  "reserve-units": reserveUnits,
  "block-units": once(blockUnits),
  "unblock-units": once(unblockUnits),
  "cancel-tickets": once(cancelTickets),
  "reissue-ticket": once(reissueTicket),
  "load-codes": loadCodes,
  "restore-reservations": restoreReservations,
  "project-again": projectAgain,
  "return-part": returnPart,
  "expire-holds": (view, _command, nowMs) => expireHolds(view, nowMs),
};

/** Decides `command` at `nowMs`. Never throws for anything a buyer can cause; a throw is a bug. */
export function decide<Kind extends CommandKind>(
  kind: Kind,
  command: Commands[Kind],
  at: { view: View; nowMs: number },
): Decision<Outcome<Kind>> {
  return deciders[kind](at.view, command, at.nowMs);
}

/** Whether this version knows such a command. */
export function isCommandKind(kind: string): kind is CommandKind {
  return Object.hasOwn(deciders, kind);
}
