// What the watchers of an area are told: public JSON, one text a message. Pure; decides only what is worth telling.

import type { AreaChanges, AreaCounts, UnitState } from "../area-inventory/contract.ts";

/** An area as its watchers know it. */
export interface Standing {
  version: number;
  on_sale: boolean;
  counts: AreaCounts;
}

export type LiveMessage =
  /** The first message. */
  | ({ kind: "snapshot" } & Standing)
  /** Every unit that changed since the message before. */
  | ({ kind: "changes"; changes: { id: string; status: UnitState }[] } & Standing)
  /** Too much changed to tell: the units must be loaded anew. */
  | ({ kind: "reload" } & Standing);

/** One unit in a message, in characters. */
const CHANGE_SIZE = 70;
/** What all watchers may be sent of changes in one second: more would not leave the object in that time. */
const TOLD_SIZE_MAX = 64 * 1024 * 1024;

export function standingOf({ version, isOpen, counts }: AreaChanges): Standing {
  return { version, on_sale: isOpen, counts };
}

/** What so many watchers who know `before` must be told of the area; null when nothing they see has changed. */
export function newsOf(
  area: AreaChanges,
  { before, watchers }: { before: Standing; watchers: number },
): LiveMessage | null {
  const standing = standingOf(area);
  const size = (area.changes?.length ?? 0) * CHANGE_SIZE;
  if (area.changes === null || size * watchers > TOLD_SIZE_MAX)
    return { kind: "reload", ...standing };
  // An admission or a longer hold makes a version too.
  if (area.changes.length === 0 && before.on_sale === standing.on_sale) return null;
  const changes = area.changes.map(({ unitId, state }) => ({ id: unitId, status: state }));
  return { kind: "changes", ...standing, changes };
}
