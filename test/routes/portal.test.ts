// A site's public events, over HTTP against the running stack: how they are found, what their pages show to people and to
// search engines, and how soon a change is seen.

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import type { Answer } from "../support/api.ts";
import { imageOf } from "../support/gallery.ts";
import { files } from "../support/images.ts";
import { type Organizer, newOrganizer } from "../support/organizers.ts";
import { inMinutes, pricingOf } from "../support/pricing.ts";
import { expectInvalid, expectProblem } from "../support/problems.ts";
import { type EventOnSale, until } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const api = inject("apiUrl");

let own: Organizer;
let other: Organizer;

beforeAll(async () => {
  [own, other] = await Promise.all([newOrganizer(shop), newOrganizer(shop)]);
});
afterAll(async () => {
  await Promise.all([shop.close(), own.shop.close(), other.shop.close()]);
});

const read = (path: string, headers: Record<string, string> = {}, by = own) =>
  shop.call("GET", path, { headers: { origin: by.origin, ...headers } });
const readEvent = ({ slug }: EventOnSale, rest = "", headers = {}) =>
  read(`/v1/public/events/${slug}${rest}`, headers);
const change = (method: string, path: string, body: object = {}, by = own) =>
  by.shop.asOrganizer(method, path, { body });
const patchEvent = ({ eventId }: EventOnSale, body: object) =>
  change("PATCH", `/v1/events/${eventId}`, body);

const listing = z.object({
  events: z.array(z.looseObject({ name: z.string(), slug: z.string() })),
  next_cursor: z.string().nullable(),
});
async function namesOf(query: Record<string, string> = {}, by = own): Promise<string[]> {
  const answer = await read(
    `/v1/public/events?${new URLSearchParams({ limit: "100", ...query }).toString()}`,
    {},
    by,
  );
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return listing.parse(answer.body).events.map(({ name }) => name);
}

/** The status of a handshake; 101 when it is let in. */
function watch(path: string, origin: string): Promise<number | undefined> {
  const socket = new WebSocket(`${api.replace(/^http/, "ws")}${path}`, { origin });
  return new Promise((resolve, reject) => {
    socket.on("open", () => {
      socket.close();
      resolve(101);
    });
    socket.on("unexpected-response", (_request, { statusCode }) => resolve(statusCode));
    socket.on("error", reject);
  });
}

/** Every address under which somebody could see the event. */
const pagesOf = ({ areaIds }: EventOnSale) =>
  ["", "/areas", "/json-ld"].concat(
    areaIds.flatMap((id) => [`/areas/${id}/availability`, `/areas/${id}/units`]),
  );

async function statusesOf(event: EventOnSale): Promise<(number | undefined)[]> {
  const [areaId = ""] = event.areaIds;
  return [
    ...(await Promise.all(
      pagesOf(event).map(async (page) => (await readEvent(event, page)).status),
    )),
    await watch(`/v1/public/events/${event.slug}/areas/${areaId}/live`, own.origin),
  ];
}

describe("where an event takes place", () => {
  const place = {
    city: "Bucaramanga",
    venue_name: "Teatro Santander",
    venue_address: "Calle 33 # 18-25",
  };
  const nowhere = { city: null, venue_name: null, venue_address: null };

  test("is said when it is created, changed and taken back, and shown to everybody", async () => {
    const event = await own.shop.publishEvent([{ units: 1 }], place);
    const path = `/v1/events/${event.eventId}`;
    expect((await own.shop.asOrganizer("GET", path)).body).toMatchObject(place);
    expect((await readEvent(event)).body).toMatchObject(place);
    await patchEvent(event, { venue_name: "Neomundo" });
    const moved = { ...place, venue_name: "Neomundo" };
    expect((await own.shop.asOrganizer("GET", path)).body).toMatchObject(moved);
    expect((await readEvent(event)).body).toMatchObject(moved);
    await patchEvent(event, nowhere);
    expect((await readEvent(event)).body).toMatchObject(nowhere);
  });

  test("need not be said, and goes into a copy", async () => {
    const bare = await own.shop.draftEvent([]);
    expect((await own.shop.asOrganizer("GET", `/v1/events/${bare.eventId}`)).body).toMatchObject(
      nowhere,
    );
    const event = await own.shop.draftEvent([], place);
    const copy = await change("POST", `/v1/events/${event.eventId}/duplicate`);
    expect(copy).toMatchObject({ status: 201, body: place });
  });

  test.each([
    ["city", ""],
    ["city", "a".repeat(101)],
    ["city", "a\nb"],
    ["venue_name", " "],
    ["venue_name", "a".repeat(201)],
    ["venue_address", "a".repeat(301)],
    ["venue_address", 7],
  ])("refuses %s %j, and changes nothing", async (field, value) => {
    const event = await own.shop.draftEvent([], place);
    expectInvalid(await patchEvent(event, { [field]: value }), `body.${field}`);
    expect((await own.shop.asOrganizer("GET", `/v1/events/${event.eventId}`)).body).toMatchObject(
      place,
    );
  });
});

