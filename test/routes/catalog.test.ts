// Events, areas and units of an organizer, over HTTP against a running stack: what the routes
// promise, and every refusal with nothing changed behind it.

import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import * as z from "zod";
import { type Answer, type CallOptions, createClient } from "../support/api.ts";

const call = createClient(inject("apiUrl"));
const token = inject("organizerToken");
const otherToken = inject("otherOrganizerToken");
const database = new pg.Pool({ connectionString: inject("databaseUrl"), max: 2 });

/** The public site of `organizerToken`. */
const SITE = "http://localhost";

const withId = z.looseObject({ id: z.uuid() });
const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";

const mine = (method: string, path: string, options: CallOptions = {}) =>
  call(method, path, { token, ...options });

let names = 0;
function uniqueName(what: string): string {
  names += 1;
  return `${what} ${crypto.randomUUID().slice(0, 8)} ${names}`;
}

function newEvent(changes: object = {}): object {
  return {
    name: uniqueName("Noche de prueba"),
    starts_at: "2031-03-19T20:00:00-05:00",
    ends_at: "2031-03-20T02:00:00-05:00",
    ...changes,
  };
}

async function createEvent(changes: object = {}): Promise<string> {
  const answer = await mine("POST", "/v1/events", { body: newEvent(changes) });
  expect(answer.status).toBe(201);
  return withId.parse(answer.body).id;
}

async function createArea(eventId: string, changes: object = {}): Promise<string> {
  const body = { name: uniqueName("Platea"), price_in_cents: 9_500_000, ...changes };
  const answer = await mine("POST", `/v1/events/${eventId}/areas`, { body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return withId.parse(answer.body).id;
}

const bulk = (areaId: string, body: unknown) =>
  mine("POST", `/v1/areas/${areaId}/units/bulk`, { body });
const seats = (rows: number, numbers: number) => ({
  rows: { from: 1, to: rows },
  numbers: { from: 1, to: numbers },
});

async function unitCount(areaId: string): Promise<number> {
  const sql = "select count(*)::int as count from units where area_id = $1";
  const { rows } = await database.query<{ count: number }>(sql, [areaId]);
  return rows[0]?.count ?? -1;
}

async function storedRow(table: "clusters" | "areas", id: string): Promise<unknown> {
  const sql = `select to_jsonb(found) as row from ${table} as found where id = $1`;
  const { rows } = await database.query<{ row: unknown }>(sql, [id]);
  return rows[0]?.row;
}

/** What the area's object says, through the public route; it may be a second old, so poll it. */
async function availabilityOf(eventId: string, areaId: string): Promise<unknown> {
  const { slug } = z
    .looseObject({ slug: z.string() })
    .parse((await mine("GET", `/v1/events/${eventId}`)).body);
  const path = `/v1/public/events/${slug}/areas/${areaId}/availability`;
  return (await call("GET", path, { headers: { origin: SITE } })).body;
}

function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer.body).toMatchObject({ code, status });
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
}

function expectInvalid(answer: Answer, path: string): void {
  expectProblem(answer, 422, "validation_failed");
  expect(answer.body).toMatchObject({
    errors: expect.arrayContaining([expect.objectContaining({ path })]),
  });
}

afterAll(() => database.end());

