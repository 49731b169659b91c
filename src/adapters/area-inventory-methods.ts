// An area's inventory as services call it, over the two calls its object takes: each command and question as one JSON text.
// Translates only: also what a newer object says that this version does not know.

import type {
  AreaInventoryCalls,
  AreaInventoryMethods,
  CommandKind,
  Commands,
  Outcome,
  QuestionKind,
  Questions,
  Refused,
} from "../../durable-objects/area-inventory/contract.ts";
import { knownRefusals } from "./known-refusals.ts";

/** Reads what our own object wrote; its shape is that of the contract, which the reader names. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- no schema: both ends are this program
const readJson: <Value>(text: string) => Value = JSON.parse;

/** A refusal by a code that came with a later version: what it means is not known here, only that it will be soon. */
function asKnown<Answer extends { ok: true } | Refused | null>(answer: Answer): Answer | Refused {
  if (answer === null || answer.ok || Object.hasOwn(knownRefusals, answer.refusal.code))
    return answer;
  console.error("refusal of a newer area", { code: answer.refusal.code });
  return { ok: false, refusal: { code: "service_updating" } };
}

/** `call` is given anew what to ask the object for, as often as it likes. */
export function methodsOver(
  call: (ask: (object: AreaInventoryCalls) => Promise<string>) => Promise<string>,
): AreaInventoryMethods {
  const command =
    <Kind extends CommandKind>(kind: Kind) =>
    async (payload: Omit<Commands[Kind], "kind">): Promise<Outcome<Kind>> => {
      const text = JSON.stringify({ ...payload, kind });
      return asKnown(readJson<Outcome<Kind>>(await call((object) => object.execute(text))));
    };
  const ask = async <Kind extends QuestionKind>(
    kind: Kind,
    payload: Omit<Questions[Kind]["question"], "kind">,
  ): Promise<Questions[Kind]["answer"]> => {
    const text = JSON.stringify({ ...payload, kind });
    return readJson<Questions[Kind]["answer"]>(await call((object) => object.read(text)));
  };
  return {
    configureArea: command("configure-area"),
    loadUnits: command("load-units"),
    placeHold: command("place-hold"),
    extendHold: command("extend-hold"),
    releaseHold: command("release-hold"),
    commitHold: command("commit-hold"),
    admitTicket: command("admit-ticket"),
    exitTicket: command("exit-ticket"),
    reserveUnits: command("reserve-units"),
    blockUnits: command("block-units"),
    unblockUnits: command("unblock-units"),
    cancelTickets: command("cancel-tickets"),
    reissueTicket: command("reissue-ticket"),
    loadCodes: command("load-codes"),
    restoreReservations: command("restore-reservations"),
    returnPart: command("return-part"),
    projectAgain: command("project-again"),
    availability: (leftOut) => ask("availability", { ...(leftOut !== undefined && { leftOut }) }),
    unitStatuses: (afterPosition, limit) => ask("unit-statuses", { afterPosition, limit }),
    reservationStatus: (reservationId) => ask("reservation-status", { reservationId }),
    reservationsAfter: (afterId, limit) => ask("reservations-after", { afterId, limit }),
    items: ({ reservationIds, unitIds }) => ask("items", { reservationIds, unitIds }),
    tally: () => ask("tally", {}),
    unitPage: (afterPosition, limit) => ask("unit-page", { afterPosition, limit }),
    changesSince: (version) => ask("changes-since", { version }),
    quoteHold: async (question) => asKnown(await ask("quote", question)),
  };
}
