// Areas of events. SQL and row shapes only; who may do what is the services' business.
//
// Whether an area is open follows from its event's status. A statement that reads the status to
// hand it to the area's object runs after `lockEvent` or `lockEventOfArea`: otherwise an event that
// is published at the same moment could be read as a draft, under a newer version than the one that
// opened the area.

import * as z from "zod";
import type { DatabaseScope, Row, Statement } from "../ports/database.ts";
import { centsToDecimal } from "../shared/money.ts";
import { centsColumn, timeColumn } from "./columns.ts";
import {
  type CreatedPage,
  type PageRequest,
  earliestPlace,
  exactCreatedAt,
  pageOf,
} from "./created-page.ts";

const areaRow = z
  .object({
    id: z.uuid(),
    profile_id: z.uuid(),
    cluster_id: z.uuid(),
    area_name: z.string(),
    description: z.string(),
    capacity: z.int(),
    price: centsColumn,
    currency: z.string(),
    service: centsColumn,
    unit_capacity: z.int(),
    nomenclature_letter: z.string(),
    units_per_reservation_max: z.int(),
    units_per_buyer_max: z.int().nullable(),
    allows_reentry: z.boolean(),
    version: z.int(),
    created_at: timeColumn,
    event_status: z.enum(["draft", "published", "cancelled", "postponed", "finished"]),
    event_is_hidden: z.boolean(),
    event_sales_start_at: timeColumn.nullable(),
    event_sales_end_at: timeColumn,
  })
  .transform((row) => ({
    areaId: row.id,
    profileId: row.profile_id,
    eventId: row.cluster_id,
    name: row.area_name,
    description: row.description,
    /** Number of units. */
    capacity: row.capacity,
    priceInCents: row.price,
    currency: row.currency,
    serviceInCents: row.service,
    /** People per unit. */
    unitCapacity: row.unit_capacity,
    nomenclatureLetter: row.nomenclature_letter,
    unitsPerReservationMax: row.units_per_reservation_max,
    /** Null: any number. */
    unitsPerBuyerMax: row.units_per_buyer_max,
    allowsReentry: row.allows_reentry,
    version: row.version,
    createdAt: row.created_at,
    eventStatus: row.event_status,
    /** The platform took it out of sight; its organizer is not told. */
    eventIsHidden: row.event_is_hidden,
    /** Null: as soon as it is published. */
    eventSalesStartAt: row.event_sales_start_at,
    /** With the event's end at the latest. */
    eventSalesEndAt: row.event_sales_end_at,
  }));

export type Area = z.infer<typeof areaRow>;

const COLUMNS = `areas.id, areas.profile_id, areas.cluster_id, areas.area_name, areas.description,
  areas.capacity, areas.price, areas.currency, areas.service, areas.unit_capacity,
  areas.nomenclature_letter, areas.units_per_reservation_max, areas.units_per_buyer_max,
  areas.allows_reentry, areas.version, areas.created_at, clusters.status AS event_status,
  clusters.shadowban AS event_is_hidden, clusters.sales_start_at AS event_sales_start_at,
  least(clusters.sales_end_at, clusters.end_date) AS event_sales_end_at`;

/** An area and its event, neither of them deleted. */
const ITS_EVENT = "clusters.id = areas.cluster_id AND clusters.is_active AND areas.is_active";
const LIVING = `areas JOIN clusters ON ${ITS_EVENT}`;

/** The areas in rows of `areasOfEvent`, `areasWhere` or `recountCapacity`. */
export function readAreas(rows: readonly Row[]): Area[] {
  return z.array(areaRow).parse(rows);
}

/** Keeps the event's status from changing until the transaction ends. */
function lockEvent(eventId: string): Statement {
  return { text: "SELECT FROM clusters WHERE id = $1 FOR SHARE", parameters: [eventId] };
}