describe("looking for events", () => {
  let seeker: Organizer;
  const find = (query: Record<string, string>) => namesOf(query, seeker);

  beforeAll(async () => {
    seeker = await newOrganizer(shop);
    const publish = (name: string, changes: object) =>
      seeker.shop.publishEvent([{ units: 1 }], { name, ...changes });
    await publish("Salsa al Parque", {
      city: "Bogotá",
      venue_name: "Parque Simón Bolívar",
      event_type: "other",
      starts_at: "2031-05-01T15:00:00-05:00",
      ends_at: "2031-05-03T22:00:00-05:00",
    });
    await publish("Noche de Ñandúes 100%", {
      city: "BOGOTA",
      event_type: "conference",
      starts_at: "2031-05-03T23:30:00-05:00",
      ends_at: "2031-05-04T02:00:00-05:00",
    });
    await publish("Clásico paisa", {
      city: "Medellín",
      venue_name: "Atanasio Girardot",
      event_type: "sports",
      starts_at: "2031-05-05T00:00:00-05:00",
      ends_at: "2031-05-05T02:00:00-05:00",
    });
    await publish("Aurora", {
      city: "Tokio",
      event_type: "other",
      time_zone: "Asia/Tokyo",
      starts_at: "2031-05-10T00:30:00+09:00",
      ends_at: "2031-05-10T02:00:00+09:00",
    });
  });
  afterAll(() => seeker.shop.close());

  const all = ["Salsa al Parque", "Noche de Ñandúes 100%", "Clásico paisa", "Aurora"];

  test("without saying what for shows all, soonest first", async () => {
    expect(await find({})).toEqual(all);
    expect(await find({ q: "", city: " ", unknown: "x" })).toEqual(all);
  });

  test.each([
    ["salsa", [0]],
    ["SALSA", [0]],
    ["parque salsa", [0]],
    ["simon bolivar", [0]],
    ["nandu", [1]],
    ["ÑANDÚ", [1]],
    ["noche\u00a0  de", [1]],
    ["clasico", [2]],
    ["cla\u0301sico girardot", [2]],
    ["bogota", [0, 1]],
    ["bogotá noche", [1]],
    ["ａｕｒｏｒａ", [3]],
    ["100%", [1]],
    ["%", [1]],
    ["_", []],
    ["\\", []],
    ["'; drop table clusters; --", []],
    ["salsa medellin", []],
    ["tokio", [3]],
  ])("by the words %j finds what has all of them", async (q, found) => {
    expect(await find({ q })).toEqual(found.map((index) => all[index]));
  });

  test.each([
    ["bogota", [0, 1]],
    ["Bogotá", [0, 1]],
    ["  MEDELLIN ", [2]],
    ["Bogo", []],
    ["%", []],
  ])("by the city %j finds what is there", async (city, found) => {
    expect(await find({ city })).toEqual(found.map((index) => all[index]));
  });

  test.each([
    ["sports", [2]],
    ["other", [0, 3]],
    ["theater", []],
  ])("by the category %j finds its kind", async (category, found) => {
    expect(await find({ category })).toEqual(found.map((index) => all[index]));
  });

  test.each([
    ["2031-05-01", "2031-05-01", [0]],
    ["2031-04-01", "2031-04-30", []],
    // The second day of three.
    ["2031-05-02", "2031-05-02", [0]],
    // It begins in the last hour of its day, which in UTC is the next one.
    ["2031-05-03", "2031-05-03", [0, 1]],
    ["2031-05-04", "2031-05-04", [1]],
    ["2031-05-05", "", [2, 3]],
    ["", "2031-05-04", [0, 1]],
    ["2031-05-10", "2031-05-10", [3]],
    ["2031-05-09", "2031-05-09", []],
    ["2031-05-11", "", []],
  ])("from %j to %j finds what takes place then, where it takes place", async (from, to, found) => {
    const query = { ...(from !== "" && { from }), ...(to !== "" && { to }) };
    expect(await find(query)).toEqual(found.map((index) => all[index]));
  });

  test("by several things at once finds what is all of it", async () => {
    expect(
      await find({ q: "parque", city: "bogotá", category: "other", to: "2031-05-01" }),
    ).toEqual(["Salsa al Parque"]);
    expect(await find({ q: "parque", category: "sports" })).toEqual([]);
  });

  test("goes on over pages", async () => {
    const seen: string[] = [];
    let cursor = "";
    do {
      const path = `/v1/public/events?city=bogota&limit=1${cursor}`;
      const { events, next_cursor: next } = listing.parse((await read(path, {}, seeker)).body);
      seen.push(...events.map(({ name }) => name));
      cursor = next === null ? "" : `&cursor=${next}`;
    } while (cursor !== "" && seen.length < 5);
    expect(seen).toEqual(all.slice(0, 2));
  });

  test("never finds another organizer's", async () => {
    expect(await namesOf({ q: "salsa" }, other)).toEqual([]);
  });

  test.each([
    ["category", "circus"],
    ["category", ""],
    ["from", "tomorrow"],
    ["from", "2031-02-30"],
    ["from", "0001-01-01"],
    ["from", "2031-05-01T00:00:00Z"],
    ["to", "9999-12-31"],
    ["q", "a".repeat(101)],
    ["q", "a\u0000b"],
    ["city", "a\u0007b"],
  ])("refuses %s %j", async (name, value) => {
    const path = `/v1/public/events?${new URLSearchParams({ [name]: value }).toString()}`;
    expectInvalid(await read(path), `query.${name}`);
  });

  test("refuses days the wrong way round, and one thing said twice", async () => {
    expectInvalid(await read("/v1/public/events?from=2031-05-02&to=2031-05-01"), "query.to");
    await read("/v1/public/events?q=a");
    expectInvalid(await read("/v1/public/events?q=a&q=b"), "query.q");
  });
});

