// Limited quantities: what an object has counted is what its reservations use, and nobody takes beyond a limit.

import type { AreaModel } from "./area-model.ts";
import type { ObjectDatabase } from "./object-storage.ts";
import { keyOfCode, limitOf } from "./plain-limits.ts";
import type { Referee } from "./referee.ts";

/** The stored counts, beside those of all reservations counted again. Whether a code is known, its row tells. */
export function checkQuotas(
  referee: Referee,
  { database, model }: { database: ObjectDatabase; model: AreaModel },
): void {
  const expected = model.taken();
  for (const code of model.codes) {
    const key = keyOfCode(code);
    expected.set(key, expected.get(key) ?? 0);
  }
  const left = new Map(expected);
  for (const { key, taken } of database.all("SELECT key, taken FROM quota")) {
    const name = String(key);
    const isKnown = expected.has(name) || !name.startsWith("code:");
    if (!isKnown || (expected.get(name) ?? 0) !== taken)
      referee.object("INV2", `${name}: ${String(taken)} taken, not ${expected.get(name)}`);
    left.delete(name);
  }
  for (const [key, taken] of left)
    if (taken !== 0 || key.startsWith("code:"))
      referee.object("INV2", `${key}: not counted, but ${taken} taken`);
}

/** After one command: what it took was there. */
export function checkTaking(
  referee: Referee,
  { settings }: AreaModel,
  { before, after }: { before: Map<string, number>; after: Map<string, number> },
): void {
  if (settings === null) return;
  for (const [key, taken] of after) {
    const limit = limitOf(settings, key);
    if (taken > (before.get(key) ?? 0) && taken > limit)
      referee.object("INV62", `${key}: ${taken} taken of ${limit}`);
  }
}
