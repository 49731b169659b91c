// How much of an area is left and at what price, from the area's own inventory and from the pools its price depends on. Reads
// only; whoever shows it keeps it for a moment.

import type {
  Availability,
  Inventory,
  LeftOut,
} from "../../../durable-objects/area-inventory/contract.ts";

/** The area tells its price as if its pools had room, so it is asked again without those that have none, as for a hold. */
export async function liveAvailability(
  inventory: Inventory,
  areaId: string,
): Promise<Availability | null> {
  let leftOut: LeftOut = { stagesFull: [], promotionsFull: [] };
  for (;;) {
    const availability = await inventory.area(areaId).availability(leftOut);
    const asked = await askPools(inventory, availability);
    const full = asked.filter(({ left }) => left === 0);
    if (full.length === 0) return withLeft(availability, asked);
    const stageIds = full.flatMap(({ stageId }) => stageId ?? []);
    // A promotion's pool has its id.
    const others = full.filter(({ stageId }) => stageId === undefined);
    leftOut = {
      stagesFull: [...leftOut.stagesFull, ...stageIds],
      promotionsFull: [...leftOut.promotionsFull, ...others.map(({ poolId }) => poolId)],
    };
  }
}

interface AskedPool {
  poolId: string;
  stageId?: string;
  /** Null: any number. */
  left: number | null;
}

function askPools(inventory: Inventory, availability: Availability | null): Promise<AskedPool[]> {
  const pools = availability?.price?.pools ?? [];
  return Promise.all(
    pools.map(async (pool) => {
      const answer = await inventory.area(pool.poolId).availability();
      return { ...pool, left: answer?.left ?? null };
    }),
  );
}

/** What is left of a shared stage, its pool says. */
function withLeft(
  availability: Availability | null,
  pools: readonly AskedPool[],
): Availability | null {
  const price = availability?.price;
  const pool = pools.find(({ stageId }) => stageId !== undefined);
  if (!availability || !price?.stage || pool === undefined) return availability;
  return { ...availability, price: { ...price, stage: { ...price.stage, left: pool.left } } };
}