describe("two sites", () => {
  test("have the same slugs, and each shows its own event under them", async () => {
    const slug = `igual-${crypto.randomUUID().slice(0, 8)}`;
    const sides = [own, other];
    const events = await Promise.all(
      sides.map((by) => by.shop.publishEvent([{ units: 1 }], { slug, name: `De ${by.name}` })),
    );
    for (const [index, by] of sides.entries()) {
      const [mine, theirs] = index === 0 ? events : events.toReversed();
      const names = await namesOf({}, by);
      expect(names).toContain(`De ${by.name}`);
      expect(names).not.toContain(`De ${sides[1 - index]?.name}`);
      for (const rest of ["", "/json-ld", "/areas"])
        for (let time = 0; time < 2; time += 1) {
          const { body } = await read(`/v1/public/events/${slug}${rest}`, {}, by);
          const text = JSON.stringify(body);
          expect(text).not.toContain(theirs?.eventId);
          expect(text).not.toContain(theirs?.areaIds[0]);
          expect(text).toContain(rest === "/areas" ? mine?.areaIds[0] : mine?.eventId);
        }
      const area = (id = "") => `/v1/public/events/${slug}/areas/${id}/availability`;
      expect((await read(area(mine?.areaIds[0]), {}, by)).status).toBe(200);
      expectProblem(await read(area(theirs?.areaIds[0]), {}, by), 404, "area_not_found");
    }
  });
});

