// How plain decisions refuse.

import type {
  Command,
  Refusal,
  Refused,
} from "../../durable-objects/area-inventory/core/commands.ts";

export type Of<Kind extends Command["kind"]> = Extract<Command, { kind: Kind }>;

export function refused(refusal: Refusal): Refused {
  return { ok: false, refusal };
}
