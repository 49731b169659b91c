// What the bench binds beside the product's own bindings.

import type { BenchAreaInventory } from "./bench-area-inventory.ts";
import type { EmptyObject } from "./empty-object.ts";

export interface BenchEnv extends Omit<Env, "AREA_INVENTORY"> {
  AREA_INVENTORY: DurableObjectNamespace<BenchAreaInventory>;
  EMPTY_OBJECT: DurableObjectNamespace<EmptyObject>;
  /** As the owner of the tables. */
  BENCH_DATABASE_URL: string;
  DATABASE_HTTP_ENDPOINT: string;
}
