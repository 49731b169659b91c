// Every minute: areas and pools with holds that ended a while ago, and of which Postgres was not told, are asked a question.
// Any question ends what is due, sets the object's alarm again, should it have been lost, and sends what waits.

import { findLateAreas } from "../../db/late-areas-repository.ts";
import type { Dependencies } from "../dependencies.ts";

/** An alarm that is on time, and a flush after it, take seconds. */
const PATIENCE_MS = 60_000;
const AREAS_MAX = 50;

/** One that cannot be reached does not keep the others waiting; it is asked again with the next minute. */
export async function wakeLateAreas({ database, inventory, now }: Dependencies): Promise<void> {
  const before = new Date(now() - PATIENCE_MS);
  const areas = await findLateAreas(database.asSystem(), { before, limit: AREAS_MAX });
  for (const { areaId, lateSince } of areas) {
    const seconds = Math.round((now() - lateSince.getTime()) / 1000);
    try {
      const known = await inventory.area(areaId).availability();
      console.warn("area was late", { areaId, seconds, isKnown: known !== null });
    } catch (error) {
      const reason = error instanceof Error ? error.name : "unknown";
      console.error("area is late", { areaId, seconds, reason });
    }
  }
}