describe("an event's page", () => {
  test("has its areas as they sell now, with the stage that sets the price and the next one", async () => {
    const event = await own.shop.publishEvent([
      { units: 2, priceInCents: 10_000_000, serviceInCents: 500_000 },
      { units: 3, priceInCents: 4_000_000, serviceInCents: 0 },
    ]);
    const [dear = "", cheap = ""] = event.areaIds;
    const pricing = pricingOf(own.shop);
    const endsAt = inMinutes(60);
    const early = await pricing.stage(event.eventId, { area_id: dear, ends_at: endsAt });
    const next = await pricing.stage(event.eventId, {
      area_id: dear,
      name: "Etapa 2",
      starts_at: endsAt,
      adjustment: { type: "percentage", basis_points: -1_000 },
    });
    await own.shop.hold(event, [{ area_id: cheap, quantity: 1 }]);
    // Holding changes nothing of the organizer's: what is kept of the page goes by itself.
    await until("the hold to be seen", async () => {
      const { body } = await readEvent(event);
      return JSON.stringify(body).includes('"available":2,"price_in_cents":4000000') || undefined;
    });
    const page = await readEvent(event);
    expect(page.body).toMatchObject({
      price_from_in_cents: 4_000_000,
      price_to_in_cents: 8_500_000,
      organizer: { name: own.name },
      areas: [
        {
          id: dear,
          price_in_cents: 10_000_000,
          total_in_cents: 10_500_000,
          sale: {
            on_sale: true,
            available: 2,
            price_in_cents: 8_000_000,
            total_in_cents: 8_500_000,
            stage: { id: early, name: "Preventa", ends_at: endsAt },
            next_stage: { id: next, name: "Etapa 2", starts_at: endsAt, price_in_cents: 9_000_000 },
          },
        },
        { id: cheap, sale: { available: 2, price_in_cents: 4_000_000, stage: null } },
      ],
    });
    // Who asks for the areas alone is told the same of them.
    await until("the hold to be seen among the areas", async () => {
      const { body } = await readEvent(event, "/areas");
      return JSON.stringify(body).includes('"available":2,"price_in_cents":4000000') || undefined;
    });
    const { areas } = z.looseObject({ areas: z.array(z.unknown()) }).parse(page.body);
    expect((await readEvent(event, "/areas")).body).toEqual({ areas });
  });

  test("says from what a buyer pays now with fees, where the listing has the areas' own prices", async () => {
    const name = `Por etapas ${crypto.randomUUID()}`;
    const event = await own.shop.publishEvent(
      [
        { units: 2, priceInCents: 10_000_000, serviceInCents: 500_000 },
        { units: 1, priceInCents: 9_000_000, serviceInCents: 0 },
      ],
      { name },
    );
    const [dear = "", cheap = ""] = event.areaIds;
    const discounted = { price_from_in_cents: 8_500_000, price_to_in_cents: 9_000_000 };
    const ownPrices = { price_from_in_cents: 9_000_000, price_to_in_cents: 10_500_000 };
    expect((await readEvent(event)).body).toMatchObject(ownPrices);
    await pricingOf(own.shop).stage(event.eventId, { area_id: dear });
    expect((await readEvent(event)).body).toMatchObject(discounted);
    expect((await read(`/v1/public/events?q=${encodeURIComponent(name)}`)).body).toMatchObject({
      events: [ownPrices],
    });
    // Nobody can pay the price of an area of which nothing is left.
    await own.shop.hold(event, [{ area_id: cheap, quantity: 1 }]);
    await until("the sold-out area's price to count no more", async () => {
      const { body } = await readEvent(event);
      return JSON.stringify(body).includes('"price_to_in_cents":8500000') || undefined;
    });
    await own.shop.hold(event, [{ area_id: dear, quantity: 2 }]);
    await until("all prices to be told again, with nothing left", async () => {
      const { body } = await readEvent(event);
      return JSON.stringify(body).includes('"price_to_in_cents":9000000') || undefined;
    });
    expect((await readEvent(event)).body).toMatchObject(discounted);
  });

  test("has its images, cover first, and the listing has the cover", async () => {
    const event = await own.shop.publishEvent([{ units: 1 }]);
    const add = async (type: string, altText: string) => {
      const response = await fetch(
        `${api}/v1/events/${event.eventId}/images?type=${type}&alt_text=${altText}`,
        {
          method: "POST",
          headers: { authorization: `Bearer ${own.token}`, "content-type": "image/jpeg" },
          body: new Blob([files.jpeg()]),
        },
      );
      const answer: Answer = {
        status: response.status,
        body: await response.json(),
        headers: response.headers,
      };
      return imageOf(answer);
    };
    expect((await readEvent(event)).body).toMatchObject({ images: [], cover_url: null });
    const [first, second] = [await add("gallery", "uno"), await add("gallery", "dos")];
    const map = await add("map", "plano");
    const cover = await add("cover", "portada");
    const { body } = await readEvent(event);
    const shown = ({ type, alt_text, url, width, height }: typeof cover) => ({
      ...{ type, alt_text, url, width, height },
      sizes: [],
    });
    expect(body).toMatchObject({
      images: [shown(cover), shown(map), shown(first), shown(second)],
      cover_url: cover.url,
      json_ld: { image: [cover.url, map.url, first.url, second.url] },
    });
    expect((await fetch(cover.url)).status).toBe(200);
    const listed = await read("/v1/public/events?limit=100");
    expect(JSON.stringify(listed.body)).toContain(cover.url);

    const path = `/v1/events/${event.eventId}/images/${cover.id}`;
    expect((await own.shop.asOrganizer("DELETE", path)).status).toBe(204);
    expect((await readEvent(event)).body).toMatchObject({
      images: [shown(map), shown(first), shown(second)],
      cover_url: null,
    });
  });

  test("says who sells it, as the law wants, as soon as that is known", async () => {
    const event = await own.shop.publishEvent([{ units: 1 }]);
    const legal = {
      nit: "900123456-8",
      legal_name: "Conciertos del Norte S.A.S.",
      pulep_code: "ABC123",
      address: "Calle 1 # 2-3",
      city: "Cúcuta",
      country: "CO",
    };
    expect((await readEvent(event)).body).toMatchObject({ legal_info: null });
    expect((await change("PUT", "/v1/legal-info", legal)).status).toBeLessThan(300);
    expect((await readEvent(event)).body).toMatchObject({
      legal_info: legal,
      json_ld: { organizer: { name: own.name, legalName: legal.legal_name, taxID: legal.nit } },
    });
    await patchEvent(event, { pulep_code: "XYZ987" });
    expect((await readEvent(event)).body).toMatchObject({
      legal_info: { ...legal, pulep_code: "XYZ987" },
    });
  });

  test("tells search engines of the event in their own words", async () => {
    const event = await own.shop.publishEvent(
      [
        { units: 1, priceInCents: 9_500_050, serviceInCents: 499_900 },
        { units: 2, priceInCents: 2_000_000, serviceInCents: 0 },
      ],
      {
        name: "Noche </script> de «Salsa»",
        description: "La mejor.",
        city: "Cali",
        venue_name: "Teatro Jorge Isaacs",
        venue_address: "Carrera 3 # 12-28",
      },
    );
    const [dear = ""] = event.areaIds;
    const expected = {
      "@context": "https://schema.org",
      "@type": "Event",
      identifier: event.eventId,
      name: "Noche </script> de «Salsa»",
      description: "La mejor.",
      startDate: "2031-03-19T20:00:00-05:00",
      endDate: "2031-03-20T02:00:00-05:00",
      eventStatus: "https://schema.org/EventScheduled",
      eventAttendanceMode: "https://schema.org/OfflineEventAttendanceMode",
      location: {
        "@type": "Place",
        name: "Teatro Jorge Isaacs",
        address: {
          "@type": "PostalAddress",
          streetAddress: "Carrera 3 # 12-28",
          addressLocality: "Cali",
          addressCountry: "CO",
        },
      },
      organizer: expect.objectContaining({ "@type": "Organization", name: own.name }),
      offers: [
        {
          "@type": "Offer",
          name: "Localidad 1",
          price: "99999.50",
          priceCurrency: "COP",
          availability: "https://schema.org/InStock",
        },
        {
          "@type": "Offer",
          name: "Localidad 2",
          price: "20000.00",
          priceCurrency: "COP",
          availability: "https://schema.org/InStock",
        },
      ],
    };
    const document = await readEvent(event, "/json-ld");
    expect(document.headers.get("content-type")).toBe("application/ld+json");
    expect(document.body).toEqual(expected);
    expect((await readEvent(event)).body).toMatchObject({ json_ld: expected });
    // Put into a page as it is, it must not end the element it stands in.
    const text = await (
      await fetch(`${api}/v1/public/events/${event.slug}/json-ld`, {
        headers: { origin: own.origin },
      })
    ).text();
    expect(text).not.toContain("<");

    await own.shop.hold(event, [{ area_id: dear, quantity: 1 }]);
    await until("the first area to be sold out", async () => {
      const { body } = await readEvent(event, "/json-ld");
      return JSON.stringify(body).includes("SoldOut") || undefined;
    });
    expect((await readEvent(event, "/json-ld")).body).toMatchObject({
      offers: [
        { availability: "https://schema.org/SoldOut" },
        { availability: "https://schema.org/InStock" },
      ],
    });
  });

  test("leaves out for search engines what is not known, and says from when on it sells", async () => {
    const salesStart = "2031-03-01T15:00:00.000Z";
    const event = await own.shop.publishEvent([{ units: 1 }], { sales_start_at: salesStart });
    const { body } = await readEvent(event, "/json-ld");
    for (const unknown of ["location", "image", "description"])
      expect(body).not.toHaveProperty(unknown);
    const availability = "https://schema.org/PreOrder";
    expect(body).toMatchObject({ offers: [{ availability, validFrom: salesStart }] });
  });

  test("offers nothing to search engines that cannot be bought any more, however much is left", async () => {
    const event = await own.shop.publishEvent([{ units: 3 }]);
    const availability = "https://schema.org/InStock";
    expect((await readEvent(event, "/json-ld")).body).toMatchObject({ offers: [{ availability }] });
    await patchEvent(event, { sales_end_at: inMinutes(-1) });
    expect((await readEvent(event, "/json-ld")).body).toMatchObject({ offers: [] });
    expect((await readEvent(event)).body).toMatchObject({
      areas: [{ sale: { on_sale: false, available: 3 } }],
      json_ld: { offers: [] },
    });
  });

  test.each([
    ["its city, without a venue", { city: "Leticia" }, "Leticia"],
    ["its address, without a name", { city: "Leticia", venue_address: "Calle 8" }, "Calle 8"],
  ])("tells search engines where it is by %s", async (_what, place, name) => {
    const event = await own.shop.publishEvent([{ units: 1 }], place);
    expect((await readEvent(event, "/json-ld")).body).toMatchObject({
      location: { "@type": "Place", name, address: { addressLocality: "Leticia" } },
    });
  });
});

