// The Worker's entry: requests, queued effects, and the Durable Object classes. No logic.

import { createApp } from "./app.ts";

export { AreaInventory } from "../durable-objects/area-inventory/area-inventory.ts";

const app = createApp();

export default {
  fetch: app.fetch,
} satisfies ExportedHandler<Env>;
