// Promotions of an organizer. SQL and row shapes only; who may do what is the services' business.
//
// A change and the raised versions of the areas it concerns are one transaction. It begins by locking the organizer's
// promotions, so that two codes cannot both find themselves free, and then the events concerned, in order of id, so that
// none slips in between an event's new status and the settings its areas are given.

import * as z from "zod";
import type { DatabaseScope, Row, Statement } from "../ports/database.ts";
import { centsToDecimal } from "../shared/money.ts";
import { type Area, areasWhere, readAreas } from "./areas-repository.ts";
import { centsColumn, timeColumn } from "./columns.ts";
import {
  type CreatedPage,
  type PageRequest,
  exactCreatedAt,
  latestPlace,
  pageOf,
} from "./created-page.ts";

const promotionRow = z
  .object({
    id: z.uuid(),
    promotion_name: z.string(),
    promotion_code: z.string().nullable(),
    code_prefix: z.string().nullable(),
    discount_type: z.enum(["percentage", "fixed"]),
    discount_value: centsColumn,
    discount_per: z.enum(["order", "unit"]),
    target_cluster_id: z.uuid().nullable(),
    target_area_id: z.uuid().nullable(),
    min_quantity: z.int(),
    max_discount_amount: centsColumn.nullable(),
    uses_max: z.int().nullable(),
    uses_per_buyer_max: z.int().nullable(),
    start_date: timeColumn.nullable(),
    end_date: timeColumn.nullable(),
    version: z.int(),
    created_at: timeColumn,
  })
  .transform((row) => ({
    promotionId: row.id,
    name: row.promotion_name,
    /** In capitals; null with neither prefix: it applies by itself. */
    code: row.promotion_code,
    /** What its one-use codes begin with. */
    codePrefix: row.code_prefix,
    /** In basis points or minor units. Two decimals of a percent are digits as money's are. */
    discount: { type: row.discount_type, value: row.discount_value, per: row.discount_per },
    discountInCentsMax: row.max_discount_amount,
    unitsMin: row.min_quantity,
    usesMax: row.uses_max,
    usesPerBuyerMax: row.uses_per_buyer_max,
    startsAt: row.start_date,
    endsAt: row.end_date,
    /** Neither event nor area: all events of the organizer. */
    eventId: row.target_cluster_id,
    areaId: row.target_area_id,
    version: row.version,
    createdAt: row.created_at,
  }));

export type Promotion = z.infer<typeof promotionRow>;

const COLUMNS = `id, promotion_name, upper(promotion_code) AS promotion_code, code_prefix,
  discount_type, discount_value, discount_per, target_cluster_id, target_area_id, min_quantity,
  max_discount_amount, uses_max, uses_per_buyer_max, start_date, end_date, version, created_at`;

// Row-level security says the same of the organizer, but only what a statement says itself can use an index.
/** Promotions for units that were not deleted. */
export const LIVING =
  "profile_id = (SELECT waro_profile_id()) AND is_active AND applies_to <> 'product'";

/**
 * The areas a promotion concerns; its id is `$1`. Of all events, those that are on sale. One of a single area concerns its
 * neighbours: they tell buyers that the code is for another area.
 */
const CONCERNED = `(areas.id, areas.cluster_id) IN (
  SELECT area.id, area.cluster_id FROM promotions AS promotion
  JOIN clusters AS event ON event.profile_id = promotion.profile_id AND event.is_active
  JOIN areas AS area ON area.cluster_id = event.id
  WHERE promotion.id = $1 AND CASE promotion.applies_to
    WHEN 'area' THEN event.id = (
      SELECT cluster_id FROM areas AS target WHERE target.id = promotion.target_area_id)
    WHEN 'cluster' THEN coalesce(event.id = promotion.target_cluster_id,
      event.status = 'published' AND event.end_date > now()) END)`;

export interface SavedPromotion {
  promotion: Promotion;
  /** Those the change concerns, with their raised versions. */
  areas: Area[];
}

/** The promotions in rows of `promotionsOfArea`. */
export function readPromotions(rows: readonly Row[]): Promotion[] {
  return z.array(promotionRow).parse(rows);
}