describe("an event that is not taking place as announced", () => {
  const move = ({ eventId }: EventOnSale, verb: string) =>
    change("POST", `/v1/events/${eventId}/${verb}`);
  const found = { status: 200 };

  test.each([
    ["postpone", "postponed", "https://schema.org/EventPostponed"],
    ["cancel", "cancelled", "https://schema.org/EventCancelled"],
  ])("keeps its page after %s, which says so, and sells nothing", async (verb, status, word) => {
    const event = await own.shop.publishEvent([{ units: 3 }]);
    expect((await readEvent(event)).body).toMatchObject({ status: "published" });
    await move(event, verb);
    const json_ld = { eventStatus: word, startDate: "2031-03-19T20:00:00-05:00", offers: [] };
    expect(await readEvent(event)).toMatchObject({
      ...found,
      body: { status, areas: [{ sale: { on_sale: false } }], json_ld },
    });
    expect(await readEvent(event, "/json-ld")).toMatchObject({ ...found, body: json_ld });
    expect(new Set(await statusesOf(event))).toEqual(new Set([200, 101]));
    const items = [{ area_id: event.areaIds[0] ?? "", quantity: 1 }];
    expectProblem(await own.shop.place(event, items), 409, "area_closed");
    const body = { event_id: event.eventId, items };
    const quote = await shop.call("POST", "/v1/public/quote", {
      body,
      headers: { origin: own.origin },
    });
    expectProblem(quote, 409, "area_closed");
  });

  test("is listed when it was postponed, and not when it was cancelled", async () => {
    const name = `Aplazable ${crypto.randomUUID()}`;
    const event = await own.shop.publishEvent([{ units: 1 }], { name });
    await move(event, "postpone");
    expect(await namesOf({ q: name })).toEqual([name]);
    await move(event, "cancel");
    expect(await namesOf({ q: name })).toEqual([]);
    expect((await readEvent(event)).body).toMatchObject({ status: "cancelled" });
    // Repeating it changes nothing of that.
    await move(event, "cancel");
    expect(await readEvent(event)).toMatchObject(found);
  });

  test("is found under its former address, with its images' and areas' sight unchanged", async () => {
    const event = await own.shop.publishEvent([{ units: 1 }]);
    const slug = `${event.slug}-b`;
    await patchEvent(event, { slug });
    await move(event, "cancel");
    const response = await fetch(`${api}/v1/public/events/${event.slug}`, {
      headers: { origin: own.origin },
      redirect: "manual",
    });
    expect(response.status).toBe(308);
    expect(response.headers.get("location")).toContain(slug);
  });

  test("is invisible when it was a draft, hidden or deleted, was never published, or ends", async () => {
    const begun = { starts_at: inMinutes(-60), ends_at: inMinutes(60) };
    const never = await own.shop.draftEvent([{ units: 1 }]);
    await move(never, "cancel");
    const withdrawn = await own.shop.publishEvent([{ units: 1 }]);
    for (const verb of ["postpone", "unpublish", "cancel"]) await move(withdrawn, verb);
    const back = await own.shop.publishEvent([{ units: 1 }]);
    for (const verb of ["postpone", "unpublish"]) await move(back, verb);
    const hidden = await own.shop.publishEvent([{ units: 1 }]);
    const postponed = await own.shop.publishEvent([{ units: 1 }]);
    await move(hidden, "cancel");
    await move(postponed, "postpone");
    const hide = "UPDATE clusters SET shadowban = true WHERE id = ANY($1)";
    await shop.database.query(hide, [[hidden.eventId, postponed.eventId]]);
    const deleted = await own.shop.publishEvent([{ units: 1 }]);
    await move(deleted, "cancel");
    expect((await change("DELETE", `/v1/events/${deleted.eventId}`)).status).toBe(204);
    const finished = await own.shop.publishEvent([{ units: 1 }], begun);
    await move(finished, "finish");
    const unseen = { never, withdrawn, back, hidden, postponed, deleted, finished };
    for (const [what, event] of Object.entries(unseen))
      expect(new Set(await statusesOf(event)), what).toEqual(new Set([404]));
  });

  test("is sold again under the same address when it is published again", async () => {
    const event = await own.shop.publishEvent([{ units: 1 }]);
    await move(event, "postpone");
    await move(event, "publish");
    expect((await readEvent(event)).body).toMatchObject({
      status: "published",
      areas: [{ sale: { on_sale: true } }],
      json_ld: { eventStatus: "https://schema.org/EventScheduled", offers: [{ "@type": "Offer" }] },
    });
  });

  test("leaves nothing of that to a copy", async () => {
    const event = await own.shop.publishEvent([{ units: 1 }]);
    await move(event, "cancel");
    const made = await change("POST", `/v1/events/${event.eventId}/duplicate`);
    const { id, slug } = z.object({ id: z.string(), slug: z.string() }).parse(made.body);
    const copy = { eventId: id, slug, areaIds: [] };
    await move(copy, "cancel");
    expect((await readEvent(copy)).status).toBe(404);
  });
});

