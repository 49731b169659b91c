// The Worker's entry: requests, queued effects, the minute's roll-forward, and the Durable Object classes. No logic.

import { createApp } from "./app.ts";
import { composeDependencies } from "./composition.ts";
import { DEAD_EFFECTS_QUEUE, consumeDeadEffects } from "./effects/consume-dead.ts";
import { consumeEffects } from "./effects/consume.ts";
import { resendDeadEffects } from "./services/effects/resend-dead-effects.ts";
import { answerFromMemory } from "./http/edge-cache.ts";
import { finishEndedEvents } from "./services/events/finish-ended-events.ts";
import { tellHiddenEvents } from "./services/events/tell-hidden-events.ts";
import { tellUntoldAreas } from "./services/inventory/tell-untold-areas.ts";
import { removeOrphans } from "./services/images/remove-orphans.ts";
import { auditAreasInTurn } from "./services/inventory/audit-areas-in-turn.ts";
import { wakeLateAreas } from "./services/inventory/wake-late-areas.ts";
import { settleStragglers } from "./services/payments/settle-stragglers.ts";

export { AreaInventory } from "../durable-objects/area-inventory/area-inventory.ts";
export { AreaWatch } from "../durable-objects/area-watch/area-watch.ts";

const app = createApp();

export default {
  fetch: (request, env, context) =>
    answerFromMemory(request, Date.now()) ?? app.fetch(request, env, context),
  async queue(batch, env) {
    const consume = batch.queue === DEAD_EFFECTS_QUEUE ? consumeDeadEffects : consumeEffects;
    await consume(composeDependencies(env), batch);
  },
  scheduled(_controller, env, context) {
    const dependencies = composeDependencies(env);
    // Side by side: neither waits for the other or fails with it.
    context.waitUntil(settleStragglers(dependencies));
    context.waitUntil(resendDeadEffects(dependencies));
    context.waitUntil(auditAreasInTurn(dependencies));
    context.waitUntil(finishEndedEvents(dependencies));
    context.waitUntil(tellHiddenEvents(dependencies));
    context.waitUntil(tellUntoldAreas(dependencies));
    context.waitUntil(wakeLateAreas(dependencies));
    context.waitUntil(removeOrphans(dependencies));
  },
} satisfies ExportedHandler<Env>;
