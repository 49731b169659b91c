// The inventories of all areas for somebody who only asks: a hold is answered as it would be and not placed, so nothing has
// to be given back. Whatever holds through them (see hold-all.ts) says what the real hold would say.

import type {
  AreaInventoryMethods,
  HoldQuote,
  Inventory,
} from "../../../durable-objects/area-inventory/contract.ts";

export interface AskedInventory {
  inventory: Inventory;
  /** What each area and pool answered last. */
  answers: ReadonlyMap<string, HoldQuote>;
}

/** `profileId`: whose areas are asked; those of others are not there. */
export function askInstead(inventory: Inventory, profileId: string): AskedInventory {
  const answers = new Map<string, HoldQuote>();
  const ask = (id: string, area: AreaInventoryMethods): AreaInventoryMethods => ({
    ...area,
    async placeHold(command) {
      const answer = await area.quoteHold({ ...command, profileId });
      // An object of the version before, for the minutes of a deploy.
      if (answer === null) return { ok: false, refusal: { code: "command_failed" } };
      if (!answer.ok) return answer;
      answers.set(id, answer);
      return answer.hold;
    },
    releaseHold: ({ reservationId }) => Promise.resolve({ ok: true, reservationId }),
  });
  return { inventory: { area: (id) => ask(id, inventory.area(id)) }, answers };
}