describe("a kept answer", () => {
  let event: EventOnSale;
  const pages = ["", "/areas", "/json-ld"].map((rest) => [rest]);

  beforeAll(async () => {
    event = await own.shop.publishEvent([{ units: 2 }]);
  });

  const tagOf = ({ headers }: Answer) => headers.get("etag") ?? "";

  test.each(pages)("has an ETag, and is not sent again to who has it: …%s", async (rest) => {
    const first = await readEvent(event, rest);
    expect(first.status).toBe(200);
    const etag = tagOf(first);
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
    expect(first.headers.get("cache-control")).toBe("public, max-age=0, must-revalidate");
    expect(first.headers.get("vary")).toContain("Origin");
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const again = await readEvent(event, rest, { "if-none-match": known });
      expect(again).toMatchObject({ status: 304, body: "" });
      expect(tagOf(again)).toBe(etag);
      expect(again.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    }
    for (const unknown of ['"other"', etag.replaceAll('"', ""), ""])
      expect((await readEvent(event, rest, { "if-none-match": unknown })).status).toBe(200);
  });

  test("of the listing has one too, for each question and each site its own", async () => {
    const tags = [
      tagOf(await read("/v1/public/events")),
      tagOf(await read("/v1/public/events?limit=1")),
      tagOf(await read("/v1/public/events", {}, other)),
    ];
    expect(new Set(tags).size).toBe(3);
    const [etag = ""] = tags;
    expect((await read("/v1/public/events", { "if-none-match": etag })).status).toBe(304);
    expect((await read("/v1/public/events", { "if-none-match": etag }, other)).status).toBe(200);
  });

  test("of an area's availability has one too", async () => {
    const path = `/areas/${event.areaIds[0]}/availability`;
    const seen = await until("the same answer twice", async () => {
      const first = await readEvent(event, path);
      const again = await readEvent(event, path, { "if-none-match": tagOf(first) });
      return again.status === 304 ? first : undefined;
    });
    expect(seen.headers.get("cache-control")).toBe("public, max-age=1");
  });

  test("is really kept: what others change in Postgres is seen seconds later", async () => {
    const quiet = await newOrganizer(shop);
    const theirs = await quiet.shop.publishEvent([{ units: 1 }]);
    const path = `/v1/public/events/${theirs.slug}`;
    const nameNow = async () =>
      z.looseObject({ name: z.string() }).parse((await read(path, {}, quiet)).body).name;
    const before = await nameNow();
    await shop.database.query("UPDATE clusters SET cluster_name = 'Otro' WHERE id = $1", [
      theirs.eventId,
    ]);
    expect(await nameNow()).toBe(before);
    const started = performance.now();
    await until("the change", async () => ((await nameNow()) === "Otro" ? true : undefined));
    expect(performance.now() - started).toBeGreaterThan(1_500);
    await quiet.shop.close();
  });
});

