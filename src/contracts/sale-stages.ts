// Sale stages as an organizer sends and sees them.

import { z } from "@hono/zod-openapi";
import type { SaleStage } from "../db/sale-stages-repository.ts";
import { idSchema, lineSchema, timeInputSchema, timeSchema } from "./common.ts";
import { rule } from "../shared/field-rules.ts";

const CENTS_MAX = 10_000_000_000;

const adjustmentSchema = z
  .discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("percentage"),
      basis_points: z.int().min(-10_000).max(100_000).openapi({
        description: "Hundredths of a percent; below zero it lowers the price.",
        example: -2_000,
      }),
    }),
    z.strictObject({
      type: z.literal("fixed"),
      amount_in_cents: z.int().min(-CENTS_MAX).max(CENTS_MAX).openapi({
        description: "Integer minor units; below zero it lowers the price.",
        example: -500_000,
      }),
    }),
  ])
  .openapi({ description: "What becomes of the area's own price, per unit and without its fee." });

const nameSchema = lineSchema.min(1).max(120);
const quantitySchema = z
  .int()
  .min(1)
  .max(1_000_000)
  .nullable()
  .openapi({
    description:
      "Units at this price, of all its areas together; null: any number. One that is set later counts, where the " +
      "stage is for all areas, what is held from then on.",
  });
const startsAtSchema = timeInputSchema.nullable().openapi({ description: "Null: from the start." });
const endsAtSchema = timeInputSchema.nullable().openapi({ description: "Null: without an end." });
const prioritySchema = z.int().min(0).max(1_000).openapi({
  description:
    "Of the stages that are on and have room for the whole order, the one with the lowest sets the price.",
});

export const createSaleStageSchema = z
  .strictObject({
    name: nameSchema,
    adjustment: adjustmentSchema,
    quantity: quantitySchema.default(null),
    starts_at: startsAtSchema.default(null),
    ends_at: endsAtSchema.default(null),
    area_id: idSchema.nullable().default(null).openapi({ description: "Null: all areas." }),
    priority: prioritySchema.default(0),
  })
  .refine(
    ({ starts_at: from, ends_at: to }) =>
      from === null || to === null || Date.parse(to) > Date.parse(from),
    { path: ["ends_at"], message: rule("not_after_starts_at") },
  )
  .openapi("CreateSaleStage");

export const changeSaleStageSchema = z
  .strictObject({
    name: nameSchema,
    adjustment: adjustmentSchema,
    quantity: quantitySchema,
    starts_at: startsAtSchema,
    ends_at: endsAtSchema,
    priority: prioritySchema,
  })
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, rule("nothing_to_change"))
  .openapi("ChangeSaleStage");

export const saleStageSchema = z
  .object({
    id: idSchema,
    event_id: idSchema,
    area_id: idSchema.nullable(),
    name: z.string(),
    adjustment: adjustmentSchema,
    quantity: z.int().nullable(),
    starts_at: timeSchema.nullable(),
    ends_at: timeSchema.nullable(),
    priority: z.int(),
    created_at: timeSchema,
  })
  .openapi("SaleStage");

export const saleStagesSchema = z
  .object({ sale_stages: z.array(saleStageSchema) })
  .openapi("SaleStages");

/** As the services know it. */
export function toAdjustment(body: z.infer<typeof adjustmentSchema>): SaleStage["adjustment"] {
  return body.type === "percentage"
    ? { type: body.type, value: body.basis_points }
    : { type: body.type, value: body.amount_in_cents };
}

export function toSaleStageBody(stage: SaleStage): z.infer<typeof saleStageSchema> {
  const { type, value } = stage.adjustment;
  return {
    id: stage.stageId,
    event_id: stage.eventId,
    area_id: stage.areaId,
    name: stage.name,
    adjustment:
      type === "percentage" ? { type, basis_points: value } : { type, amount_in_cents: value },
    quantity: stage.quantity,
    starts_at: stage.startsAt?.toISOString() ?? null,
    ends_at: stage.endsAt?.toISOString() ?? null,
    priority: stage.priority,
    created_at: stage.createdAt.toISOString(),
  };
}
