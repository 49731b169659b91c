// Releases what a request held in areas and pools. What cannot be released now ends by itself at its expiry.

import type { Dependencies } from "../dependencies.ts";

/** What holding needs. */
export interface HoldDependencies extends Pick<Dependencies, "inventory"> {
  settings: Pick<Dependencies["settings"], "holdMs">;
}

export interface HeldPart {
  /** Of an area, or of a pool. */
  inventoryId: string;
  /** As it was first given. */
  holdExpiresAtMs: number;
}

/** Only these holds: the same request, sent twice, may have placed newer ones under this id by now. */
export async function giveBack(
  { inventory }: Pick<Dependencies, "inventory">,
  reservationId: string,
  held: readonly HeldPart[],
): Promise<void> {
  await Promise.allSettled(
    held.map(({ inventoryId, holdExpiresAtMs }) =>
      inventory.area(inventoryId).releaseHold({ reservationId, holdExpiresAtMs }),
    ),
  );
}

/** What `work` answers; when it fails, what it had held by then is given back before the failure goes on. */
export async function orGiveBack<Value>(
  dependencies: Pick<Dependencies, "inventory">,
  { reservationId, held }: { reservationId: string; held: () => readonly HeldPart[] },
  work: () => Promise<Value>,
): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    await giveBack(dependencies, reservationId, held());
    throw error;
  }
}
