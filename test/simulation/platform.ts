// The object's own shell, as it is deployed, loaded in plain Node: the platform's base class and the wiring to the outside
// are answered here in place of the runtime and of `src/composition.ts`. Batches run as they are, and show their memory.

import { registerHooks } from "node:module";
import type {
  AreaInventoryCalls,
  InventoryEffects,
  InventoryProjection,
} from "../../durable-objects/area-inventory/contract.ts";
import type { SqliteStorage } from "../../durable-objects/sqlite/storage.ts";

/** As much of `DurableObjectState` as the shell uses. */
export interface ObjectContext {
  id: { name: string };
  storage: SqliteStorage & {
    getAlarm(): Promise<number | null>;
    setAlarm(wallMs: number): Promise<void>;
  };
  blockConcurrencyWhile(work: () => Promise<void>): Promise<void>;
  waitUntil(work: Promise<void>): void;
}

/** What the shell gets from its composition. */
export interface ObjectParts {
  projection: InventoryProjection;
  effects: InventoryEffects;
}

export type RunningObject = AreaInventoryCalls & { alarm(): Promise<void> };

type ObjectClass = new (context: ObjectContext, parts: ObjectParts) => RunningObject;

const groupCommit = new URL(
  "../../durable-objects/area-inventory/group-commit.ts",
  import.meta.url,
);
const memoryWatch = new URL("memory-watch.ts", import.meta.url);

const sources: Record<string, string> = {
  "simulated:workers":
    "export class DurableObject { constructor(ctx, env) { this.ctx = ctx; this.env = env; } }",
  "simulated:composition": "export const composeAreaInventory = (parts) => parts;",
  "simulated:group-commit": `
    import { runTogether as run } from "${groupCommit.href}";
    import { memoryOf } from "${memoryWatch.href}";
    export { COMMANDS_TOGETHER_MAX, waitingFor } from "${groupCommit.href}";
    export const runTogether = (at, commands) => {
      memoryOf.set(at.storage, at.memory);
      return run(at, commands);
    };`,
};

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === "cloudflare:workers") return { url: "simulated:workers", shortCircuit: true };
    if (specifier.endsWith("/src/composition.ts"))
      return { url: "simulated:composition", shortCircuit: true };
    if (specifier === "./group-commit.ts")
      return { url: "simulated:group-commit", shortCircuit: true };
    return next(specifier, context);
  },
  load(url, context, next) {
    const source = sources[url];
    return source === undefined
      ? next(url, context)
      : { format: "module", source, shortCircuit: true };
  },
});

const shell = new URL("../../durable-objects/area-inventory/area-inventory.ts", import.meta.url);
const loaded: { AreaInventory: ObjectClass } = await import(shell.href);

export const { AreaInventory } = loaded;
