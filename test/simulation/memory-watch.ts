// Where the memory of every running object is found: `platform.ts` has each batch leave it here, by the object's storage.

import type { MemoryHolder } from "../../durable-objects/area-inventory/group-commit.ts";
import type { SqliteStorage } from "../../durable-objects/sqlite/storage.ts";

export const memoryOf = new WeakMap<SqliteStorage, MemoryHolder>();