/** The same, by one of the event's areas. */
export function lockEventOfArea(areaId: string): Statement {
  return {
    text: "SELECT FROM clusters WHERE id = (SELECT cluster_id FROM areas WHERE id = $1) FOR SHARE",
    parameters: [areaId],
  };
}

/**
 * Lets one transaction at a time add units to the area. Not FOR UPDATE: that would also keep sales
 * from being written, whose rows refer to the area.
 */
export function lockArea(areaId: string): Statement {
  return { text: "SELECT FROM areas WHERE id = $1 FOR NO KEY UPDATE", parameters: [areaId] };
}

/** Counts the area's units anew; answers the area. */
export function recountCapacity(areaId: string): Statement {
  return {
    text: `
      UPDATE areas SET capacity = (SELECT count(*) FROM units WHERE area_id = $1),
        updated_at = now()
      FROM clusters WHERE areas.id = $1 AND ${ITS_EVENT} RETURNING ${COLUMNS}`,
    parameters: [areaId],
  };
}

/** The same by itself. */
export async function recountUnits(tenant: DatabaseScope, areaId: string): Promise<void> {
  await tenant.transaction([lockArea(areaId), recountCapacity(areaId)]);
}

/** Only where this transaction changed the event, whose time is that of the change, and only if `isWanted`. */
export function raiseAreaVersions(eventId: string, isWanted: boolean): Statement {
  return {
    text: `UPDATE areas SET version = version + 1, updated_at = now() WHERE cluster_id = $1 AND $2
             AND EXISTS (SELECT FROM clusters WHERE id = $1 AND updated_at = now())`,
    parameters: [eventId, isWanted],
  };
}

/** The same for a new status of the event: until `markAreaTold`, the minute finds these areas. */
export function raiseAreaVersionsForStatus(eventId: string): Statement {
  return {
    text: `UPDATE areas SET version = version + 1, untold_version = version + 1, updated_at = now()
           WHERE cluster_id = $1 AND EXISTS (SELECT FROM clusters WHERE id = $1 AND updated_at = now())`,
    parameters: [eventId],
  };
}

/** The area's inventory has acknowledged this version. */
export async function markAreaTold(
  tenant: DatabaseScope,
  { areaId, version }: Pick<Area, "areaId" | "version">,
): Promise<void> {
  await tenant.query(
    "UPDATE areas SET untold_version = NULL WHERE id = $1 AND untold_version <= $2",
    [areaId, version],
  );
}

const untoldRow = z
  .object({ id: z.uuid(), profile_id: z.uuid() })
  .transform((row) => ({ areaId: row.id, profileId: row.profile_id }));

/**
 * Areas whose inventories have not acknowledged their event's status. In no order: one that always fails must not come first
 * for ever. System scope.
 */
export async function findUntoldAreas(
  system: DatabaseScope,
  limit: number,
): Promise<z.infer<typeof untoldRow>[]> {
  const rows = await system.query(
    `SELECT areas.id, areas.profile_id FROM ${LIVING}
     WHERE areas.untold_version IS NOT NULL ORDER BY random() LIMIT $1`,
    [limit],
  );
  return z.array(untoldRow).parse(rows);
}

/** All areas of an event, oldest first. */
export function areasOfEvent(eventId: string): Statement {
  return areasWhere("areas.cluster_id = $1", [eventId]);
}

/** Areas that meet a condition on `areas` and `clusters`, oldest first. */
export function areasWhere(condition: string, parameters: readonly unknown[]): Statement {
  return {
    text: `SELECT ${COLUMNS} FROM ${LIVING} WHERE ${condition} ORDER BY areas.created_at, areas.id`,
    parameters,
  };
}

export async function findAreasOfEvent(tenant: DatabaseScope, eventId: string): Promise<Area[]> {
  const { text, parameters } = areasOfEvent(eventId);
  return readAreas(await tenant.query(text, parameters));
}

export async function findArea(tenant: DatabaseScope, areaId: string): Promise<Area | null> {
  const rows = await tenant.query(`SELECT ${COLUMNS} FROM ${LIVING} WHERE areas.id = $1`, [areaId]);
  return readAreas(rows)[0] ?? null;
}

