// The same event on the sites of two organizers, sold by each on terms of their own, and how their visitors read it. Asserts
// nothing.

import { z } from "zod";
import type { Answer } from "./api.ts";
import { imageOf, type openGallery } from "./gallery.ts";
import { files } from "./images.ts";
import { type Neighbour, newNeighbours } from "./neighbours.ts";
import { type Order, pricingOf } from "./pricing.ts";
import type { EventOnSale } from "./shop.ts";

/** Of both. */
export const CODE = "AMIGOS";

/** What the two do differently. */
interface Terms {
  venue: string;
  nit: string;
  priceInCents: number;
  serviceInCents: number;
  /** With the stage, which two units have. */
  earlyPriceInCents: number;
  /** Of the code, and for how many orders. */
  discount: object;
  usesMax: number;
}

export interface Seller extends Neighbour, Terms {
  event: EventOnSale;
  areaId: string;
  stageId: string;
  promotionId: string;
  coverUrl: string;
  pricing: ReturnType<typeof pricingOf>;
}

type Gallery = ReturnType<typeof openGallery>;

/** Each with six units on sale in an area of the same name. Their shops are to be closed. */
export async function newSellers(gallery: Gallery): Promise<[Seller, Seller]> {
  const [first, second] = await newNeighbours(gallery);
  const name = `Noche de Salsa ${crypto.randomUUID().slice(0, 8)}`;
  const tenth = { type: "percentage", basis_points: 1_000 };
  const fixed = { type: "fixed", amount_in_cents: 500_000, per: "order" };
  const firstPrices = { priceInCents: 10_000_000, earlyPriceInCents: 8_000_000 };
  const secondPrices = { priceInCents: 6_000_000, earlyPriceInCents: 5_400_000 };
  return [
    await putOnSale(gallery, first, name, {
      ...{ venue: "Teatro Colón", nit: "860034313-7", serviceInCents: 500_000 },
      ...{ ...firstPrices, discount: tenth, usesMax: 1 },
    }),
    await putOnSale(gallery, second, name, {
      ...{ venue: "Movistar Arena", nit: "900123456-8", serviceInCents: 300_000 },
      ...{ ...secondPrices, discount: fixed, usesMax: 2 },
    }),
  ];
}

async function putOnSale(
  gallery: Gallery,
  organizer: Neighbour,
  name: string,
  terms: Terms,
): Promise<Seller> {
  const { shop, token } = organizer;
  const { venue, nit, priceInCents, serviceInCents, earlyPriceInCents, discount, usesMax } = terms;
  const body = { nit, legal_name: organizer.name, address: "Calle 1", city: "Cali" };
  await shop.asOrganizer("PUT", "/v1/legal-info", { body });
  const areas = [{ units: 6, priceInCents, serviceInCents }];
  const event = await shop.publishEvent(areas, { name, venue_name: venue, city: "Cali" });
  const { eventId } = event;
  const pricing = pricingOf(shop);
  const adjustment = { type: "fixed", amount_in_cents: earlyPriceInCents - priceInCents };
  const stageId = await pricing.stage(eventId, { adjustment, quantity: 2 });
  const coded = { event_id: eventId, code: CODE, discount, uses_max: usesMax };
  const promotionId = await pricing.promotion(coded);
  const sent = await gallery.send(eventId, files.jpeg(), { type: "cover", token });
  const [areaId = ""] = event.areaIds;
  const ids = { areaId, stageId, promotionId };
  return { ...organizer, ...terms, ...ids, event, pricing, coverUrl: imageOf(sent).url };
}

export const some = ({ areaId }: Seller, quantity: number) => [{ area_id: areaId, quantity }];

/** What so many units cost a visitor of the seller's site. */
export function quoteFor(seller: Seller, quantity: number, order: Order = {}) {
  const { pricing, event, origin: site } = seller;
  return pricing.quote(event, some(seller, quantity), { site, ...order });
}

/** As a page of the seller's site reads it. */
export function readOn({ origin, shop }: Seller, path: string): Promise<Answer> {
  return shop.call("GET", path, { headers: { origin } });
}

/** The events that are found on the seller's site. */
export async function foundOn(seller: Seller, query: Record<string, string> = {}) {
  const words = new URLSearchParams({ limit: "100", ...query }).toString();
  const { body } = await readOn(seller, `/v1/public/events?${words}`);
  const { events } = z.object({ events: z.array(z.looseObject({ id: z.string() })) }).parse(body);
  return events.map(({ id }) => id);
}
