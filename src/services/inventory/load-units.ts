// Gives an area's object the units that Postgres has and it lacks.

import type { Area } from "../../db/areas-repository.ts";
import { findUnits } from "../../db/units-repository.ts";
import type { Dependencies } from "../dependencies.ts";

const CHUNK_UNITS = 5_000;

/**
 * Resolves once the object has every unit Postgres had at the start; throws when unreachable. `tell` hears after each chunk
 * how many units the object has.
 */
export async function loadUnits(
  { database, inventory }: Dependencies,
  area: Area,
  tell: (units: number) => void = () => undefined,
): Promise<void> {
  const tenant = database.asTenant(area.profileId);
  const areaObject = inventory.area(area.areaId);
  const counts = await areaObject.availability();
  // Units are numbered from 0 without gaps and loaded in that order, so the object has a beginning
  // of the list. Were one missing in Postgres, this would only start too early: what is known is
  // not added again.
  let fromPosition =
    counts === null ? 0 : counts.available + counts.held + counts.sold + counts.blocked;
  for (;;) {
    const units = await findUnits(tenant, area.areaId, { fromPosition, limit: CHUNK_UNITS });
    const last = units.at(-1);
    if (last === undefined) return;
    const outcome = await areaObject.loadUnits({
      // The object asks of numbers only who sits beside whom.
      units: units.map(({ position, unitId, row, place, label }) => ({
        position,
        unitId,
        row,
        number: place,
        label,
      })),
    });
    if (!outcome.ok) {
      throw new Error(`the area's inventory refused its units: ${outcome.refusal.code}`);
    }
    tell(last.position + 1);
    if (units.length < CHUNK_UNITS) return;
    fromPosition = last.position + 1;
  }
}
