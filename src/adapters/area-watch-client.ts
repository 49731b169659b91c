// Reaches the objects that areas are watched at. Of the watcher's request nothing is passed on.

import type { AreaWatch } from "../../durable-objects/area-watch/area-watch.ts";
import type { AreaWatches } from "../ports/area-watches.ts";
import { withRetries } from "./area-inventory-client.ts";

const UPGRADE = { headers: { Upgrade: "websocket" } };

export function createAreaWatches(
  objects: DurableObjectNamespace<AreaWatch>,
  locationHint: DurableObjectLocationHint,
): AreaWatches {
  return {
    async join(areaId) {
      const answer = await withRetries(() =>
        objects.getByName(areaId, { locationHint }).fetch("https://area-watch.invalid/", UPGRADE),
      );
      return answer.webSocket ?? (answer.status === 404 ? "unknown" : "full");
    },
  };
}
