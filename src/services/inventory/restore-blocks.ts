// Takes those units off sale again in a rebuilt object that Postgres knows as blocked.

import type { AreaInventoryMethods } from "../../../durable-objects/area-inventory/contract.ts";
import type { Area } from "../../db/areas-repository.ts";
import { findBlockedUnits } from "../../db/units-repository.ts";
import type { Dependencies } from "../dependencies.ts";

const PAGE_UNITS = 1_000;

export async function restoreBlocks(
  { database, inventory }: Dependencies,
  { areaId, profileId }: Area,
): Promise<void> {
  const tenant = database.asTenant(profileId);
  let afterPosition = -1;
  for (;;) {
    const page = await findBlockedUnits(tenant, areaId, { afterPosition, limit: PAGE_UNITS });
    const last = page.at(-1);
    if (last === undefined) return;
    const unitIds = page.map(({ unitId }) => unitId);
    await block(inventory.area(areaId), unitIds);
    afterPosition = last.position;
  }
}

/** A unit that a restored reservation has is left with it. */
async function block(area: AreaInventoryMethods, unitIds: readonly string[]): Promise<void> {
  const outcome = await area.blockUnits({ commandId: crypto.randomUUID(), unitIds });
  if (outcome.ok) return;
  const { refusal } = outcome;
  if (refusal.code !== "units_taken") throw new Error(`cannot block again: ${refusal.code}`);
  const taken = new Set(refusal.unitIds);
  await block(
    area,
    unitIds.filter((unitId) => !taken.has(unitId)),
  );
}