describe("events", () => {
  const eventTimes = z.object({ starts_at: z.string(), ends_at: z.string() });

  test("are created as drafts, read, changed and listed", async () => {
    const id = await createEvent({ event_type: "concert" });
    const changed = await mine("PATCH", `/v1/events/${id}`, {
      body: { name: "Otra noche", ends_at: "2031-03-20T09:00:00Z", description: "" },
    });
    expect(changed.status).toBe(200);
    const read = await mine("GET", `/v1/events/${id}`);
    expect(read).toMatchObject({
      status: 200,
      body: {
        id,
        name: "Otra noche",
        event_type: "concert",
        status: "draft",
        starts_at: "2031-03-20T01:00:00.000Z",
        ends_at: "2031-03-20T09:00:00.000Z",
        time_zone: "America/Bogota",
      },
    });
    expect(changed.body).toEqual(read.body);
  });

  test("are listed newest first, in pages that neither miss nor repeat one", async () => {
    // Three that share their time to the microsecond, so that the id must decide.
    await database.query(
      `insert into clusters
         (profile_id, cluster_name, start_date, end_date, slug_cluster, created_at)
       select profile_id, 'Gemelo ' || twin, start_date, end_date, gen_random_uuid()::text,
         created_at
       from clusters, generate_series(1, 3) as twin where id = $1`,
      [await createEvent()],
    );
    await createEvent();
    const page = z.object({
      events: z.array(z.looseObject({ id: z.string() })),
      next_cursor: z.string().nullable(),
    });
    const whole = page.parse((await mine("GET", "/v1/events?limit=100")).body);
    const inPages: string[] = [];
    let cursor = "";
    while (inPages.length < whole.events.length) {
      const { body } = await mine("GET", `/v1/events?limit=2${cursor}`);
      const { events, next_cursor: next } = page.parse(body);
      inPages.push(...events.map(({ id }) => id));
      if (next === null) break;
      cursor = `&cursor=${next}`;
    }
    expect(inPages).toEqual(whole.events.map(({ id }) => id));
    const { rows } = await database.query<{ id: string }>(
      `select id from clusters where profile_id = (select profile_id from clusters where id = $1) and is_active
       order by created_at desc, id desc limit 100`,
      [inPages[0]],
    );
    expect(inPages).toEqual(rows.map(({ id }) => id));
  });

  test.each(["x", "!!!", "bnVsbA", btoa('["0000-01-01T00:00:00.000000Z","x"]'), "a".repeat(201)])(
    "refuse the cursor %j",
    async (cursor) => {
      expectInvalid(
        await mine("GET", `/v1/events?cursor=${encodeURIComponent(cursor)}`),
        "query.cursor",
      );
    },
  );

  test.each(["+16:00", "+23:59", "-15:30"])("take a time at offset %s as UTC", async (offset) => {
    const startsAt = `2031-03-18T12:00:00${offset}`;
    const answer = await mine("POST", "/v1/events", { body: newEvent({ starts_at: startsAt }) });
    expect(answer.status).toBe(201);
    expect(eventTimes.parse(answer.body).starts_at).toBe(new Date(startsAt).toISOString());
  });

  test.each(["0", "101", "1.5", "many"])("refuse the page size %s", async (limit) => {
    expectInvalid(await mine("GET", `/v1/events?limit=${limit}`), "query.limit");
  });

  test("refuse a slug that is taken, and nothing is created", async () => {
    const slug = `salsa-${crypto.randomUUID()}`;
    await createEvent({ slug });
    expectProblem(
      await mine("POST", "/v1/events", { body: newEvent({ slug }) }),
      409,
      "slug_taken",
    );
    const { rowCount } = await database.query("select from clusters where slug_cluster = $1", [
      slug,
    ]);
    expect(rowCount).toBe(1);
  });

  test.each([
    ["body.secret", { secret: 1 }],
    ["body.slug", { slug: "Nuevo Slug" }],
    ["body.name", { name: 7 }],
    ["body.name", { name: " " }],
    ["body.event_type", { event_type: "party" }],
    ["body.starts_at", { starts_at: "tomorrow" }],
    ["body.starts_at", { starts_at: "0000-01-01T00:00:00Z" }],
    ["body.ends_at", { ends_at: "9999-12-31T23:00:00-05:00" }],
    ["body.time_zone", { time_zone: "Bogota" }],
    ["body", {}],
    ["body.ends_at", { ends_at: "2031-03-20T01:00:00Z" }],
    ["body.ends_at", { starts_at: "2031-03-20T07:00:00Z" }],
  ])("refuse a change of %s to %j, and nothing changes", async (path, body) => {
    const id = await createEvent();
    const before = await storedRow("clusters", id);
    expectInvalid(await mine("PATCH", `/v1/events/${id}`, { body }), path);
    expect(await storedRow("clusters", id)).toEqual(before);
  });

  test("two changes at once cannot make an event end before it starts", async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await createEvent();
      await Promise.all([
        mine("PATCH", `/v1/events/${id}`, { body: { starts_at: "2031-03-20T06:00:00Z" } }),
        mine("PATCH", `/v1/events/${id}`, { body: { ends_at: "2031-03-20T05:00:00Z" } }),
      ]);
      const { body } = await mine("GET", `/v1/events/${id}`);
      const { starts_at: startsAt, ends_at: endsAt } = eventTimes.parse(body);
      expect(endsAt > startsAt).toBe(true);
    }
  });
});