/** The promotions that apply in an area now or later, oldest first: that is their order there. */
export function promotionsOfArea(area: { areaId: string; eventId: string }): Statement {
  return {
    text: `
      SELECT ${COLUMNS} FROM promotions
      WHERE ${LIVING} AND (end_date IS NULL OR end_date > now())
        AND (applies_to = 'area' AND target_area_id = $2
          OR applies_to = 'cluster' AND coalesce(target_cluster_id, $1) = $1)
      ORDER BY created_at, id`,
    parameters: [area.eventId, area.areaId],
  };
}

/** The organizer's promotions, newest first. */
export async function listPromotions(
  tenant: DatabaseScope,
  page: PageRequest,
): Promise<CreatedPage<Promotion>> {
  const after = page.after ?? latestPlace;
  const rows = await tenant.query(
    `SELECT ${COLUMNS}, ${exactCreatedAt("promotions")} FROM promotions
     WHERE ${LIVING} AND (created_at, id) < ($1::timestamptz, $2::uuid)
     ORDER BY created_at DESC, id DESC LIMIT $3`,
    [after.createdAt, after.id, page.limit + 1],
  );
  return pageOf(rows, page.limit, (row) => promotionRow.parse(row));
}

export async function findPromotion(
  tenant: DatabaseScope,
  promotionId: string,
): Promise<Promotion | null> {
  const rows = await tenant.query(`SELECT ${COLUMNS} FROM promotions WHERE id = $1 AND ${LIVING}`, [
    promotionId,
  ]);
  return readPromotions(rows)[0] ?? null;
}

export type NewPromotion = Omit<Promotion, "version" | "createdAt">;

/** The new promotion, or what it lacked. Event and area are read: foreign keys alone would accept another organizer's. */
export async function insertPromotion(
  tenant: DatabaseScope,
  promotion: NewPromotion,
  promotionsMax: number,
): Promise<SavedPromotion | { lacks: "event" | "area" | "code" | "room" }> {
  const { codePrefix, eventId, areaId } = promotion;
  const added = await save(tenant, promotion, {
    text: `
      INSERT INTO promotions (id, profile_id, promotion_code, promotion_name, discount_type,
        discount_value, discount_per, min_quantity, max_discount_amount, uses_max,
        uses_per_buyer_max, start_date, end_date, code_prefix, target_cluster_id, target_area_id,
        applies_to)
      SELECT $1, waro_profile_id(), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
        CASE WHEN $15::uuid IS NULL THEN 'cluster' ELSE 'area' END
      WHERE ${hasEvent("$14")} AND ${hasArea("$15")} AND ${isFree("$1", "$2", "$13")}
        AND (SELECT count(*) FROM promotions
          WHERE ${LIVING} AND (end_date IS NULL OR end_date > now())) < $16
      RETURNING ${COLUMNS}`,
    parameters: [...contentOf(promotion), codePrefix, eventId, areaId, promotionsMax],
  });
  return added ?? { lacks: await whatLacks(tenant, promotion) };
}

const lackRow = z.object({ has_event: z.boolean(), has_area: z.boolean(), is_free: z.boolean() });

async function whatLacks(
  tenant: DatabaseScope,
  { promotionId, code, codePrefix, eventId, areaId }: NewPromotion,
): Promise<"event" | "area" | "code" | "room"> {
  const rows = await tenant.query(
    `SELECT ${hasEvent("$4")} AS has_event, ${hasArea("$5")} AS has_area,
       ${isFree("$1", "$2", "$3")} AS is_free`,
    [promotionId, code, codePrefix, eventId, areaId],
  );
  const [lack] = z.tuple([lackRow]).parse(rows);
  if (!lack.has_event) return "event";
  if (!lack.has_area) return "area";
  return lack.is_free ? "room" : "code";
}

/** Lacks its `version` when the promotion is gone, or has another version than this one by now. */
export async function updatePromotion(
  tenant: DatabaseScope,
  promotion: Promotion,
): Promise<SavedPromotion | { lacks: "code" | "version" }> {
  const changed = await save(tenant, promotion, {
    text: `
      UPDATE promotions SET promotion_code = $2, promotion_name = $3, discount_type = $4,
        discount_value = $5, discount_per = $6, min_quantity = $7, max_discount_amount = $8,
        uses_max = $9, uses_per_buyer_max = $10, start_date = $11, end_date = $12,
        version = version + 1, updated_at = now()
      WHERE id = $1 AND version = $13 AND ${LIVING} AND ${isFree("$1", "$2", "$14")}
      RETURNING ${COLUMNS}`,
    parameters: [...contentOf(promotion), promotion.version, promotion.codePrefix],
  });
  if (changed !== null) return changed;
  return { lacks: (await whatLacks(tenant, promotion)) === "code" ? "code" : "version" };
}

