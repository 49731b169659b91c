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
  availability: z
    .enum([
      "https://schema.org/InStock",
      "https://schema.org/SoldOut",
      "https://schema.org/PreOrder",
    ])
    .optional()
    .openapi({
      description: "`PreOrder`: sales begin at `validFrom`. Left out while the area cannot say.",
    }),
  validFrom: z
    .string()
    .optional()
    .openapi({ description: "When sales begin; left out once they have." }),
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
    offers: z.array(offerSchema).openapi({
      description:
        "An area each. None of an event that is postponed or cancelled, or whose sales have ended.",
    }),
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
    offers: areas
      .filter((area) => isOffered(event, area, nowMs))
      .map((area) => offerOf(event, area, nowMs)),
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

/**
 * Nothing is offered of what cannot be bought any more. Google knows `InStock`, `SoldOut` and `PreOrder` of an event's offers,
 * and none for sales that have ended with units left; offers themselves are recommended, not required:
 * https://developers.google.com/search/docs/appearance/structured-data/event#offers
 */
function isOffered(event: EventPage["event"], { sale }: AreaOnPage, nowMs: number): boolean {
  const isOpen = event.status === "published" && sale?.settings.isOpen !== false;
  return isOpen && nowMs < event.salesEndAt.getTime();
}

function offerOf(
  { salesStartAt }: EventPage["event"],
  { name, priceInCents, serviceInCents, currency, sale }: AreaOnPage,
  nowMs: number,
): JsonLd["offers"][number] {
  const price = sale?.price?.priceInCents ?? priceInCents;
  const hasNotStarted = salesStartAt !== null && salesStartAt.getTime() > nowMs;
  return {
    "@type": "Offer",
    name,
    price: centsToDecimal(price + serviceInCents),
    priceCurrency: currency,
    ...(sale !== null && { availability: availabilityOf(sale.available, hasNotStarted) }),
    ...(hasNotStarted && { validFrom: salesStartAt.toISOString() }),
  };
}

function availabilityOf(available: number, hasNotStarted: boolean) {
  if (available === 0) return "https://schema.org/SoldOut" as const;
  return hasNotStarted
    ? ("https://schema.org/PreOrder" as const)
    : ("https://schema.org/InStock" as const);
}
