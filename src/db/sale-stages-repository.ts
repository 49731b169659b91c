// Sale stages of events. SQL and row shapes only; who may do what is the services' business.
//
// A change and the raised versions of the areas it concerns are one transaction, begun by locking the event: so changes of
// one event follow one another, and none slips in between an event's new status and the settings its areas are given.

import * as z from "zod";
import type { DatabaseScope, Row, Statement } from "../ports/database.ts";
import { centsToDecimal } from "../shared/money.ts";
import { type Area, areasWhere, readAreas } from "./areas-repository.ts";
import { centsColumn, timeColumn } from "./columns.ts";

const saleStageRow = z
  .object({
    id: z.uuid(),
    cluster_id: z.uuid(),
    target_area_id: z.uuid().nullable(),
    stage_name: z.string(),
    price_adjustment_type: z.enum(["percentage", "fixed"]),
    price_adjustment_value: centsColumn,
    quantity_available: z.int().nullable(),
    start_time: timeColumn.nullable(),
    end_time: timeColumn.nullable(),
    priority_order: z.int(),
    version: z.int(),
    created_at: timeColumn,
  })
  .transform((row) => ({
    stageId: row.id,
    eventId: row.cluster_id,
    /** Null: all areas of the event. */
    areaId: row.target_area_id,
    name: row.stage_name,
    /** In basis points or minor units; below zero it lowers the price. Two decimals of a percent are digits as money's are. */
    adjustment: { type: row.price_adjustment_type, value: row.price_adjustment_value },
    /** Null: any number. */
    quantity: row.quantity_available,
    startsAt: row.start_time,
    endsAt: row.end_time,
    /** The lower, the earlier its turn. */
    priority: row.priority_order,
    version: row.version,
    createdAt: row.created_at,
  }));

export type SaleStage = z.infer<typeof saleStageRow>;

const COLUMNS = `id, cluster_id, target_area_id, stage_name, price_adjustment_type,
  price_adjustment_value, quantity_available, start_time, end_time, priority_order, version,
  created_at`;

/** Stages that are for units, and were not deleted. */
const LIVING = "is_active AND target_product_variant_id IS NULL";

const IN_ORDER = "ORDER BY priority_order, start_time NULLS FIRST, created_at, id";

/** The areas a stage concerns; its id is `$1`. */
const CONCERNED = `EXISTS (SELECT FROM sale_stages AS stage
  WHERE stage.id = $1 AND stage.cluster_id = areas.cluster_id
    AND (stage.target_area_id IS NULL OR stage.target_area_id = areas.id))`;

export interface SavedSaleStage {
  stage: SaleStage;
  /** Those the change concerns, with their raised versions. */
  areas: Area[];
}

/** The stages in rows of `stagesOfArea`. */
export function readStages(rows: readonly Row[]): SaleStage[] {
  return z.array(saleStageRow).parse(rows);
}

/** The stages that set prices in an area now or later, in the order of their turns. */
export function stagesOfArea({ areaId, eventId }: { areaId: string; eventId: string }): Statement {
  return {
    text: `
      SELECT ${COLUMNS} FROM sale_stages
      WHERE cluster_id = $1 AND ${LIVING} AND (target_area_id IS NULL OR target_area_id = $2)
        AND (end_time IS NULL OR end_time > now())
      ${IN_ORDER}`,
    parameters: [eventId, areaId],
  };
}

/** All stages of an event, in the order of their turns; null for an unknown event. */
export async function listSaleStages(
  tenant: DatabaseScope,
  eventId: string,
): Promise<SaleStage[] | null> {
  const [events = [], rows = []] = await tenant.transaction([
    { text: "SELECT id FROM clusters WHERE id = $1 AND is_active", parameters: [eventId] },
    {
      text: `SELECT ${COLUMNS} FROM sale_stages WHERE cluster_id = $1 AND ${LIVING} ${IN_ORDER}`,
      parameters: [eventId],
    },
  ]);
  return events.length === 0 ? null : readStages(rows);
}

export async function findSaleStage(
  tenant: DatabaseScope,
  stageId: string,
): Promise<SaleStage | null> {
  const rows = await tenant.query(
    `SELECT ${COLUMNS} FROM sale_stages WHERE id = $1 AND ${LIVING}
       AND cluster_id IN (SELECT id FROM clusters WHERE is_active)`,
    [stageId],
  );
  return readStages(rows)[0] ?? null;
}

export type NewSaleStage = Omit<SaleStage, "version" | "createdAt">;

