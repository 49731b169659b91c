// What sets the prices of an area: the sale stages and promotions that apply to it. SQL and row shapes only.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";
import { centsColumn, timeColumn } from "./columns.ts";

/** numeric(14,2) of percent as hundredths of a percent: the digits are the same as those of money. */
const adjustmentColumns = { type: z.enum(["percentage", "fixed"]), value: centsColumn };

const stageRow = z
  .object({
    id: z.uuid(),
    cluster_id: z.uuid(),
    target_area_id: z.uuid().nullable(),
    ...adjustmentColumns,
    quantity_available: z.int().nullable(),
    start_time: timeColumn.nullable(),
    end_time: timeColumn.nullable(),
  })
  .transform((row) => ({
    stageId: row.id,
    areaId: row.target_area_id,
    /** Basis points or minor units; below zero it lowers the price. */
    adjustment: { type: row.type, value: row.value },
    quantity: row.quantity_available,
    startsAt: row.start_time,
    endsAt: row.end_time,
  }));

export type StageTerms = z.infer<typeof stageRow>;

const promotionRow = z
  .object({
    id: z.uuid(),
    promotion_code: z.string().nullable(),
    code_prefix: z.string().nullable(),
    ...adjustmentColumns,
    discount_per: z.enum(["order", "unit"]),
    target_area_id: z.uuid().nullable(),
    min_quantity: z.int(),
    max_discount_amount: centsColumn.nullable(),
    uses_max: z.int().nullable(),
    uses_per_buyer_max: z.int().nullable(),
    start_date: timeColumn.nullable(),
    end_date: timeColumn.nullable(),
  })
  .transform((row) => ({
    promotionId: row.id,
    areaId: row.target_area_id,
    code: row.promotion_code,
    codePrefix: row.code_prefix,
    discount: { type: row.type, value: row.value, per: row.discount_per },
    discountInCentsMax: row.max_discount_amount,
    unitsMin: row.min_quantity,
    usesMax: row.uses_max,
    usesPerBuyerMax: row.uses_per_buyer_max,
    startsAt: row.start_date,
    endsAt: row.end_date,
  }));

export type PromotionTerms = z.infer<typeof promotionRow>;

export interface Pricing {
  /** In order of priority. */
  stages: StageTerms[];
  promotions: PromotionTerms[];
}

/** Everything that applies to the area, now or later. */
export async function findPricing(
  tenant: DatabaseScope,
  area: { areaId: string; eventId: string },
): Promise<Pricing> {
  const [stages = [], promotions = []] = await tenant.transaction([
    {
      text: `
        SELECT id, cluster_id, target_area_id, price_adjustment_type AS type,
          price_adjustment_value AS value, quantity_available, start_time, end_time
        FROM sale_stages
        WHERE cluster_id = $1 AND is_active AND (target_area_id IS NULL OR target_area_id = $2)
          AND target_product_variant_id IS NULL AND (end_time IS NULL OR end_time > now())
        ORDER BY priority_order, start_time NULLS FIRST, id`,
      parameters: [area.eventId, area.areaId],
    },
    {
      text: `
        SELECT id, upper(promotion_code) AS promotion_code, code_prefix, discount_type AS type,
          discount_value AS value, discount_per, target_area_id, min_quantity,
          max_discount_amount, uses_max, uses_per_buyer_max, start_date, end_date
        FROM promotions
        WHERE is_active AND (end_date IS NULL OR end_date > now())
          AND (applies_to = 'area' AND target_area_id = $2
            OR applies_to = 'cluster' AND coalesce(target_cluster_id, $1) = $1)
        ORDER BY created_at, id`,
      parameters: [area.eventId, area.areaId],
    },
  ]);
  return {
    stages: z.array(stageRow).parse(stages),
    promotions: z.array(promotionRow).parse(promotions),
  };
}