describe("what nobody may send", () => {
  const routes: [string, string][] = [
    ["GET", "/v1/events"],
    ["GET", `/v1/events/${UNKNOWN_ID}`],
    ["PATCH", `/v1/events/${UNKNOWN_ID}`],
    ["POST", `/v1/events/${UNKNOWN_ID}/publish`],
    ["POST", `/v1/events/${UNKNOWN_ID}/unpublish`],
    ["GET", `/v1/events/${UNKNOWN_ID}/areas`],
    ["POST", `/v1/events/${UNKNOWN_ID}/areas`],
    ["GET", `/v1/areas/${UNKNOWN_ID}`],
    ["PATCH", `/v1/areas/${UNKNOWN_ID}`],
    ["POST", `/v1/areas/${UNKNOWN_ID}/units/bulk`],
    ["GET", `/v1/areas/${UNKNOWN_ID}/units`],
  ];

  test.each(routes)(
    "%s %s without a session, or with one that is not real",
    async (method, path) => {
      expectProblem(await call(method, path), 401, "session_required");
      expectProblem(await call(method, path, { token: "short" }), 401, "session_required");
      expectProblem(await call(method, path, { token: "x".repeat(43) }), 401, "session_invalid");
    },
  );

  test("malformed JSON, another media type, a body over 64 KiB", async () => {
    const areaId = await createArea(await createEvent());
    for (const [method, path] of [
      ["POST", "/v1/events"],
      ["PATCH", `/v1/areas/${areaId}`],
      ["POST", `/v1/areas/${areaId}/units/bulk`],
    ] as const) {
      expectProblem(await mine(method, path, { body: '{"quantity":' }), 400, "malformed_json");
      const text = { "content-type": "text/plain" };
      expectProblem(
        await mine(method, path, { body: "{}", headers: text }),
        415,
        "unsupported_media_type",
      );
      const body = { description: "x".repeat(65_536) };
      expectProblem(await mine(method, path, { body }), 413, "body_too_large");
      expectProblem(await mine(method, path, { body: "[]" }), 422, "validation_failed");
      expectProblem(await mine(method, path, { body: "null" }), 422, "validation_failed");
    }
    expect(await unitCount(areaId)).toBe(0);
  });

  test("ids that are none", async () => {
    expectInvalid(await mine("GET", "/v1/events/1"), "param.id");
    expectInvalid(await mine("GET", "/v1/areas/'%20or%201=1"), "param.id");
  });
});

describe("another organizer's", () => {
  let eventId = "";
  let areaId = "";
  beforeAll(async () => {
    eventId = await createEvent();
    areaId = await createArea(eventId);
    expect((await bulk(areaId, { quantity: 3 })).status).toBe(201);
  });

  test("events and areas are not found, and nothing of them changes", async () => {
    const before = [await storedRow("clusters", eventId), await storedRow("areas", areaId)];
    const theirs = (method: string, path: string, body?: unknown) =>
      call(method, path, { token: otherToken, body });
    for (const answer of [
      await theirs("GET", `/v1/events/${eventId}`),
      await theirs("PATCH", `/v1/events/${eventId}`, { name: "Tomado" }),
      await theirs("POST", `/v1/events/${eventId}/publish`),
      await theirs("POST", `/v1/events/${eventId}/unpublish`),
      await theirs("GET", `/v1/events/${eventId}/areas`),
      await theirs("POST", `/v1/events/${eventId}/areas`, { name: "Intrusa", price_in_cents: 1 }),
    ]) {
      expectProblem(answer, 404, "event_not_found");
    }
    for (const answer of [
      await theirs("GET", `/v1/areas/${areaId}`),
      await theirs("PATCH", `/v1/areas/${areaId}`, { price_in_cents: 1 }),
      await theirs("GET", `/v1/areas/${areaId}/units`),
      await theirs("POST", `/v1/areas/${areaId}/units/bulk`, { quantity: 5 }),
    ]) {
      expectProblem(answer, 404, "area_not_found");
    }
    expect([await storedRow("clusters", eventId), await storedRow("areas", areaId)]).toEqual(
      before,
    );
    expect(await unitCount(areaId)).toBe(3);
    const { rowCount } = await database.query("select from areas where cluster_id = $1", [eventId]);
    expect(rowCount).toBe(1);
  });

  test("events are not in one's list", async () => {
    const { body } = await call("GET", "/v1/events?limit=100", { token: otherToken });
    expect(JSON.stringify(body)).not.toContain(eventId);
  });
});

