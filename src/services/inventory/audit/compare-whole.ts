// What an area's object and Postgres say of the area as a whole. Pure.

import type {
  AreaCounts,
  AreaSettings,
  AreaTally,
  Availability,
} from "../../../../durable-objects/area-inventory/contract.ts";
import { namesOf } from "../../../shared/names-of.ts";
import { sameJson } from "../../../shared/same-json.ts";
import { type Difference, difference } from "./difference.ts";

const counts: readonly (keyof AreaCounts)[] = ["available", "held", "sold", "blocked"];

/** `availability` is null for an object that knows nothing. */
export function compareKnowledge(
  availability: Availability | null,
  postgres: { isOnSale: boolean; hasReservations: boolean },
): Difference[] {
  const isRestoring = availability?.settings.isRestoring === true;
  const isMissed = availability === null && (postgres.isOnSale || postgres.hasReservations);
  if (!isRestoring && !isMissed) return [];
  const object = isRestoring ? "restoring" : "unknown";
  return [difference("object_lost", "load_object", { object })];
}

/** The same of a pool; nothing says whether it was used, so it counts where its prices are on sale. */
export function comparePool(
  poolId: string,
  availability: Availability | null,
  { isOnSale }: { isOnSale: boolean },
): Difference[] {
  const known = compareKnowledge(availability, { isOnSale, hasReservations: false });
  return known.map(({ object }) =>
    difference("pool_lost", "load_object", { object, postgres: poolId }),
  );
}

/**
 * A draft's changes reach the object when it is published; until then it only has to be closed. That its event is cancelled
 * it has to know: it still decides on payments.
 */
export function compareSettings(object: AreaSettings, postgres: AreaSettings): Difference[] {
  const isTold = object.isCancelled === postgres.isCancelled;
  // Publishing raises the version and tells it all.
  if (!postgres.isOpen && !object.isOpen && isTold) return [];
  const versions = { object: String(object.version), postgres: String(postgres.version) };
  if (object.version < postgres.version) {
    const about = { ...versions, fields: ["version"] as const };
    return [difference("settings_behind", "load_object", about)];
  }
  const fields = namesOf<keyof AreaSettings>(postgres).filter(
    (name) => !sameJson(object[name], postgres[name]),
  );
  return fields.length === 0
    ? []
    : [difference("settings_different", "person", { ...versions, fields })];
}

/** Within the object: the counts it keeps, and its units counted. */
export function compareTally({ stored, counted }: AreaTally): Difference[] {
  const fields = counts.filter((name) => stored[name] !== counted[name]);
  if (fields.length === 0) return [];
  return [difference("counts_different", "person", { fields })];
}

/** Within Postgres, likewise. */
export function compareCapacity(told: { capacity: number; units: number } | null): Difference[] {
  if (told === null || told.capacity === told.units) return [];
  const postgres = `${told.capacity} of ${told.units}`;
  return [difference("capacity_different", "recount_units", { postgres })];
}
