// What anybody may read of a site, over HTTP against a running stack: only what is published, of the right organizer, and
// no question that breaks it.

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { expectInvalid, expectProblem } from "../support/problems.ts";
import { type EventOnSale, openShop, until } from "../support/shop.ts";

const places = {
  api: inject("apiUrl"),
  wompi: inject("wompiUrl"),
  mail: inject("mailUrl"),
  database: inject("databaseUrl"),
  organizerToken: inject("organizerToken"),
};
const shop = openShop(places);
const { call } = shop;
const otherShop = openShop({ ...places, organizerToken: inject("otherOrganizerToken") });

const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";
const ANDINO = { origin: "https://andino.localhost" };
const cursorOf = (...keys: unknown[]) => encodeURIComponent(btoa(JSON.stringify(keys)));

const percentEncoded = (text: string) =>
  text.replaceAll(/./g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);

const listing = z.object({
  events: z.array(z.looseObject({ id: z.string(), slug: z.string() })),
  next_cursor: z.string().nullable(),
});

let event: EventOnSale;
let draft: EventOnSale;
let unpublished: EventOnSale;
let theirs: EventOnSale;

beforeAll(async () => {
  [event, draft, unpublished, theirs] = await Promise.all([
    shop.publishEvent([
      { units: 5, priceInCents: 2_000_000, serviceInCents: 100 },
      { units: 3, priceInCents: 9_000_000, serviceInCents: 0 },
    ]),
    shop.draftEvent([{ units: 2 }]),
    shop.publishEvent([{ units: 2 }]),
    otherShop.publishEvent([{ units: 2 }]),
  ]);
  const path = `/v1/events/${unpublished.eventId}/unpublish`;
  expect((await shop.asOrganizer("POST", path)).status).toBe(200);
});
afterAll(async () => {
  await shop.close();
  await otherShop.close();
});

const eventPath = ({ slug }: EventOnSale) => `/v1/public/events/${slug}`;
const areaPath = ({ slug, areaIds }: EventOnSale, what: string, area = 0) =>
  `/v1/public/events/${slug}/areas/${areaIds[area]}/${what}`;

/** Of all pages: other tests publish events too. */
async function slugsOf(headers: Record<string, string> = {}): Promise<string[]> {
  const slugs: string[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const path = `/v1/public/events?limit=100${cursor && `&cursor=${cursor}`}`;
    const page: z.infer<typeof listing> = listing.parse(
      (await call("GET", path, { headers })).body,
    );
    slugs.push(...page.events.map(({ slug }) => slug));
    cursor = page.next_cursor;
  }
  return slugs;
}

describe("a published event", () => {
  test("is shown with its prices, from the least to the most a unit costs", async () => {
    expect(await call("GET", eventPath(event))).toMatchObject({
      status: 200,
      body: {
        id: event.eventId,
        slug: event.slug,
        starts_at: "2031-03-20T01:00:00.000Z",
        time_zone: "America/Bogota",
        price_from_in_cents: 2_000_100,
        price_to_in_cents: 9_000_000,
        currency: "COP",
      },
    });
  });

  test("shows its areas, dearest first", async () => {
    const { body } = await call("GET", `${eventPath(event)}/areas`);
    expect(body).toMatchObject({
      areas: [
        { id: event.areaIds[1], capacity: 3, price_in_cents: 9_000_000, total_in_cents: 9_000_000 },
        {
          id: event.areaIds[0],
          capacity: 5,
          price_in_cents: 2_000_000,
          service_in_cents: 100,
          total_in_cents: 2_000_100,
          currency: "COP",
        },
      ],
    });
  });

  test("shows what is left, and says how long the answer may be kept", async () => {
    const answer = await call("GET", areaPath(event, "availability"));
    expect(answer).toMatchObject({
      status: 200,
      body: {
        area_id: event.areaIds[0],
        on_sale: true,
        available: 5,
        held: 0,
        sold: 0,
        blocked: 0,
        price_in_cents: 2_000_000,
        service_in_cents: 100,
        currency: "COP",
      },
    });
    expect(answer.headers.get("cache-control")).toBe("public, max-age=1");
  });

  test("shows its units in order of sale", async () => {
    const { body } = await call("GET", areaPath(event, "units"));
    const { units } = z.object({ units: z.array(z.object({ label: z.string() })) }).parse(body);
    expect(units.map(({ label }) => label)).toEqual(["A-1-1", "A-1-2", "A-1-3", "A-1-4", "A-1-5"]);
    expect(body).toMatchObject({ next_page: null });
  });

  test("of more than a thousand units shows them page by page, each once", async () => {
    const large = await shop.publishEvent([{ units: 2_001 }]);
    const page = z.object({
      units: z.array(z.object({ label: z.string() })),
      next_page: z.int().nullable(),
    });
    const labels: string[] = [];
    for (let next: number | null = 0; next !== null;) {
      const { body } = await call("GET", `${areaPath(large, "units")}?page=${next}`);
      const { units, next_page: following } = page.parse(body);
      labels.push(...units.map(({ label }) => label));
      next = following;
    }
    expect(labels).toEqual(Array.from({ length: 2_001 }, (_, index) => `A-1-${index + 1}`));
  });

  test("names nobody: no organizer, no reservation", async () => {
    const texts = await Promise.all(
      [
        eventPath(event),
        `${eventPath(event)}/areas`,
        areaPath(event, "availability"),
        areaPath(event, "units"),
      ].map(async (path) => JSON.stringify((await call("GET", path)).body)),
    );
    expect(texts.join("")).not.toMatch(/profile|reservation|version_|user/i);
  });
});

