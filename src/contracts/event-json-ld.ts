// An event as search engines read it: JSON-LD in the words of schema.org. What is not known is left out.

import { z } from "@hono/zod-openapi";
import type { AreaOnPage } from "../services/public/area-sales.ts";
import type { EventPage } from "../services/public/get-event.ts";
import { imageUrl } from "../shared/images/files.ts";
import { localTime } from "../shared/local-time.ts";
import { centsToDecimal } from "../shared/money.ts";

const placeSchema = z.object({
  "@type": z.literal("Place"),
  name: z.string(),
  address: z.object({
    "@type": z.literal("PostalAddress"),
    streetAddress: z.string().optional(),
    addressLocality: z.string().optional(),
    addressCountry: z.literal("CO"),
  }),
});

const offerSchema = z.object({
  "@type": z.literal("Offer"),
  name: z.string(),
  price: z.string().openapi({ description: "With the fee, in whole units.", example: "105000.00" }),
  priceCurrency: z.string(),
  availability: z.enum(["https://schema.org/InStock", "https://schema.org/SoldOut"]).optional(),
  validFrom: z.string().optional(),
});

export const jsonLdSchema = z
  .object({
    "@context": z.literal("https://schema.org"),
    "@type": z.literal("Event"),
    identifier: z.string(),
    name: z.string(),
    description: z.string().optional(),
    startDate: z.string(),
    endDate: z.string(),
    eventStatus: z.enum([
      "https://schema.org/EventScheduled",
      "https://schema.org/EventPostponed",
      "https://schema.org/EventCancelled",
    ]),
    eventAttendanceMode: z.literal("https://schema.org/OfflineEventAttendanceMode"),
    location: placeSchema.optional(),
    image: z.array(z.string()).optional(),
    organizer: z.object({
      "@type": z.literal("Organization"),
      name: z.string(),
      legalName: z.string().optional(),
      taxID: z.string().optional(),
    }),
    offers: z.array(offerSchema),
  })
  .openapi("EventJsonLd");

type JsonLd = z.infer<typeof jsonLdSchema>;

const statuses = {
  published: "https://schema.org/EventScheduled",
  postponed: "https://schema.org/EventPostponed",
  cancelled: "https://schema.org/EventCancelled",
} as const;

/** Whatever became of it, it has the dates it was announced with, as search engines want it. */
export function eventJsonLd(
  { event, organizer, images, areas }: EventPage,
  { publicBaseUrl, nowMs }: { publicBaseUrl: string; nowMs: number },
): JsonLd {
  const { legalInfo } = organizer;
  const isForSale = event.status === "published";
  const location = locationOf(event);
  return {
    "@context": "https://schema.org",
    "@type": "Event",
    identifier: event.eventId,
    name: event.name,
    ...(event.description !== "" && { description: event.description }),
    startDate: localTime(event.startsAt, event.timeZone),
    endDate: localTime(event.endsAt, event.timeZone),
    eventStatus: statuses[event.status],
    eventAttendanceMode: "https://schema.org/OfflineEventAttendanceMode",
    ...(location !== null && { location }),
    ...(images.length > 0 && {
      image: images.map(({ imageId, contentType }) =>
        imageUrl(publicBaseUrl, imageId, contentType),
      ),
    }),
    organizer: {
      "@type": "Organization",
      name: organizer.name,
      ...(legalInfo?.legalName && { legalName: legalInfo.legalName }),
      ...(legalInfo?.nit && { taxID: legalInfo.nit }),
    },
    offers: isForSale ? areas.map((area) => offerOf(area, event.salesStartAt, nowMs)) : [],
  };
}

function locationOf({
  city,
  venueName,
  venueAddress,
}: EventPage["event"]): JsonLd["location"] | null {
  const name = venueName ?? venueAddress ?? city;
  if (name === null) return null;
  return {
    "@type": "Place",
    name,
    address: {
      "@type": "PostalAddress",
      ...(venueAddress !== null && { streetAddress: venueAddress }),
      ...(city !== null && { addressLocality: city }),
      addressCountry: "CO",
    },
  };
}

function offerOf(
  { name, priceInCents, serviceInCents, currency, sale }: AreaOnPage,
  salesStartAt: Date | null,
  nowMs: number,
): JsonLd["offers"][number] {
  const price = sale?.price?.priceInCents ?? priceInCents;
  const hasNotStarted = salesStartAt !== null && salesStartAt.getTime() > nowMs;
  return {
    "@type": "Offer",
    name,
    price: centsToDecimal(price + serviceInCents),
    priceCurrency: currency,
    ...(sale !== null && {
      availability:
        sale.available > 0 ? "https://schema.org/InStock" : "https://schema.org/SoldOut",
    }),
    ...(hasNotStarted && { validFrom: salesStartAt.toISOString() }),
  };
}
