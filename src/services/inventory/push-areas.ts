// Brings the objects of areas up to date after a change that concerns several of them.

import type { Area } from "../../db/areas-repository.ts";
import type { Dependencies } from "../dependencies.ts";
import { loadAreaInventory } from "./load-area-inventory.ts";
import { tryToPush } from "./try-to-push.ts";

const TOGETHER_MAX = 8;

/** Those of published events; the others hear of it when they are published. False when one of them could not be reached. */
export async function pushAreas(
  dependencies: Dependencies,
  areas: readonly Area[],
): Promise<boolean> {
  const onSale = areas.filter(({ eventStatus }) => eventStatus === "published");
  const push = (area: Area) => tryToPush(area.areaId, () => loadAreaInventory(dependencies, area));
  // The first by itself: what they share is ready by then, and the others do not all make it at once.
  let pushed = (await Promise.all(onSale.slice(0, 1).map(push))).every(Boolean);
  for (let from = 1; from < onSale.length; from += TOGETHER_MAX) {
    const results = await Promise.all(onSale.slice(from, from + TOGETHER_MAX).map(push));
    pushed &&= results.every(Boolean);
  }
  return pushed;
}
