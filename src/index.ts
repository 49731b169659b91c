// The Worker's entry: requests, queued effects, the minute's roll-forward, and the Durable Object classes. No logic.

import { createApp } from "./app.ts";
import { composeDependencies } from "./composition.ts";
import { consumeEffects } from "./effects/consume.ts";
import { settleStragglers } from "./services/payments/settle-stragglers.ts";

export { AreaInventory } from "../durable-objects/area-inventory/area-inventory.ts";

const app = createApp();

export default {
  fetch: app.fetch,
  queue: (batch, env) => consumeEffects(composeDependencies(env), batch),
  async scheduled(_controller, env) {
    await settleStragglers(composeDependencies(env));
  },
} satisfies ExportedHandler<Env>;
