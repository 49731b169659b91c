// Commands that carry an id of their own are remembered with what they were told: the same again gets the same answer,
// whatever happened since; another command under the same id is refused. Refusals are not remembered: they changed nothing.

import { type Command, type CommandKind, type Commands, type Outcome, refuse } from "./commands.ts";
import { type Change, type Decision, type View, unchanged } from "./view.ts";

type RememberedKind = {
  [Kind in CommandKind]: Commands[Kind] extends { commandId: string } ? Kind : never;
}[CommandKind];

type Decider<Kind extends CommandKind> = (
  view: View,
  command: Commands[Kind],
  nowMs: number,
) => Decision<Outcome<Kind>>;

/** Decides each command id once. */
export function once<Kind extends RememberedKind>(decideNow: Decider<Kind>): Decider<Kind> {
  return (view, command, nowMs) => {
    const { commandId } = command;
    const content = contentOf(command);
    const earlier = view.remembered<Kind>(commandId);
    if (earlier !== null)
      return unchanged(
        earlier.content === content ? earlier.outcome : refuse({ code: "command_reused" }),
      );
    const decision = decideNow(view, command, nowMs);
    const { outcome } = decision;
    if (!outcome.ok) return decision;
    const memory: Change = { kind: "command", commandId, content, outcome };
    return { ...decision, changes: [...decision.changes, memory] };
  };
}

/** Whatever the order of its fields. */
function contentOf(command: Command): string {
  return JSON.stringify(command, Object.keys(command).toSorted());
}
