// Every command decided a second time, from SPEC.md alone, plainly and slowly. The real objects must agree with every
// outcome and with every row that follows from it.

import type { CommandKind, Commands } from "../../durable-objects/area-inventory/core/commands.ts";
import type { AreaModel } from "./area-model.ts";
import { admit, exit, reissue } from "./plain-decisions-at-the-gate.ts";
import { commit, extend, hold, release } from "./plain-decisions-for-buyers.ts";
import {
  block,
  cancel,
  loadCodes,
  projectAgain,
  reserve,
  returnPart,
  unblock,
} from "./plain-decisions-for-organizers.ts";
import { restore } from "./plain-restoring.ts";
import { type Of, refused } from "./refused.ts";

type Decider<Kind extends CommandKind> = (
  model: AreaModel,
  command: Commands[Kind],
  nowMs: number,
) => object;

const deciders: { [Kind in CommandKind]: Decider<Kind> } = {
  "configure-area": configure,
  "load-units": load,
  "load-codes": loadCodes,
  "place-hold": hold,
  "extend-hold": extend,
  "release-hold": release,
  "commit-hold": commit,
  "admit-ticket": admit,
  "exit-ticket": exit,
  "reserve-units": reserve,
  "block-units": once(block),
  "unblock-units": once(unblock),
  "cancel-tickets": once(cancel),
  "reissue-ticket": once(reissue),
  "project-again": projectAgain,
  "restore-reservations": restore,
  "return-part": returnPart,
  "expire-holds": () => ({ ok: true, expired: 0 }),
};

/** The outcome the command must have; the caller has let holds expire. */
export function decidePlainly<Kind extends CommandKind>(
  kind: Kind,
  command: Commands[Kind],
  { model, nowMs }: { model: AreaModel; nowMs: number },
): object {
  return deciders[kind](model, command, nowMs);
}

type RememberedKind = {
  [Kind in CommandKind]: Commands[Kind] extends { commandId: string } ? Kind : never;
}[CommandKind];

/** A command id stands for one command for ever, and for what that was told. */
function once<Kind extends RememberedKind>(decide: Decider<Kind>): Decider<Kind> {
  return (model, command, nowMs) => {
    const { commandId } = command;
    const content = JSON.stringify(
      Object.entries(command).toSorted(([left], [right]) => (left < right ? -1 : 1)),
    );
    const earlier = model.commands.get(commandId);
    if (earlier !== undefined)
      return earlier.content === content ? earlier.outcome : refused({ code: "command_reused" });
    const outcome = decide(model, command, nowMs);
    if (!("ok" in outcome) || outcome.ok !== true) return outcome;
    model.commands.set(commandId, { content, outcome });
    model.hasChanged = true;
    return outcome;
  };
}

function configure(model: AreaModel, { settings }: Of<"configure-area">): object {
  if (model.settings === null || settings.version > model.settings.version) {
    model.settings = settings;
    model.peopleMax = Math.max(model.peopleMax, settings.peoplePerUnit ?? 1);
    model.allowedReentry ||= settings.allowsReentry === true;
    model.hasChanged = true;
  }
  return { ok: true, version: model.settings.version };
}

function load(model: AreaModel, { units }: Of<"load-units">): object {
  if (model.settings === null) return refused({ code: "area_unknown" });
  const isKnown = ({ position, unitId }: (typeof units)[number]) =>
    model.units.some((unit) => unit.position === position && unit.unitId === unitId);
  const conflicting = units.filter(
    (unit) =>
      !isKnown(unit) &&
      model.units.some(
        ({ position, unitId }) => position === unit.position || unitId === unit.unitId,
      ),
  );
  if (conflicting.length > 0)
    return refused({ code: "units_conflict", unitIds: conflicting.map((unit) => unit.unitId) });

  const added = units.filter((unit) => !isKnown(unit));
  const lastKnown = model.units.at(-1)?.position ?? -1;
  const isBroken =
    new Set(added.map((unit) => unit.position)).size < added.length ||
    new Set(added.map((unit) => unit.unitId)).size < added.length ||
    added.some((unit) => unit.position < lastKnown);
  if (isBroken) return refused({ code: "command_failed" });
  if (added.length > 0) model.hasChanged = true;
  model.units = [...model.units, ...added].sort((left, right) => left.position - right.position);
  return { ok: true, units: model.units.length };
}