describe("listed events", () => {
  test("are the site's own, and only while they are published", async () => {
    const slugs = await slugsOf();
    expect(slugs).toContain(event.slug);
    expect(slugs).not.toContain(draft.slug);
    expect(slugs).not.toContain(unpublished.slug);
    expect(slugs).not.toContain(theirs.slug);
    const others = await slugsOf(ANDINO);
    expect(others).toContain(theirs.slug);
    expect(others).not.toContain(event.slug);
  });

  test("are neither repeated nor missed over pages, whatever fraction of a second they start at", async () => {
    const names = await Promise.all(
      [".123456", ".123457", ".1234", ".123"].map((fraction) =>
        otherShop.publishEvent([{ units: 1 }], { starts_at: `2030-01-01T20:00:00${fraction}Z` }),
      ),
    );
    const seen: string[] = [];
    let cursor = "";
    while (seen.length < 20) {
      const answer = await call("GET", `/v1/public/events?limit=1${cursor}`, { headers: ANDINO });
      const { events, next_cursor: next } = listing.parse(answer.body);
      seen.push(...events.map(({ slug }) => slug));
      if (next === null) break;
      cursor = `&cursor=${next}`;
    }
    expect(seen).toEqual(await slugsOf(ANDINO));
    expect(seen).toEqual(expect.arrayContaining(names.map(({ slug }) => slug)));
  });

  test("that are over are not shown", async () => {
    const past = await shop.publishEvent([{ units: 1 }]);
    await shop.database.query(
      "UPDATE clusters SET start_date = now() - interval '2 days', end_date = now() - interval '1 day' WHERE id = $1",
      [past.eventId],
    );
    expect(await slugsOf()).not.toContain(past.slug);
  });

  test.each([
    ["no base64", "!!!"],
    ["no JSON", btoa("x")],
    ["no list", btoa("{}")],
    ["half a cursor", cursorOf("2031-01-01T00:00:00.000000Z")],
    ["no time", cursorOf("soon", UNKNOWN_ID)],
    ["no id", cursorOf("2031-01-01T00:00:00.000000Z", "1")],
    ["a year Postgres does not know", cursorOf("0000-01-01T00:00:00Z", UNKNOWN_ID)],
    ["the same, to the microsecond", cursorOf("0000-01-01T00:00:00.000000Z", UNKNOWN_ID)],
    ["a day that does not exist", cursorOf("2031-02-30T00:00:00.000000Z", UNKNOWN_ID)],
    ["NUL in it", cursorOf("2031-01-01T00:00:00.000000Z", `${UNKNOWN_ID}\u0000`)],
    ["SQL in it", cursorOf("2031-01-01'; DROP TABLE clusters; --", UNKNOWN_ID)],
    ["too long", "a".repeat(201)],
    ["nothing", ""],
  ])("refuse a cursor that is %s", async (_what, cursor) => {
    expectInvalid(await call("GET", `/v1/public/events?cursor=${cursor}`), "query.cursor");
  });

  test.each(["0", "-1", "101", "1.5", "NaN", "Infinity", "ten", "1e9", "%00", "1&limit=2"])(
    "refuse the page size %s",
    async (limit) => {
      expectInvalid(await call("GET", `/v1/public/events?limit=${limit}`), "query.limit");
    },
  );
});