describe("areas", () => {
  test("are created, read, changed and listed in order of creation", async () => {
    const eventId = await createEvent();
    const first = await mine("POST", `/v1/events/${eventId}/areas`, {
      body: {
        name: " VIP ",
        price_in_cents: 25_000_050,
        service_in_cents: 100,
        unit_capacity: 4,
        nomenclature_letter: "vip",
      },
    });
    expect(first).toMatchObject({
      status: 201,
      body: {
        event_id: eventId,
        name: "VIP",
        description: "",
        price_in_cents: 25_000_050,
        currency: "COP",
        service_in_cents: 100,
        unit_capacity: 4,
        nomenclature_letter: "VIP",
        capacity: 0,
      },
    });
    const { id } = withId.parse(first.body);
    const second = await createArea(eventId);
    const changed = await mine("PATCH", `/v1/areas/${id}`, {
      body: { price_in_cents: 0, nomenclature_letter: "b" },
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { price_in_cents: 0, service_in_cents: 100, nomenclature_letter: "B", name: "VIP" },
    });
    expect((await mine("GET", `/v1/areas/${id}`)).body).toEqual(changed.body);
    const list = await mine("GET", `/v1/events/${eventId}/areas`);
    expect(list).toMatchObject({
      status: 200,
      body: { areas: [{ id }, { id: second }], next_cursor: null },
    });
    const page = await mine("GET", `/v1/events/${eventId}/areas?limit=1`);
    const cursor = z.object({ next_cursor: z.string() }).parse(page.body).next_cursor;
    const rest = await mine("GET", `/v1/events/${eventId}/areas?limit=1&cursor=${cursor}`);
    expect(rest.body).toMatchObject({ areas: [{ id: second }], next_cursor: null });
    expectInvalid(await mine("GET", `/v1/events/${eventId}/areas?cursor=nope`), "query.cursor");
  });

  test("of one event have different names, whether created or renamed", async () => {
    const eventId = await createEvent();
    const name = uniqueName("Palco");
    await createArea(eventId, { name });
    const otherId = await createArea(eventId);
    const before = await storedRow("areas", otherId);
    const again = { name, price_in_cents: 1 };
    expectProblem(
      await mine("POST", `/v1/events/${eventId}/areas`, { body: again }),
      409,
      "area_name_taken",
    );
    expectProblem(
      await mine("PATCH", `/v1/areas/${otherId}`, { body: { name } }),
      409,
      "area_name_taken",
    );
    expect(await storedRow("areas", otherId)).toEqual(before);
    const { rowCount } = await database.query("select from areas where cluster_id = $1", [eventId]);
    expect(rowCount).toBe(2);
    await createArea(await createEvent(), { name });
  });

  test.each([
    ["body.capacity", { capacity: 5 }],
    ["body.price_in_cents", { price_in_cents: -1 }],
    ["body.price_in_cents", { price_in_cents: 1.5 }],
    ["body.price_in_cents", { price_in_cents: "100" }],
    ["body.price_in_cents", { price_in_cents: 1e15 }],
    ["body.service_in_cents", { service_in_cents: null }],
    ["body.unit_capacity", { unit_capacity: 0 }],
    ["body.nomenclature_letter", { nomenclature_letter: "ABCD" }],
    ["body.nomenclature_letter", { nomenclature_letter: "A-" }],
    ["body.name", { name: "" }],
  ])("refuse %s in %j, created or changed", async (path, change) => {
    const eventId = await createEvent();
    const body = { name: uniqueName("Platea"), price_in_cents: 1, ...change };
    expectInvalid(await mine("POST", `/v1/events/${eventId}/areas`, { body }), path);
    const { rowCount } = await database.query("select from areas where cluster_id = $1", [eventId]);
    expect(rowCount).toBe(0);
    const areaId = await createArea(eventId);
    const before = await storedRow("areas", areaId);
    expectInvalid(await mine("PATCH", `/v1/areas/${areaId}`, { body: change }), path);
    expect(await storedRow("areas", areaId)).toEqual(before);
  });

  test("raise their version with every change", async () => {
    const areaId = await createArea(await createEvent());
    await mine("PATCH", `/v1/areas/${areaId}`, { body: { description: "Con vista" } });
    await mine("PATCH", `/v1/areas/${areaId}`, { body: { price_in_cents: 5 } });
    expect(await storedRow("areas", areaId)).toMatchObject({
      version: 3,
      price: 0.05,
      description: "Con vista",
    });
  });
});

