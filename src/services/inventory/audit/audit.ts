// One audit of one area: what every step of it works with, and what a page of it finds. Types and small helpers.

import type {
  AreaInventoryMethods,
  AreaItems,
} from "../../../../durable-objects/area-inventory/contract.ts";
import type { Area } from "../../../db/areas-repository.ts";
import type { DatabaseScope } from "../../../ports/database.ts";
import type { Dependencies } from "../../dependencies.ts";
import type { FoundDifference } from "./difference.ts";
import type { RepairMode } from "./remedy.ts";

export interface Audit {
  dependencies: Dependencies;
  area: Area;
  /** Of the area's organizer. */
  tenant: DatabaseScope;
  object: AreaInventoryMethods;
  currency: string;
  mode: RepairMode;
}

export interface AuditedPage {
  found: FoundDifference[];
  /** Reservations or units that were compared. */
  compared: number;
  /** Those that were on their way to Postgres as long as they were watched: neither equal nor different. */
  inFlight: number;
}

export const PAGE_ITEMS = 500;
/** No reservation has this id. */
export const BEFORE_ALL = "00000000-0000-0000-0000-000000000000";

export function startAudit(dependencies: Dependencies, area: Area, mode: RepairMode): Audit {
  return {
    dependencies,
    area,
    tenant: dependencies.database.asTenant(area.profileId),
    object: dependencies.inventory.area(area.areaId),
    currency: area.currency,
    mode,
  };
}

export async function itemsOf(
  { object }: Audit,
  ids: { reservationIds?: readonly string[]; unitIds?: readonly string[] },
): Promise<AreaItems> {
  return known(await object.items({ reservationIds: [], unitIds: [], ...ids }));
}

/** An object that was lost meanwhile, or is of an older version, has no answer; that must not look like nothing. */
export function known<Answer>(answer: Answer | null): Answer {
  if (answer === null) throw new Error("the area's object does not know what an audit asks");
  return answer;
}