describe("what is not on this site", () => {
  const notShown: [string, () => EventOnSale][] = [
    ["a draft", () => draft],
    ["an event taken off sale", () => unpublished],
    ["another organizer's event", () => theirs],
  ];

  test.each(notShown)("%s is not found, nor anything of it", async (_what, which) => {
    const hidden = which();
    expectProblem(await call("GET", eventPath(hidden)), 404, "event_not_found");
    expectProblem(await call("GET", `${eventPath(hidden)}/areas`), 404, "event_not_found");
    expectProblem(await call("GET", areaPath(hidden, "availability")), 404, "area_not_found");
    expectProblem(await call("GET", areaPath(hidden, "units")), 404, "area_not_found");
  });

  test("an area is not found under another event, whoever that belongs to", async () => {
    for (const other of [draft, theirs]) {
      const mixed = { ...event, areaIds: other.areaIds };
      expectProblem(await call("GET", areaPath(mixed, "availability")), 404, "area_not_found");
      expectProblem(await call("GET", areaPath(mixed, "units")), 404, "area_not_found");
    }
  });

  test("what one site has kept at the edge is not shown to another", async () => {
    const path = areaPath(theirs, "availability");
    expect((await call("GET", path, { headers: ANDINO })).status).toBe(200);
    expectProblem(await call("GET", path), 404, "area_not_found");
    expect((await call("GET", path, { headers: ANDINO })).status).toBe(200);
  });

  const slugs: [string, string][] = [
    ["unknown", "no-such-event"],
    ["SQL", "'%20OR%20'1'='1"],
    ["a NUL character", "a%00b"],
    ["half a surrogate pair", "%ED%A0%80"],
    ["an emoji", "%F0%9F%8E%AB"],
    ["broken percent signs", "%E0%A4%A"],
    ["dots", "%2e%2e%2f%2e%2e"],
    ["a line break", "a%0d%0aSet-Cookie:%20a=b"],
    ["a prototype key", "__proto__"],
    ["upper case", "SALSA"],
  ];
  test.each(slugs)("a slug that is %s is refused by name", async (_what, slug) => {
    for (const [path, codes] of [
      [`/v1/public/events/${slug}`, ["event_not_found", "validation_failed"]],
      [`/v1/public/events/${slug}/areas`, ["event_not_found", "validation_failed"]],
      [
        `/v1/public/events/${slug}/areas/${UNKNOWN_ID}/availability`,
        ["area_not_found", "validation_failed"],
      ],
      [
        `/v1/public/events/${slug}/areas/${UNKNOWN_ID}/units`,
        ["area_not_found", "validation_failed"],
      ],
    ] as const) {
      const answer = await call("GET", path);
      const { code } = z.object({ code: z.enum(codes) }).parse(answer.body);
      expectProblem(answer, code === "validation_failed" ? 422 : 404, code);
      expect(answer.headers.get("set-cookie")).toBeNull();
    }
  });

  test("a slug of 201 characters is refused", async () => {
    expectInvalid(await call("GET", `/v1/public/events/${"a".repeat(201)}`), "param.slug");
  });
});