/** The new stage, or what it lacked. The event and the area are read: foreign keys alone would accept another organizer's. */
export async function insertSaleStage(
  tenant: DatabaseScope,
  stage: NewSaleStage,
  stagesMax: number,
): Promise<SavedSaleStage | { lacks: "event" | "area" | "room" }> {
  const { stageId, eventId, areaId } = stage;
  const added = saved(
    await tenant.transaction([
      lockEvent(eventId),
      {
        text: `
          INSERT INTO sale_stages (id, profile_id, cluster_id, target_area_id, stage_name,
            price_adjustment_type, price_adjustment_value, quantity_available, start_time, end_time,
            priority_order)
          SELECT $1, profile_id, id, $3, $4, $5, $6, $7, $8, $9, $10
          FROM clusters WHERE id = $2 AND is_active
            AND ($3::uuid IS NULL OR EXISTS (SELECT FROM areas WHERE areas.id = $3 AND cluster_id = $2 AND is_active))
            AND (SELECT count(*) FROM sale_stages WHERE cluster_id = $2 AND ${LIVING}) < $11
          RETURNING ${COLUMNS}`,
        parameters: [stageId, eventId, areaId, ...contentOf(stage), stagesMax],
      },
      raiseVersions(stageId),
      areasWhere(CONCERNED, [stageId]),
    ]),
  );
  return added ?? { lacks: await whatLacks(tenant, stage) };
}

const targetRow = z.object({ has_event: z.boolean(), has_area: z.boolean() });

async function whatLacks(
  tenant: DatabaseScope,
  { eventId, areaId }: NewSaleStage,
): Promise<"event" | "area" | "room"> {
  const rows = await tenant.query(
    `SELECT EXISTS (SELECT FROM clusters WHERE id = $1 AND is_active) AS has_event,
       $2::uuid IS NULL OR EXISTS (SELECT FROM areas WHERE id = $2 AND cluster_id = $1 AND is_active) AS has_area`,
    [eventId, areaId],
  );
  const [target] = z.tuple([targetRow]).parse(rows);
  if (!target.has_event) return "event";
  return target.has_area ? "room" : "area";
}

/** Null when the stage is gone, or has another version than this one by now. */
export async function updateSaleStage(
  tenant: DatabaseScope,
  stage: SaleStage,
): Promise<SavedSaleStage | null> {
  const { stageId, eventId } = stage;
  return saved(
    await tenant.transaction([
      lockEvent(eventId),
      {
        text: `
          UPDATE sale_stages SET stage_name = $3, price_adjustment_type = $4,
            price_adjustment_value = $5, quantity_available = $6, start_time = $7, end_time = $8,
            priority_order = $9, version = version + 1, updated_at = now()
          WHERE id = $1 AND version = $2 AND ${LIVING}
          RETURNING ${COLUMNS}`,
        parameters: [stageId, stage.version, ...contentOf(stage)],
      },
      raiseVersions(stageId),
      areasWhere(CONCERNED, [stageId]),
    ]),
  );
}

/** Sets no price any more. Null when it is gone already, or has another version than this one by now. */
export async function deactivateSaleStage(
  tenant: DatabaseScope,
  { stageId, eventId, version }: SaleStage,
): Promise<SavedSaleStage | null> {
  return saved(
    await tenant.transaction([
      lockEvent(eventId),
      {
        text: `
          UPDATE sale_stages SET is_active = false, version = version + 1, updated_at = now()
          WHERE id = $1 AND version = $2 AND ${LIVING} RETURNING ${COLUMNS}`,
        parameters: [stageId, version],
      },
      raiseVersions(stageId),
      areasWhere(CONCERNED, [stageId]),
    ]),
  );
}

function saved([, rows = [], , areas = []]: Row[][]): SavedSaleStage | null {
  const [stage] = readStages(rows);
  return stage === undefined ? null : { stage, areas: readAreas(areas) };
}

/** Also keeps the event's status from changing, and areas from being added, until the transaction ends. */
function lockEvent(eventId: string): Statement {
  return {
    text: "SELECT FROM clusters WHERE id = $1 FOR NO KEY UPDATE",
    parameters: [eventId],
  };
}

/** Only where this transaction changed the stage: its time is that of the change. */
function raiseVersions(stageId: string): Statement {
  return {
    text: `
      UPDATE areas SET version = version + 1, updated_at = now()
      WHERE ${CONCERNED} AND EXISTS (SELECT FROM sale_stages WHERE id = $1 AND updated_at = now())`,
    parameters: [stageId],
  };
}

function contentOf(stage: NewSaleStage): readonly unknown[] {
  return [
    stage.name,
    stage.adjustment.type,
    centsToDecimal(stage.adjustment.value),
    stage.quantity,
    stage.startsAt?.toISOString() ?? null,
    stage.endsAt?.toISOString() ?? null,
    stage.priority,
  ];
}
