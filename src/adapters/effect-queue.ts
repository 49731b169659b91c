// Puts effects on the Cloudflare queue. Translates only; retries and the dead-letter queue are the platform's.

import type { InventoryEffects } from "../../durable-objects/area-inventory/contract.ts";
import type { Effect, EffectQueue } from "../ports/effects.ts";

/** Messages one `sendBatch` takes. */
const BATCH_MESSAGES_MAX = 100;

export function createEffectQueue(queue: Queue): EffectQueue {
  return {
    async send(effects) {
      for (let start = 0; start < effects.length; start += BATCH_MESSAGES_MAX) {
        const batch = effects.slice(start, start + BATCH_MESSAGES_MAX);
        await queue.sendBatch(batch.map((body) => ({ body, contentType: "json" as const })));
      }
    },
  };
}

/** The same queue as an area's flush sees it. */
export function createInventoryEffects(queue: EffectQueue): InventoryEffects {
  return {
    async send({ profileId }, effects) {
      await queue.send(
        effects.map(({ kind, reservationId }): Effect => ({ kind, profileId, reservationId })),
      );
    },
  };
}