describe("areas and pages of units", () => {
  test.each(["1", "undefined", `${UNKNOWN_ID}'--`, "%00", "7f0e1c52-9d0b-0f0a-8a43-2b8d3f6a1e77"])(
    "refuse the area id %s",
    async (id) => {
      for (const what of ["availability", "units"]) {
        const path = `${eventPath(event)}/areas/${id}/${what}`;
        expectInvalid(await call("GET", path), "param.area_id");
      }
    },
  );

  test("an id in capitals is the same id", async () => {
    const shouted = { ...event, areaIds: event.areaIds.map((id) => id.toUpperCase()) };
    expect(await call("GET", areaPath(shouted, "availability"))).toMatchObject({
      status: 200,
      body: { area_id: event.areaIds[0], available: 5 },
    });
  });

  test.each([
    "-1",
    "0.5",
    "NaN",
    "Infinity",
    "1e2",
    "10000",
    "00",
    "0x1",
    "%200",
    "%00",
    "",
    "0&page=1",
  ])("refuse the page %j", async (page) => {
    expectInvalid(await call("GET", `${areaPath(event, "units")}?page=${page}`), "query.page");
  });

  test("a page after the last unit is empty, not wrong", async () => {
    const { body } = await call("GET", `${areaPath(event, "units")}?page=9999`);
    expect(body).toEqual({ units: [], next_page: null, version: expect.any(Number) });
  });

  test("refusals are not kept: an event is there as soon as it is published", async () => {
    const own = await shop.draftEvent([{ units: 1 }]);
    const path = areaPath(own, "availability");
    expectProblem(await call("GET", path), 404, "area_not_found");
    await shop.asOrganizer("POST", `/v1/events/${own.eventId}/publish`);
    expect((await call("GET", path)).status).toBe(200);
  });

  test("an answer is kept for a second, however its address is written", async () => {
    const own = await shop.publishEvent([{ units: 5 }]);
    const [areaId = ""] = own.areaIds;
    const root = `${eventPath(own)}/areas`;
    const kept = await until("a second that is long enough", async () => {
      const startedAt = performance.now();
      const first = await call("GET", areaPath(own, "availability"));
      await shop.hold(own, [{ area_id: areaId, quantity: 1 }]);
      const answers = await Promise.all(
        [
          `${root}/${areaId}/availability?anything=1`,
          `${root}/${areaId.toUpperCase()}/availability`,
          `${root}/${percentEncoded(areaId)}/availability`,
          `/v1/public/events/${percentEncoded(own.slug)}/areas/${areaId}/availability`,
        ].map((path) => call("GET", path)),
      );
      return performance.now() - startedAt < 900 ? { first, answers } : undefined;
    });
    expect(kept.first.status).toBe(200);
    for (const { body } of kept.answers) expect(body).toEqual(kept.first.body);
  });
});

describe("the site", () => {
  test.each([
    ["the page's origin wins over the host", { origin: "http://andino.localhost" }],
    ["the referring page wins over the host", { referer: "http://andino.localhost/eventos/1?a=b" }],
    [
      "origin wins over referrer",
      { origin: "http://ANDINO.localhost", referer: "http://localhost/" },
    ],
  ])("%s", async (_what, headers) => {
    expect((await call("GET", eventPath(theirs), { headers })).status).toBe(200);
    expectProblem(await call("GET", eventPath(event), { headers }), 404, "event_not_found");
  });

  // On this stack unknown hosts stand for the site `localhost`, as DEVELOPMENT_SITE says.
  test.each([
    "null",
    "",
    "not a url",
    "http://[",
    "file:///etc/passwd",
    "http://a'; DROP TABLE x",
    `http://${"a".repeat(5_000)}`,
  ])("the origin %j breaks nothing", async (origin) => {
    expect((await call("GET", eventPath(event), { headers: { origin } })).status).toBe(200);
    expect((await call("GET", eventPath(event), { headers: { referer: origin } })).status).toBe(
      200,
    );
  });
});

describe("addresses that do not exist", () => {
  test.each([
    ["GET", "/v1/public/events/"],
    ["GET", "/v1/public"],
    ["GET", "/v1/public//events"],
    ["POST", "/v1/public/events"],
    ["DELETE", "/v1/public/events/x"],
    ["PUT", "/v1/public/events/x/areas"],
    ["GET", "/v2/public/events"],
    ["GET", "/v1/%00"],
    ["GET", "/v1/__proto__"],
  ])("%s %s", async (method, path) => {
    expectProblem(await call(method, path), 404, "route_not_found");
  });

  test.each([
    [undefined, "es", "Esa dirección no existe."],
    ["en", "en", "There is no such address."],
    ["en-US,en;q=0.9,es;q=0.5", "en", "There is no such address."],
    ["es-CO,es;q=0.9,en;q=0.8", "es", "Esa dirección no existe."],
    ["fr", "es", "Esa dirección no existe."],
    ["en;q=0", "es", "Esa dirección no existe."],
    [";;;q=,,en;q=NaN", "es", "Esa dirección no existe."],
  ])("are said so in the reader's language: %s", async (accepted, language, title) => {
    const headers = accepted === undefined ? {} : { "accept-language": accepted };
    const answer = await call("GET", "/v1/nowhere", { headers });
    expectProblem(answer, 404, "route_not_found");
    expect(answer.body).toMatchObject({ title });
    expect(answer.headers.get("content-language")).toBe(language);
  });
});