describe("what an organizer changes is seen at once", () => {
  test("in the listing and on every page of the event", async () => {
    const event = await own.shop.publishEvent([{ units: 2 }]);
    const path = `/v1/public/events?limit=100`;
    for (const round of [1, 2, 3]) {
      const before = await Promise.all(
        [read(path), readEvent(event), readEvent(event, "/json-ld")].map(async (answer) =>
          (await answer).headers.get("etag"),
        ),
      );
      const name = `Nombre ${round} ${event.eventId}`;
      expect((await patchEvent(event, { name })).status).toBe(200);
      for (const [index, answer] of [
        await read(path),
        await readEvent(event),
        await readEvent(event, "/json-ld"),
      ].entries()) {
        expect(JSON.stringify(answer.body)).toContain(name);
        expect(answer.headers.get("etag")).not.toBe(before[index]);
      }
    }
  });

  test("when it is an area, a price or a stage", async () => {
    const event = await own.shop.publishEvent([{ units: 2 }]);
    const [areaId = ""] = event.areaIds;
    await statusesOf(event);
    await change("PATCH", `/v1/areas/${areaId}`, { price_in_cents: 7_000_000 });
    const availability = await readEvent(event, `/areas/${areaId}/availability`);
    expect(availability.body).toMatchObject({ price_in_cents: 7_000_000 });
    const areas = [{ price_in_cents: 7_000_000 }];
    expect((await readEvent(event, "/areas")).body).toMatchObject({ areas });
    expect((await readEvent(event)).body).toMatchObject({ areas });

    await pricingOf(own.shop).stage(event.eventId);
    expect((await readEvent(event)).body).toMatchObject({
      areas: [{ sale: { price_in_cents: 5_600_000, stage: { name: "Preventa" } } }],
    });
    await change("POST", `/v1/events/${event.eventId}/areas`, { name: "Palco", price_in_cents: 1 });
    expect((await readEvent(event, "/areas")).body).toMatchObject({
      areas: [{}, { name: "Palco" }],
    });
  });

  test("when the event comes and goes: then nobody finds it, or anything of it", async () => {
    const event = await own.shop.draftEvent([{ units: 2 }]);
    const there = async () => (await namesOf()).length;
    const count = await there();
    for (const [verb, isShown] of [
      ["publish", true],
      ["unpublish", false],
      ["publish", true],
      ["unpublish", false],
      ["cancel", false],
    ] as const) {
      const answer = await change("POST", `/v1/events/${event.eventId}/${verb}`);
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      const statuses = await statusesOf(event);
      const expected = isShown
        ? [...statuses.slice(1).map(() => 200), 101]
        : statuses.map(() => 404);
      expect(statuses, verb).toEqual(expected);
      expect(await there()).toBe(count + (isShown ? 1 : 0));
    }
  });

  test("and a refused change, or one of another organizer's, changes nothing", async () => {
    const event = await own.shop.publishEvent([{ units: 1 }]);
    const before = await readEvent(event);
    expectInvalid(await patchEvent(event, { name: "" }), "body.name");
    expectProblem(
      await change("PATCH", `/v1/events/${event.eventId}`, { name: "Ajeno" }, other),
      404,
      "event_not_found",
    );
    expect((await readEvent(event)).headers.get("etag")).toBe(before.headers.get("etag"));
  });
});

describe("an event that the platform hides", () => {
  test("is found nowhere seconds later, though every page of it was being read", async () => {
    const event = await own.shop.publishEvent([{ units: 1 }]);
    const name = `Oculto ${event.eventId}`;
    await patchEvent(event, { name });
    expect(new Set(await statusesOf(event))).toEqual(new Set([200, 101]));
    expect(await namesOf()).toContain(name);
    await shop.database.query("UPDATE clusters SET shadowban = true WHERE id = $1", [
      event.eventId,
    ]);
    await until("it to be gone", async () => {
      const statuses = await statusesOf(event);
      return statuses.every((status) => status === 404) ? true : undefined;
    });
    expect(await namesOf()).not.toContain(name);
    expect(await namesOf({ q: name })).toEqual([]);
  });
});