describe("units", () => {
  const labelsOf = async (areaId: string): Promise<string[]> => {
    const { body } = await mine("GET", `/v1/areas/${areaId}/units?limit=500`);
    return z
      .object({ units: z.array(z.looseObject({ label: z.string() })) })
      .parse(body)
      .units.map(({ label }) => label);
  };

  test("of rows are labelled letter, row, number, and stand row by row", async () => {
    const areaId = await createArea(await createEvent(), { nomenclature_letter: "pl" });
    const created = await bulk(areaId, { rows: { from: 12, to: 13 }, numbers: { from: 5, to: 6 } });
    expect(created).toMatchObject({ status: 201, body: { created: 4, capacity: 4 } });
    const more = await bulk(areaId, { rows: { from: 1, to: 1 }, numbers: { from: 1, to: 2 } });
    expect(more).toMatchObject({ status: 201, body: { created: 2, capacity: 6 } });
    const { body } = await mine("GET", `/v1/areas/${areaId}/units`);
    expect(body).toMatchObject({
      units: [
        { label: "PL-12-5", row: 12, number: 5, status: "available" },
        { label: "PL-12-6", row: 12, number: 6 },
        { label: "PL-13-5", row: 13, number: 5 },
        { label: "PL-13-6", row: 13, number: 6 },
        { label: "PL-1-1", row: 1, number: 1 },
        { label: "PL-1-2", row: 1, number: 2 },
      ],
      next_cursor: null,
    });
    expect(await mine("GET", `/v1/areas/${areaId}`)).toMatchObject({ body: { capacity: 6 } });
  });

  test("of general admission are numbered on, and come in pages", async () => {
    const areaId = await createArea(await createEvent());
    expect((await bulk(areaId, { quantity: 2 })).body).toEqual({ created: 2, capacity: 2 });
    expect((await bulk(areaId, { quantity: 3 })).body).toEqual({ created: 3, capacity: 5 });
    expect(await labelsOf(areaId)).toEqual(["A-1", "A-2", "A-3", "A-4", "A-5"]);
    const page = await mine("GET", `/v1/areas/${areaId}/units?limit=3`);
    const cursor = z.object({ next_cursor: z.string() }).parse(page.body).next_cursor;
    const rest = await mine("GET", `/v1/areas/${areaId}/units?limit=3&cursor=${cursor}`);
    expect(rest.body).toMatchObject({
      units: [{ label: "A-4", row: 0 }, { label: "A-5" }],
      next_cursor: null,
    });
    expectInvalid(await mine("GET", `/v1/areas/${areaId}/units?cursor=nope`), "query.cursor");
    expectInvalid(await mine("GET", `/v1/areas/${areaId}/units?limit=501`), "query.limit");
  });

  test("made by calls at the same time neither collide nor leave gaps", async () => {
    const areaId = await createArea(await createEvent());
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => bulk(areaId, { quantity: 50 })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 201));
    const { rows } = await database.query<{
      first: number;
      last: number;
      count: number;
      number: number;
    }>(
      `select min(position) as first, max(position) as last, count(distinct label)::int as count,
         max(nomenclature_number_unit) as number from units where area_id = $1`,
      [areaId],
    );
    expect(rows).toEqual([{ first: 0, last: 299, count: 300, number: 300 }]);
    expect(await storedRow("areas", areaId)).toMatchObject({ capacity: 300 });
  });

  test("whose labels are taken are refused, and none is created", async () => {
    const areaId = await createArea(await createEvent());
    expect(
      (await bulk(areaId, { rows: { from: 120, to: 120 }, numbers: { from: 100, to: 100 } }))
        .status,
    ).toBe(201);
    // The clash is the last of twelve thousand.
    expectProblem(await bulk(areaId, seats(120, 100)), 409, "unit_labels_taken");
    expect(await unitCount(areaId)).toBe(1);
    expect(await mine("GET", `/v1/areas/${areaId}`)).toMatchObject({ body: { capacity: 1 } });
    expect((await bulk(areaId, seats(119, 100))).body).toEqual({
      created: 11_900,
      capacity: 11_901,
    });
  });

  test.each([
    ["body", {}],
    ["body", { rows: { from: 1, to: 2 } }],
    ["body", { quantity: 1, ...seats(1, 1) }],
    ["body.quantity", { quantity: 0 }],
    ["body.quantity", { quantity: -5 }],
    ["body.quantity", { quantity: 1.5 }],
    ["body.quantity", { quantity: "10" }],
    ["body.quantity", { quantity: 1e300 }],
    ["body.rows.to", { rows: { from: 2, to: 1 }, numbers: { from: 1, to: 1 } }],
    ["body.rows.from", { rows: { from: 0, to: 1 }, numbers: { from: 1, to: 1 } }],
    ["body.numbers.to", { rows: { from: 1, to: 1 }, numbers: { from: 1, to: 1e9 } }],
    ["body.rows.step", { rows: { from: 1, to: 1, step: 2 }, numbers: { from: 1, to: 1 } }],
    ["body.suffix", { quantity: 1, suffix: "X" }],
  ])("refuse %s in %j", async (path, body) => {
    const areaId = await createArea(await createEvent());
    expectInvalid(await bulk(areaId, body), path);
    expect(await unitCount(areaId)).toBe(0);
  });

  test.each([
    { quantity: 100_001 },
    { quantity: 9_007_199_254_740_991 },
    seats(1001, 100),
    seats(1_000_000, 1_000_000),
  ])("refuse %j, which is too many", async (body) => {
    const areaId = await createArea(await createEvent());
    expectProblem(await bulk(areaId, body), 422, "units_too_many");
    expect(await unitCount(areaId)).toBe(0);
  });

  test(
    "are made fifty thousand at a time, published, and loaded to the last one",
    { timeout: 120_000 },
    async () => {
      const eventId = await createEvent();
      const areaId = await createArea(eventId);
      const startedMs = performance.now();
      expect(await bulk(areaId, seats(100, 500))).toMatchObject({
        status: 201,
        body: { created: 50_000, capacity: 50_000 },
      });
      const createdMs = performance.now();
      const { rows } = await database.query(
        `select count(*)::int as units, count(distinct label)::int as labels, max(position) as last,
         count(*) filter (
           where position = (nomenclature_number_area - 1) * 500 + nomenclature_number_unit - 1
         )::int as placed
       from units where area_id = $1`,
        [areaId],
      );
      expect(rows).toEqual([{ units: 50_000, labels: 50_000, last: 49_999, placed: 50_000 }]);
      const publishingMs = performance.now();
      expect(await mine("POST", `/v1/events/${eventId}/publish`)).toMatchObject({
        status: 200,
        body: { status: "published" },
      });
      const publishedMs = performance.now();
      console.log(
        `50,000 units: created in ${seconds(createdMs - startedMs)} s, ` +
          `published in ${seconds(publishedMs - publishingMs)} s`,
      );
      expect(await availabilityOf(eventId, areaId)).toMatchObject({
        on_sale: true,
        available: 50_000,
      });
    },
  );
});

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2);
}

