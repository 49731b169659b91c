// The product's own Worker with the bench's routes beside it, in one bundle. Requests below /bench/ are the bench's, all
// others go to the product untouched. Effects are the product's too, but for tickets the bench sells itself: nobody pays
// for those, so their mails would be retried for the rest of the run.

import production from "../../src/index.ts";
import type { BenchEnv } from "./bench-env.ts";
import { createReferenceApp, effects } from "./reference-app.ts";

export { AreaWatch } from "../../src/index.ts";
export { BenchAreaInventory as AreaInventory } from "./bench-area-inventory.ts";
export { EmptyObject } from "./empty-object.ts";

const reference = createReferenceApp();

export default {
  fetch(request, env, context) {
    return request.url.includes("/bench/")
      ? reference.fetch(request, env, context)
      : production.fetch(request, env, context);
  },
  async queue(batch, env) {
    if (effects.areCarriedOut) await production.queue(batch, env);
    else batch.ackAll();
  },
} satisfies ExportedHandler<BenchEnv>;
