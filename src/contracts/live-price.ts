// What sets the price of an area now, what comes next, and when.

import { z } from "@hono/zod-openapi";
import type {
  CurrentPrice,
  NextPrice,
  ToldStage,
} from "../../durable-objects/area-inventory/contract.ts";
import { idSchema, timeSchema } from "./common.ts";

export const centsSchema = z
  .int()
  .openapi({ description: "Integer minor units.", example: 9_500_000 });

export const stageSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    ends_at: timeSchema.nullable(),
    left: z.int().nullable().openapi({ description: "Units at this price; null: any number." }),
  })
  .nullable()
  .openapi({ description: "The sale stage that sets the price; null: the area's own holds." });

const nextStageSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    starts_at: timeSchema.nullable().openapi({
      description:
        "Null: as soon as the stage of now is sold out. A time: then, or, where `next_prices` says so, as soon as that is sold out.",
    }),
    price_in_cents: centsSchema,
  })
  .nullable()
  .openapi({
    description:
      "The stage that follows. Null: none does, or the area's own price holds first. `next_prices` tells both.",
  });

const nextPriceSchema = z.object({
  when: z.enum(["sold_out", "time"]).openapi({
    description: "`sold_out`: once the stage of now is sold out; `time`: at `starts_at`.",
  }),
  starts_at: timeSchema.nullable().openapi({ description: "Null with `sold_out`." }),
  stage: z
    .object({ id: idSchema, name: z.string() })
    .nullable()
    .openapi({ description: "Null: the area's own price." }),
  price_in_cents: centsSchema,
});

export const livePriceShape = {
  stage: stageSchema,
  next_stage: nextStageSchema,
  next_prices: z.array(nextPriceSchema).openapi({
    description:
      "What `price_in_cents` becomes, with the promotions that apply by themselves: that of whichever happens first. One for when the stage of now is sold out, if it is limited; one for the first time that changes the stage or the price, as if nothing were sold until then. Empty: it stays as it is.",
  }),
};

export function toLivePriceBody(price: CurrentPrice | null) {
  return {
    stage: toStageBody(price?.stage ?? null),
    next_stage: toNextStageBody(price?.nextStage ?? null),
    next_prices: nextPricesOf(price).map(toNextPriceBody),
  };
}

export function toStageBody(stage: ToldStage | null) {
  if (stage === null) return null;
  const { stageId, name, endsAtMs, left } = stage;
  return { id: stageId, name, ends_at: toTimeBody(endsAtMs), left };
}

function toNextStageBody(stage: CurrentPrice["nextStage"]) {
  if (stage === null) return null;
  const { stageId, name, startsAtMs, priceInCents } = stage;
  return { id: stageId, name, starts_at: toTimeBody(startsAtMs), price_in_cents: priceInCents };
}

/** An older object tells only which stage follows. */
function nextPricesOf(price: CurrentPrice | null): readonly NextPrice[] {
  if (price?.nextPrices !== undefined) return price.nextPrices;
  if (!price?.nextStage) return [];
  const { startsAtMs, priceInCents, ...stage } = price.nextStage;
  return [{ startsAtMs, priceInCents, stage }];
}

function toNextPriceBody({ startsAtMs, stage, priceInCents }: NextPrice) {
  return {
    when: startsAtMs === null ? ("sold_out" as const) : ("time" as const),
    starts_at: toTimeBody(startsAtMs),
    stage: stage && { id: stage.stageId, name: stage.name },
    price_in_cents: priceInCents,
  };
}

export function toTimeBody(timeMs: number | null): string | null {
  return timeMs === null ? null : new Date(timeMs).toISOString();
}