describe("publishing", () => {
  test("is refused without units", async () => {
    const eventId = await createEvent();
    expectProblem(await mine("POST", `/v1/events/${eventId}/publish`), 409, "event_without_units");
    await createArea(eventId);
    expectProblem(await mine("POST", `/v1/events/${eventId}/publish`), 409, "event_without_units");
    expect(await mine("GET", `/v1/events/${eventId}`)).toMatchObject({ body: { status: "draft" } });
  });

  test("is refused after the end", async () => {
    const eventId = await createEvent({
      starts_at: "2020-01-01T00:00:00Z",
      ends_at: "2020-01-01T05:00:00Z",
    });
    await bulk(await createArea(eventId), { quantity: 1 });
    expectProblem(await mine("POST", `/v1/events/${eventId}/publish`), 409, "event_ended");
  });

  test("may be repeated and undone, and units and areas may be added in between", async () => {
    const eventId = await createEvent();
    const areaId = await createArea(eventId);
    expect((await bulk(areaId, { quantity: 10 })).status).toBe(201);
    const publish = () => mine("POST", `/v1/events/${eventId}/publish`);
    expect(await publish()).toMatchObject({
      status: 200,
      body: { id: eventId, status: "published" },
    });
    expect(await publish()).toMatchObject({ status: 200, body: { status: "published" } });
    expect(await availabilityOf(eventId, areaId)).toMatchObject({ on_sale: true, available: 10 });
    expect(await bulk(areaId, { quantity: 5 })).toMatchObject({
      status: 201,
      body: { capacity: 15 },
    });
    await expect
      .poll(() => availabilityOf(eventId, areaId), { timeout: 5_000 })
      .toMatchObject({ available: 15 });
    const addedId = await createArea(eventId);
    expect((await bulk(addedId, { quantity: 1 })).status).toBe(201);
    expect(await availabilityOf(eventId, addedId)).toMatchObject({ on_sale: true, available: 1 });
    const change = await mine("PATCH", `/v1/areas/${areaId}`, {
      body: { price_in_cents: 100, service_in_cents: 7 },
    });
    expect(change).toMatchObject({
      status: 200,
      body: { price_in_cents: 100, service_in_cents: 7 },
    });
    await expect
      .poll(() => availabilityOf(eventId, areaId), { timeout: 5_000 })
      .toMatchObject({ price_in_cents: 100, service_in_cents: 7 });
    const unpublish = () => mine("POST", `/v1/events/${eventId}/unpublish`);
    expect(await unpublish()).toMatchObject({ status: 200, body: { status: "draft" } });
    expect(await unpublish()).toMatchObject({ status: 200, body: { status: "draft" } });
    expect(await publish()).toMatchObject({ status: 200, body: { status: "published" } });
  });

  test("at the same moment as everything else leaves the sale as Postgres says", async () => {
    const eventId = await createEvent();
    const areaId = await createArea(eventId);
    expect((await bulk(areaId, { quantity: 20 })).status).toBe(201);
    const answers = await Promise.all([
      ...[1, 2, 3].map((cents) =>
        mine("PATCH", `/v1/areas/${areaId}`, { body: { price_in_cents: cents } }),
      ),
      ...[30, 30].map((quantity) => bulk(areaId, { quantity })),
      mine("POST", `/v1/events/${eventId}/publish`),
      mine("POST", `/v1/events/${eventId}/unpublish`),
      mine("POST", `/v1/events/${eventId}/publish`),
    ]);
    expect(answers.filter(({ status }) => status >= 300)).toEqual([]);
    // Whichever came last: after publishing, the sale has every unit and the last price.
    expect((await mine("POST", `/v1/events/${eventId}/publish`)).status).toBe(200);
    const price = z
      .looseObject({ price_in_cents: z.int() })
      .parse((await mine("GET", `/v1/areas/${areaId}`)).body);
    expect(await availabilityOf(eventId, areaId)).toMatchObject({
      on_sale: true,
      available: 80,
      price_in_cents: price.price_in_cents,
    });
  });
});
