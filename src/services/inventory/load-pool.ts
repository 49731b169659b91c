// Makes the object of a shared quantity what Postgres says of it: its size and, where it has lost its data, its one-use
// codes and what is held and sold of it. May be repeated at any time and by several callers at once.

import { findCodes } from "../../db/promotion-codes-repository.ts";
import type { Dependencies } from "../dependencies.ts";
import { configurePool } from "./configure-pool.ts";
import { loadCodes } from "./load-codes.ts";
import type { PoolDescription } from "./pools.ts";
import { type RestoredPlace, hasParts, restoreParts } from "./restore-parts.ts";

const PAGE_CODES = 10_000;

/** Resolves once the pool has this size or a newer one; throws when it cannot be reached. */
export async function loadPool(dependencies: Dependencies, pool: PoolDescription): Promise<void> {
  const known = await dependencies.inventory.area(pool.poolId).availability();
  if (known === null || known.settings.isRestoring === true) await rebuild(dependencies, pool);
  else if (known.settings.version >= pool.version) return;
  await configurePool(dependencies.inventory, pool);
}

/** Does nothing for a new pool. */
async function rebuild(dependencies: Dependencies, pool: PoolDescription): Promise<void> {
  const { inventory, database } = dependencies;
  const { poolId, profileId, eventId } = pool;
  const place: RestoredPlace = { areaId: poolId, profileId, eventId };
  const tenant = database.asTenant(profileId);
  const first = await findCodes(tenant, poolId, { afterCode: "", limit: 1 });
  if (first.length === 0 && !(await hasParts(dependencies, place))) return;

  await configurePool(inventory, { ...pool, isRestoring: true, version: pool.version - 1 });
  let afterCode = "";
  for (;;) {
    const codes = await findCodes(tenant, poolId, { afterCode, limit: PAGE_CODES });
    const last = codes.at(-1);
    if (last === undefined) break;
    await loadCodes(inventory, poolId, codes);
    afterCode = last;
  }
  await restoreParts(dependencies, place, () => true);
}
