// One-use codes enter a pool, in chunks. A code that is there already keeps its count.

import { type Commands, type Outcome, refuse } from "./commands.ts";
import { quotaKeys } from "./quotas.ts";
import { type Change, type Decision, type View, unchanged } from "./view.ts";

export function loadCodes(
  view: View,
  { codes }: Commands["load-codes"],
): Decision<Outcome<"load-codes">> {
  const area = view.area();
  if (area?.settings.pool === undefined) return unchanged(refuse({ code: "area_unknown" }));
  const keys = [...new Set(codes)].map((code) => quotaKeys.code(code));
  const missing = keys.filter((key) => view.taken(key) === null);
  return {
    outcome: { ok: true, added: missing.length },
    changes: missing.map((key): Change => ({ kind: "quota", key, by: 0 })),
    effects: [],
  };
}
