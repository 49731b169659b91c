// Compares what an area's object and Postgres say of the area as a whole: whether the object knows it, under which settings,
// and whether counts add up.

import { findArea, recountUnits } from "../../../db/areas-repository.ts";
import { findCapacity, findToldReservations } from "../../../db/audit-repository.ts";
import { findPricing } from "../../../db/pricing-repository.ts";
import { settingsOf } from "../configure-area-inventory.ts";
import { loadAreaInventory } from "../load-area-inventory.ts";
import { poolsOf } from "../pools.ts";
import { withoutEnded } from "../pricing-settings.ts";
import { tryToPush } from "../try-to-push.ts";
import { type Audit, BEFORE_ALL } from "./audit.ts";
import {
  compareCapacity,
  compareKnowledge,
  comparePool,
  compareSettings,
  compareTally,
} from "./compare-whole.ts";
import type { Difference, DifferenceKind, FoundDifference } from "./difference.ts";
import type { Look } from "./settle.ts";
import { settleAndRepair } from "./settle-and-repair.ts";

/** Both sides of these are of one moment: they need no second look. */
const countKinds: readonly DifferenceKind[] = ["counts_different", "capacity_different"];

/** `isComparable`: the object knows the area, so that its reservations and units can be compared. */
export async function auditWhole(
  audit: Audit,
): Promise<{ found: FoundDifference[]; isComparable: boolean }> {
  const { found } = await settleAndRepair(["settings", "counts"], {
    mode: audit.mode,
    look: (ids, isLast) => lookAtWhole(audit, ids, isLast),
    repair: (wanted) => repairWhole(audit, wanted),
    idOf: ({ kind }) => (countKinds.includes(kind) ? "counts" : "settings"),
  });
  const isLost = found.some(({ kind, isRepaired }) => kind === "object_lost" && !isRepaired);
  return { found, isComparable: !isLost && (await audit.object.availability()) !== null };
}

/** Settings change in Postgres first and in the object a moment later, so they are looked at to the last. */
async function lookAtWhole(audit: Audit, ids: readonly string[], isLast: boolean): Promise<Look> {
  const counts = ids.includes("counts") ? await compareCounts(audit) : [];
  const settings = ids.includes("settings") ? await compareKnown(audit) : [];
  if (settings.length === 0 || isLast) return { differences: [...counts, ...settings], open: [] };
  return { differences: counts, open: ["settings"] };
}

async function compareCounts({ tenant, object, area }: Audit): Promise<Difference[]> {
  const tally = await object.tally();
  const capacity = await findCapacity(tenant, area.areaId);
  return [...(tally === null ? [] : compareTally(tally)), ...compareCapacity(capacity)];
}

async function compareKnown(audit: Audit): Promise<Difference[]> {
  const { dependencies, tenant, object, area: before } = audit;
  const area = (await findArea(tenant, before.areaId)) ?? before;
  const first = { afterId: BEFORE_ALL, limit: 1 };
  const availability = await object.availability();
  const isOnSale = area.eventStatus === "published" && area.capacity > 0;
  const knowledge = compareKnowledge(availability, {
    isOnSale,
    hasReservations:
      availability === null && (await findToldReservations(tenant, area, first)).length > 0,
  });
  if (knowledge.length > 0 || availability === null) return knowledge;
  // After the area, as where it is pushed.
  const pricing = await findPricing(tenant, area);
  const nowMs = dependencies.now();
  const settings = compareSettings(
    withoutEnded(availability.settings, nowMs),
    withoutEnded(settingsOf(area, pricing), nowMs),
  );
  const pools = await Promise.all(
    poolsOf(area.profileId, pricing).map(async ({ poolId }) =>
      comparePool(poolId, await dependencies.inventory.area(poolId).availability(), { isOnSale }),
    ),
  );
  return [...pools.flat(), ...settings];
}

async function repairWhole(
  { dependencies, tenant, area: before }: Audit,
  wanted: readonly Difference[],
): Promise<void> {
  const { areaId } = before;
  if (wanted.some(({ remedy }) => remedy === "recount_units")) await recountUnits(tenant, areaId);
  if (wanted.every(({ remedy }) => remedy !== "load_object")) return;
  const area = (await findArea(tenant, areaId)) ?? before;
  await tryToPush(areaId, () => loadAreaInventory(dependencies, area));
}
