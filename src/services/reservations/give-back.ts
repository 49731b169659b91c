// Releases what a reservation holds in areas and pools. What cannot be released now ends by itself at its expiry.

import type { Dependencies } from "../dependencies.ts";

export async function giveBack(
  { inventory }: Dependencies,
  reservationId: string,
  inventoryIds: readonly string[],
): Promise<void> {
  await Promise.allSettled(
    inventoryIds.map((id) => inventory.area(id).releaseHold({ reservationId })),
  );
}
