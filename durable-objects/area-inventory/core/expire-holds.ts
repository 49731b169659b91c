// Ends every hold whose time is over. Sent before each batch of commands and by the alarm; same path, same rule.

import type { Outcome } from "./commands.ts";
import { endHold } from "./release-hold.ts";
import type { Decision, View } from "./view.ts";

export function expireHolds(view: View, nowMs: number): Decision<Outcome<"expire-holds">> {
  const due = view.holdsDue(nowMs);
  return {
    outcome: { ok: true, expired: due.length },
    changes: due.flatMap((reservation) => endHold(reservation, "expired")),
    effects: [],
  };
}