/** A page of an event's areas, oldest first; null for an unknown event. */
export async function listAreas(
  tenant: DatabaseScope,
  eventId: string,
  page: PageRequest,
): Promise<CreatedPage<Area> | null> {
  const after = page.after ?? earliestPlace;
  const [events = [], rows = []] = await tenant.transaction([
    { text: "SELECT id FROM clusters WHERE id = $1 AND is_active", parameters: [eventId] },
    {
      text: `
        SELECT ${COLUMNS}, ${exactCreatedAt("areas")} FROM ${LIVING}
        WHERE areas.cluster_id = $1 AND (areas.created_at, areas.id) > ($2::timestamptz, $3::uuid)
        ORDER BY areas.created_at, areas.id LIMIT $4`,
      parameters: [eventId, after.createdAt, after.id, page.limit + 1],
    },
  ]);
  return events.length === 0 ? null : pageOf(rows, page.limit, (row) => areaRow.parse(row));
}

export interface NewArea {
  areaId: string;
  eventId: string;
  name: string;
  description: string;
  priceInCents: number;
  currency: string;
  serviceInCents: number;
  unitCapacity: number;
  nomenclatureLetter: string;
  unitsPerReservationMax: number;
  unitsPerBuyerMax: number | null;
  allowsReentry: boolean;
}

/**
 * Null for an unknown event: the event is read, because a foreign key alone would accept another
 * organizer's. Throws `UniqueViolation` on `waro_areas_name`.
 */
export async function insertArea(tenant: DatabaseScope, area: NewArea): Promise<Area | null> {
  const [, rows = []] = await tenant.transaction([
    lockEvent(area.eventId),
    {
      text: `
        WITH areas AS (
          INSERT INTO areas (id, profile_id, cluster_id, area_name, description, price, currency,
            service, unit_capacity, nomenclature_letter, units_per_reservation_max,
            units_per_buyer_max, allows_reentry)
          SELECT $1, profile_id, id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
          FROM clusters WHERE id = $2 AND is_active
          RETURNING *
        )
        SELECT ${COLUMNS} FROM areas JOIN clusters ON clusters.id = areas.cluster_id`,
      parameters: [
        area.areaId,
        area.eventId,
        area.name,
        area.description,
        centsToDecimal(area.priceInCents),
        area.currency,
        centsToDecimal(area.serviceInCents),
        area.unitCapacity,
        area.nomenclatureLetter,
        area.unitsPerReservationMax,
        area.unitsPerBuyerMax,
        area.allowsReentry,
      ],
    },
  ]);
  return readAreas(rows)[0] ?? null;
}

/**
 * Saves the area with its changes and raises its version. Null when the area is gone, or has another version than this one
 * by now. Throws `UniqueViolation` on `waro_areas_name`.
 */
export async function updateArea(tenant: DatabaseScope, area: Area): Promise<Area | null> {
  const [, rows = []] = await tenant.transaction([
    lockEventOfArea(area.areaId),
    {
      text: `
        UPDATE areas SET area_name = $3, description = $4, price = $5, service = $6,
          unit_capacity = $7, nomenclature_letter = $8, units_per_reservation_max = $9,
          units_per_buyer_max = $10, allows_reentry = $11, version = areas.version + 1,
          updated_at = now()
        FROM clusters WHERE areas.id = $1 AND areas.version = $2 AND ${ITS_EVENT}
        RETURNING ${COLUMNS}`,
      parameters: [
        area.areaId,
        area.version,
        area.name,
        area.description,
        centsToDecimal(area.priceInCents),
        centsToDecimal(area.serviceInCents),
        area.unitCapacity,
        area.nomenclatureLetter,
        area.unitsPerReservationMax,
        area.unitsPerBuyerMax,
        area.allowsReentry,
      ],
    },
  ]);
  return readAreas(rows)[0] ?? null;
}
