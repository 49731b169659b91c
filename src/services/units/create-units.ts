// An organizer makes units of an area, all at once: in one transaction, so that nobody ever sees a part of them.

import { type Area, findArea } from "../../db/areas-repository.ts";
import { type UnitBatch, findUnitBatch, insertUnits } from "../../db/unit-plans-repository.ts";
import { type DatabaseScope, UniqueViolation } from "../../ports/database.ts";
import { derivedId, sha256Hex } from "../../shared/digest.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { loadAreaInventory } from "../inventory/load-area-inventory.ts";
import { tryToPush } from "../inventory/try-to-push.ts";
import { nameClashes } from "./name-clashes.ts";
import { type PlannedUnits, type UnitOrder, planUnits } from "./plan-units.ts";

export interface UnitProgress {
  /** `on_sale`: on their way to the area's object, which only published events have. */
  step: "writing" | "on_sale";
  done: number;
  total: number;
}

export interface CreateUnitsInput {
  areaId: string;
  order: UnitOrder;
  idempotencyKey: string | null;
  tell: (progress: UnitProgress) => void;
}

export interface CreatedUnits {
  created: number;
  /** Units the area had afterwards. */
  capacity: number;
}

/** All units, or none. On sale before the answer, if the event is published. The same key and content make them once. */
export async function createUnits(
  dependencies: Dependencies,
  actor: Actor,
  input: CreateUnitsInput,
): Promise<Result<CreatedUnits, Refusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const { areaId, order, idempotencyKey, tell } = input;
  const planned = planUnits(order);
  if (!planned.ok) return planned;
  const total = planned.value.units;
  const batch =
    idempotencyKey === null ? null : await batchOf(areaId, idempotencyKey, planned.value);
  tell({ step: "writing", done: 0, total });
  const tenant = dependencies.database.asTenant(profileId);
  const written = await write(tenant, { areaId, order, planned: planned.value, batch });
  if (!written.ok) return written;
  tell({ step: "writing", done: total, total });
  const { area, made } = written.value;
  const isPushed = area.eventStatus !== "published" || (await push(dependencies, area, tell));
  return isPushed ? ok(made) : refused({ code: "inventory_behind" });
}

interface Order {
  areaId: string;
  order: UnitOrder;
  planned: PlannedUnits;
  batch: UnitBatch | null;
}

interface Written {
  made: CreatedUnits;
  area: Area;
}

async function write(tenant: DatabaseScope, input: Order): Promise<Result<Written, Refusal>> {
  const { areaId, order, planned, batch } = input;
  try {
    const area = await insertUnits(tenant, areaId, { plan: planned.plan, batch });
    if (area === null) return refused({ code: "area_not_found" });
    return ok({ made: { created: planned.units, capacity: area.capacity }, area });
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error;
    const before = batch === null ? null : await findWritten(tenant, areaId, batch);
    return before ?? refused(await nameClashes(tenant, areaId, { order, plan: planned.plan }));
  }
}

/** What the same call wrote before; null when there was none. */
async function findWritten(
  tenant: DatabaseScope,
  areaId: string,
  { batchId, contentHash }: UnitBatch,
): Promise<Result<Written, Refusal> | null> {
  const known = await findUnitBatch(tenant, batchId);
  if (known === null) return null;
  if (known.contentHash !== contentHash) return refused({ code: "command_reused" });
  const area = await findArea(tenant, areaId);
  if (area === null) return refused({ code: "area_not_found" });
  return ok({ made: { created: known.units, capacity: known.capacity }, area });
}

async function batchOf(
  areaId: string,
  key: string,
  { plan, units }: PlannedUnits,
): Promise<UnitBatch> {
  const [batchId, contentHash] = await Promise.all([
    derivedId(`units-batch\n${areaId}\n${key}`),
    sha256Hex(JSON.stringify(plan)),
  ]);
  return { batchId, contentHash, units };
}

function push(
  dependencies: Dependencies,
  area: Area,
  tell: (progress: UnitProgress) => void,
): Promise<boolean> {
  return tryToPush(area.areaId, () =>
    loadAreaInventory(dependencies, area, (done) =>
      tell({ step: "on_sale", done, total: area.capacity }),
    ),
  );
}
