// Releases what a request held in areas and pools. What cannot be released now ends by itself at its expiry.

import type { Dependencies } from "../dependencies.ts";

export interface HeldPart {
  /** Of an area, or of a pool. */
  inventoryId: string;
  /** As it was first given. */
  holdExpiresAtMs: number;
}

/** Only these holds: the same request, sent twice, may have placed newer ones under this id by now. */
export async function giveBack(
  { inventory }: Dependencies,
  reservationId: string,
  held: readonly HeldPart[],
): Promise<void> {
  await Promise.allSettled(
    held.map(({ inventoryId, holdExpiresAtMs }) =>
      inventory.area(inventoryId).releaseHold({ reservationId, holdExpiresAtMs }),
    ),
  );
}