/**
 * Applies to nothing any more. Its code may be given again: the row keeps it with the promotion's id behind. Null when it is
 * gone already, or has another version than this one by now.
 */
export async function deactivatePromotion(
  tenant: DatabaseScope,
  promotion: Promotion,
): Promise<SavedPromotion | null> {
  return save(tenant, promotion, {
    text: `
      UPDATE promotions SET is_active = false, promotion_code = promotion_code || '~' || id,
        version = version + 1, updated_at = now()
      WHERE id = $1 AND version = $2 AND ${LIVING} RETURNING ${COLUMNS}`,
    parameters: [promotion.promotionId, promotion.version],
  });
}

async function save(
  tenant: DatabaseScope,
  { promotionId, eventId, areaId }: NewPromotion,
  change: Statement,
): Promise<SavedPromotion | null> {
  const [, , rows = [], , areas = []] = await tenant.transaction([
    lockPromotions,
    lockEvents(eventId, areaId),
    change,
    raiseVersions(promotionId),
    areasWhere(CONCERNED, [promotionId]),
  ]);
  const [promotion] = readPromotions(rows);
  return promotion === undefined ? null : { promotion, areas: readAreas(areas) };
}

/** Lets one transaction of an organizer at a time find a code free. */
export const lockPromotions: Statement = {
  text: "SELECT pg_advisory_xact_lock(hashtextextended('promotions ' || waro_profile_id(), 0))",
  parameters: [],
};

/** Also keeps their status from changing, and areas from being added, until the transaction ends. */
function lockEvents(eventId: string | null, areaId: string | null): Statement {
  return {
    text: `
      SELECT FROM clusters WHERE profile_id = (SELECT waro_profile_id()) AND is_active
        AND CASE WHEN $1::uuid IS NOT NULL THEN id = $1
          WHEN $2::uuid IS NOT NULL THEN id = (SELECT cluster_id FROM areas WHERE areas.id = $2)
          ELSE true END
      ORDER BY id FOR NO KEY UPDATE`,
    parameters: [eventId, areaId],
  };
}

/** Only where this transaction changed the promotion: its time is that of the change. */
function raiseVersions(promotionId: string): Statement {
  return {
    text: `
      UPDATE areas SET version = version + 1, updated_at = now()
      WHERE ${CONCERNED} AND EXISTS (SELECT FROM promotions WHERE id = $1 AND updated_at = now())`,
    parameters: [promotionId],
  };
}

function hasEvent(id: string): string {
  return `(${id}::uuid IS NULL OR EXISTS (SELECT FROM clusters WHERE id = ${id} AND is_active))`;
}

function hasArea(id: string): string {
  return `(${id}::uuid IS NULL OR EXISTS (SELECT FROM areas
    JOIN clusters ON clusters.id = areas.cluster_id AND clusters.is_active
    WHERE areas.id = ${id} AND areas.is_active))`;
}

/** No other promotion has this code, nor does either begin with the other's prefix: each code means one promotion. */
function isFree(id: string, code: string, prefix: string): string {
  return `NOT EXISTS (SELECT FROM promotions AS other
    WHERE other.profile_id = (SELECT waro_profile_id()) AND other.id <> ${id}
      AND (upper(other.promotion_code) = ${code}::text OR other.is_active AND (
        starts_with(${code}::text, other.code_prefix)
        OR starts_with(upper(other.promotion_code), ${prefix}::text)
        OR starts_with(${prefix}::text, other.code_prefix)
        OR starts_with(other.code_prefix, ${prefix}::text))))`;
}

function contentOf(promotion: NewPromotion): readonly unknown[] {
  const { discount, discountInCentsMax } = promotion;
  return [
    promotion.promotionId,
    promotion.code,
    promotion.name,
    discount.type,
    centsToDecimal(discount.value),
    discount.per,
    promotion.unitsMin,
    discountInCentsMax === null ? null : centsToDecimal(discountInCentsMax),
    promotion.usesMax,
    promotion.usesPerBuyerMax,
    promotion.startsAt?.toISOString() ?? null,
    promotion.endsAt?.toISOString() ?? null,
  ];
}
