// An event's page, whole: what a storefront needs to show it, and search engines to understand it.

import { z } from "@hono/zod-openapi";
import type { PublicPage } from "../db/public-repository.ts";
import type { AreaOnPage } from "../services/public/area-sales.ts";
import type { EventPage } from "../services/public/get-event.ts";
import { eventJsonLd, jsonLdSchema } from "./event-json-ld.ts";
import { type ImageDelivery, imageSchema, toImageAddresses } from "./images.ts";
import { legalInfoSchema } from "./legal-info.ts";
import {
  availabilitySchema,
  publicAreaSchema,
  publicEventSchema,
  toAvailabilityBody,
  toPublicAreaBody,
  toPublicEventBody,
} from "./public.ts";

const saleSchema = availabilitySchema
  .pick({
    on_sale: true,
    available: true,
    price_in_cents: true,
    stage: true,
    next_stage: true,
    next_prices: true,
  })
  .extend({ total_in_cents: publicAreaSchema.shape.total_in_cents })
  .openapi("PublicSale");

const areaOnPageSchema = publicAreaSchema.extend({
  sale: saleSchema.nullable().openapi({
    description: "As it sells now, with the stage that sets the price. Null: ask its availability.",
  }),
});

export const publicAreasSchema = z
  .object({ areas: z.array(areaOnPageSchema) })
  .openapi("PublicAreas");

export const publicPageSchema = publicEventSchema
  .extend({
    price_from_in_cents: publicEventSchema.shape.price_from_in_cents.openapi({
      description:
        "What one unit costs now with its fee, as the least `total_in_cents` below says: that of `sale`, or the area's own where `sale` is null. Of areas with something left, as long as there are any. The listing has the areas' own prices.",
    }),
    organizer: z.object({ name: z.string() }),
    legal_info: legalInfoSchema.nullable(),
    images: z.array(
      imageSchema
        .pick({ type: true, alt_text: true, url: true, sizes: true, width: true, height: true })
        .openapi("PublicImage"),
    ),
    areas: z.array(areaOnPageSchema),
    json_ld: jsonLdSchema,
  })
  .openapi("PublicEventPage");

export interface PageContext extends ImageDelivery {
  nowMs: number;
}

export function toPublicPageBody(
  page: EventPage,
  context: PageContext,
): z.infer<typeof publicPageSchema> {
  const { event, organizer, images } = page;
  const { areas } = toPublicAreasBody(page.areas, context);
  return {
    ...toPublicEventBody(event, context.publicBaseUrl),
    ...toPriceRange(areas),
    organizer: { name: organizer.name },
    legal_info: toLegalInfoBody(organizer.legalInfo),
    images: images.map((image) => ({
      type: image.type,
      alt_text: image.altText,
      ...toImageAddresses(image, context),
      width: image.width,
      height: image.height,
    })),
    areas,
    json_ld: eventJsonLd(page, context),
  };
}

export function toPublicAreasBody(
  areas: readonly AreaOnPage[],
  { nowMs }: Pick<PageContext, "nowMs">,
): z.infer<typeof publicAreasSchema> {
  return {
    areas: areas.map((area) => ({ ...toPublicAreaBody(area), sale: toSaleBody(area, nowMs) })),
  };
}

function toSaleBody({ areaId, sale }: AreaOnPage, nowMs: number) {
  if (sale === null) return null;
  const body = toAvailabilityBody(areaId, sale, nowMs);
  const { on_sale, available, price_in_cents, service_in_cents, ...rest } = body;
  const { stage, next_stage, next_prices } = rest;
  const total_in_cents = price_in_cents + service_in_cents;
  return { on_sale, available, price_in_cents, total_in_cents, stage, next_stage, next_prices };
}

/** What a buyer pays now: a price that nobody can buy at is none, unless nothing is left at all. */
function toPriceRange(areas: z.infer<typeof publicAreasSchema>["areas"]) {
  const withUnits = areas.filter(({ capacity }) => capacity > 0);
  const withSomeLeft = withUnits.filter(({ sale }) => sale === null || sale.available > 0);
  const shown = withSomeLeft.length > 0 ? withSomeLeft : withUnits;
  const totals = shown.map(({ total_in_cents, sale }) => sale?.total_in_cents ?? total_in_cents);
  return {
    price_from_in_cents: totals.length > 0 ? Math.min(...totals) : null,
    price_to_in_cents: totals.length > 0 ? Math.max(...totals) : null,
  };
}

function toLegalInfoBody(info: PublicPage["organizer"]["legalInfo"]) {
  if (info === null) return null;
  const { nit, legalName, pulepCode, address, city, country } = info;
  return { nit, legal_name: legalName, pulep_code: pulepCode, address, city, country };
}
