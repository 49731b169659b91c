// For what may only be done while nothing can be sold: an area's object that an earlier call left open is closed first.

import type { Area } from "../../db/areas-repository.ts";
import type { Dependencies } from "../dependencies.ts";
import { loadAreaInventory } from "./load-area-inventory.ts";

/** Of areas whose event is not on sale. Throws when an object cannot be reached. */
export async function makeSureClosed(
  dependencies: Dependencies,
  areas: readonly Area[],
): Promise<void> {
  await Promise.all(
    areas.map(async (area) => {
      const known = await dependencies.inventory.area(area.areaId).availability();
      if (known?.settings.isOpen === true) await loadAreaInventory(dependencies, area);
    }),
  );
}
