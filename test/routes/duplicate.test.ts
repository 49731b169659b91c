// A new event made of one that is there, over HTTP: what comes with it and what does not, all at once, and once.

import { afterAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { signInAs } from "../support/pricing.ts";
import { badBodies, expectInvalid, expectProblem } from "../support/problems.ts";
import type { EventOnSale } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call, database } = shop;
const mine = shop.asOrganizer;

const withId = z.looseObject({ id: z.string() });
const eventShape = z.looseObject({ id: z.string(), slug: z.string(), name: z.string() });
const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";

afterAll(() => shop.close());

const duplicate = (eventId: string, body?: unknown, headers: Record<string, string> = {}) =>
  mine("POST", `/v1/events/${eventId}/duplicate`, { body, headers });

async function copyOf(eventId: string, body: object = {}) {
  const answer = await duplicate(eventId, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return eventShape.parse(answer.body);
}

async function rowsOf(
  table: string,
  where: string,
  id: string,
): Promise<Record<string, unknown>[]> {
  const sql = `SELECT to_jsonb(found) AS row FROM ${table} AS found WHERE ${where}`;
  const { rows } = await database.query<{ row: Record<string, unknown> }>(sql, [id]);
  return rows.map(({ row }) => row);
}

async function areaIdsOf(eventId: string): Promise<string[]> {
  const { body } = await mine("GET", `/v1/events/${eventId}/areas`);
  return z
    .object({ areas: z.array(withId) })
    .parse(body)
    .areas.map(({ id }) => id);
}

async function asOnSale(eventId: string, slug: string): Promise<EventOnSale> {
  return { eventId, slug, areaIds: await areaIdsOf(eventId) };
}

const times = z.looseObject({ starts_at: z.string(), ends_at: z.string() });

/** An event with everything, and sales. */
async function soldEvent() {
  const event = await shop.publishEvent([{ units: 4 }, { units: 3 }], {
    event_type: "theater",
    description: "Con todo",
    pulep_code: "OLD123",
    time_zone: "America/Lima",
    sales_start_at: "2026-01-01T00:00:00.000Z",
    sales_end_at: "2031-03-19T00:00:00.000Z",
  });
  const [areaId = "", otherId = ""] = event.areaIds;
  const units = await shop.units(otherId);
  await mine("PATCH", `/v1/areas/${otherId}/units`, {
    body: { unit_ids: [units[2]?.id], status: "blocked" },
  });
  await mine("PATCH", `/v1/areas/${otherId}`, {
    body: { unit_capacity: 10, units_per_buyer_max: 7, allows_reentry: true },
  });
  await shop.buy(event, [{ area_id: areaId, quantity: 1 }]);
  await shop.hold(event, [{ area_id: areaId, quantity: 1 }]);
  // Postgres hears of a hold a moment later: what comes then must not look like the copy's doing.
  await shop.unitsBecome(areaId, "sraa");
  return { ...event, areaId, otherId };
}

describe("a copy", () => {
  test("is a draft with the same areas, units and what is blocked, and nothing of the sales", async () => {
    const { eventId, areaId, otherId } = await soldEvent();
    const copy = await copyOf(eventId);
    const original = z.looseObject({}).parse((await mine("GET", `/v1/events/${eventId}`)).body);
    const read = await mine("GET", `/v1/events/${copy.id}`);
    expect(read.body).toEqual(copy);
    expect(copy).toEqual({
      ...original,
      id: copy.id,
      slug: `${String(original["slug"])}-copia`,
      name: `${String(original["name"])} (copia)`,
      status: "draft",
      created_at: expect.any(String),
      pulep_code: null,
    });
    const copies = await areaIdsOf(copy.id);
    expect(copies).toHaveLength(2);
    for (const [index, fromId] of [areaId, otherId].entries()) {
      const [from, to] = await Promise.all(
        [fromId, copies[index]].map(async (id) => {
          const { body } = await mine("GET", `/v1/areas/${id}`);
          const {
            id: _,
            event_id: __,
            created_at: ___,
            ...content
          } = z.looseObject({}).parse(body);
          return content;
        }),
      );
      expect(to).toEqual(from);
    }
    const labels = async (id: string) => (await shop.units(id)).map(({ label }) => label);
    expect(await labels(copies[0] ?? "")).toEqual(await labels(areaId));
    const statuses = async (id: string) => (await shop.units(id)).map(({ status }) => status);
    expect(await statuses(copies[0] ?? "")).toEqual(Array.from({ length: 4 }, () => "available"));
    expect(await statuses(copies[1] ?? "")).toEqual(["available", "available", "blocked"]);
    expect(await rowsOf("reservations", "cluster_id = $1", copy.id)).toEqual([]);
    // No row of the original changed hands.
    expect(await labels(areaId)).toHaveLength(4);
  });

  test("is sold like any other: its blocked units are not, and the original is not touched", async () => {
    const { eventId, areaId, otherId } = await soldEvent();
    const before = await shop.records(eventId);
    const { id, slug } = await copyOf(eventId);
    const copy = await asOnSale(id, slug);
    expect((await mine("POST", `/v1/events/${id}/publish`)).status).toBe(200);
    const [first = "", second = ""] = copy.areaIds;
    const availability = await call(
      "GET",
      `/v1/public/events/${slug}/areas/${second}/availability`,
    );
    expect(availability.body).toMatchObject({ available: 2, blocked: 1, held: 0, sold: 0 });
    await shop.hold(copy, [{ area_id: second, quantity: 2 }]);
    expectProblem(await shop.place(copy, [{ area_id: second, quantity: 1 }]), 409, "sold_out");
    await shop.buy(copy, [{ area_id: first, quantity: 4 }]);
    expectProblem(await shop.place(copy, [{ area_id: areaId, quantity: 1 }]), 404, "area_unknown");
    expect(await shop.records(eventId)).toEqual(before);
    expect((await shop.units(otherId)).map(({ status }) => status)).toEqual([
      "available",
      "available",
      "blocked",
    ]);
  });

  test("has the stages and promotions, each for its own areas, under new codes", async () => {
    const { eventId, areaIds } = await shop.draftEvent([{ units: 2 }, { units: 2 }]);
    const [areaId = ""] = areaIds;
    const code = `AMIGOS${crypto.randomUUID().slice(0, 6).toUpperCase()}`;
    const prefix = `P${crypto.randomUUID().slice(0, 6).toUpperCase()}-`;
    for (const stage of [
      { name: "Todas", quantity: 7, priority: 2, ends_at: "2031-01-01T00:00:00.000Z" },
      { name: "Una", area_id: areaId, priority: 1 },
    ]) {
      const body = { ...stage, adjustment: { type: "percentage", basis_points: -1_000 } };
      expect((await mine("POST", `/v1/events/${eventId}/sale-stages`, { body })).status).toBe(201);
    }
    const discount = { type: "percentage", basis_points: 1_500 };
    const promotions = [
      { name: "Con código", code, event_id: eventId, uses_max: 3 },
      { name: "De un uso", code_prefix: prefix, event_id: eventId },
      { name: "De una localidad", area_id: areaId, units_min: 2 },
    ];
    const ids: string[] = [];
    for (const promotion of promotions) {
      const made = await mine("POST", "/v1/promotions", { body: { ...promotion, discount } });
      expect(made.status, JSON.stringify(made.body)).toBe(201);
      ids.push(withId.parse(made.body).id);
    }
    await mine("POST", `/v1/promotions/${ids[1] ?? ""}/codes`, { body: { quantity: 5 } });
    const elsewhere = await shop.draftEvent([]);
    await mine("POST", "/v1/promotions", {
      body: { name: "Ajena", code: `${code}X`, event_id: elsewhere.eventId, discount },
    });

    const copy = await copyOf(eventId);
    const [copiedAreaId = ""] = await areaIdsOf(copy.id);
    const stages = await mine("GET", `/v1/events/${copy.id}/sale-stages`);
    expect(stages.body).toMatchObject({
      sale_stages: [
        { name: "Una", area_id: copiedAreaId, priority: 1 },
        { name: "Todas", area_id: null, quantity: 7, ends_at: "2031-01-01T00:00:00.000Z" },
      ],
    });
    const copied = await rowsOf(
      "promotions",
      `(target_cluster_id = $1 OR target_area_id IN (SELECT id FROM areas WHERE cluster_id = $1))
       AND is_active ORDER BY created_at`,
      copy.id,
    );
    expect(copied).toMatchObject([
      { promotion_name: "Con código", target_cluster_id: copy.id, uses_max: 3, version: 1 },
      { promotion_name: "De un uso", target_cluster_id: copy.id, promotion_code: null },
      { promotion_name: "De una localidad", target_area_id: copiedAreaId, min_quantity: 2 },
    ]);
    const newCode = String(copied[0]?.["promotion_code"]);
    expect(newCode).toMatch(new RegExp(`^[2-9A-Z]{4}-${code}$`));
    expect(copied[1]?.["code_prefix"]).toBe(newCode.slice(0, 5) + prefix);
    expect(copied[2]).toMatchObject({ promotion_code: null, code_prefix: null });
    const copiedIds = copied.map(({ id }) => String(id));
    expect(await rowsOf("promotion_codes", "promotion_id = $1", copiedIds[1] ?? "")).toEqual([]);

    // Each code works where it belongs, and nowhere else.
    await mine("POST", `/v1/events/${copy.id}/publish`);
    const body = { event_id: copy.id, items: [{ area_id: copiedAreaId, quantity: 1 }] };
    const hold = (promotionCode: string) =>
      call("POST", "/v1/reservations", { body: { ...body, promotion_code: promotionCode } });
    expectProblem(await hold(code), 422, "promotion_not_applicable");
    expect((await hold(newCode.toLowerCase())).status).toBe(201);
  });

  test("takes new dates, with which everything moves", async () => {
    const { eventId } = await shop.draftEvent([{ units: 1 }], {
      sales_start_at: "2031-03-01T00:00:00Z",
      sales_end_at: "2031-03-19T12:30:00Z",
    });
    const adjustment = { type: "fixed", amount_in_cents: -1 };
    const stage = {
      name: "Preventa",
      starts_at: "2031-03-01T00:00:00Z",
      ends_at: "2031-03-05T00:00:00Z",
      adjustment,
    };
    await mine("POST", `/v1/events/${eventId}/sale-stages`, { body: stage });
    const promotion = {
      name: "Amigos",
      event_id: eventId,
      starts_at: "2031-03-02T00:00:00Z",
      ends_at: "2031-03-03T00:00:00Z",
      discount: { type: "percentage", basis_points: 1_000 },
    };
    await mine("POST", "/v1/promotions", { body: promotion });
    // Ten days and an hour later.
    const copy = await copyOf(eventId, {
      name: "Segunda función",
      slug: `segunda-${crypto.randomUUID()}`,
      starts_at: "2031-03-29T21:00:00-05:00",
    });
    expect(copy).toMatchObject({
      name: "Segunda función",
      starts_at: "2031-03-30T02:00:00.000Z",
      ends_at: "2031-03-30T08:00:00.000Z",
      sales_start_at: "2031-03-11T01:00:00.000Z",
      sales_end_at: "2031-03-29T13:30:00.000Z",
    });
    expect((await mine("GET", `/v1/events/${copy.id}/sale-stages`)).body).toMatchObject({
      sale_stages: [{ starts_at: "2031-03-11T01:00:00.000Z", ends_at: "2031-03-15T01:00:00.000Z" }],
    });
    const [moved] = await rowsOf("promotions", "target_cluster_id = $1", copy.id);
    expect(moved).toMatchObject({
      start_date: "2031-03-12T01:00:00+00:00",
      end_date: "2031-03-13T01:00:00+00:00",
    });
    const other = await copyOf(eventId, { ends_at: "2031-03-20T03:00:00Z" });
    expect(times.parse(other)).toMatchObject({
      starts_at: "2031-03-20T01:00:00.000Z",
      ends_at: "2031-03-20T03:00:00.000Z",
    });
  });

  test("of a copy, and of one that is over, are copies too, each with a slug of its own", async () => {
    const { eventId } = await shop.draftEvent([{ units: 1 }]);
    await database.query("UPDATE clusters SET status = 'finished' WHERE id = $1", [eventId]);
    const copies = [await copyOf(eventId), await copyOf(eventId), await copyOf(eventId)];
    expect(new Set(copies.map(({ slug }) => slug)).size).toBe(3);
    const second = await copyOf(copies[0]?.id ?? "");
    expect(await areaIdsOf(second.id)).toHaveLength(1);
  });

  test("leaves out what was deleted", async () => {
    const { eventId, areaIds } = await shop.draftEvent([{ units: 1 }, { units: 1 }]);
    expect((await mine("DELETE", `/v1/areas/${areaIds[0] ?? ""}`)).status).toBe(204);
    const copy = await copyOf(eventId);
    expect(await areaIdsOf(copy.id)).toHaveLength(1);
  });

  test("of a hundred thousand units is made in seconds", { timeout: 120_000 }, async () => {
    const { eventId, areaIds } = await shop.draftEvent([{ units: 1 }]);
    const [areaId = ""] = areaIds;
    const body = { rows: { from: 2, to: 1_000 }, numbers: { from: 1, to: 100 } };
    expect((await mine("POST", `/v1/areas/${areaId}/units/bulk`, { body })).status).toBe(201);
    const startedMs = performance.now();
    const copy = await copyOf(eventId);
    const seconds = (performance.now() - startedMs) / 1_000;
    console.log(`99,901 units copied in ${seconds.toFixed(2)} s`);
    const [copiedId = ""] = await areaIdsOf(copy.id);
    const sql = `SELECT count(*)::int AS units, count(DISTINCT label)::int AS labels,
      max(position) AS last FROM units WHERE area_id = $1`;
    expect((await database.query(sql, [copiedId])).rows).toEqual([
      { units: 99_901, labels: 99_901, last: 99_900 },
    ]);
    expect(await mine("GET", `/v1/areas/${copiedId}`)).toMatchObject({
      body: { capacity: 99_901 },
    });
    expect(seconds).toBeLessThan(15);
  });
});

describe("the same request again", () => {
  const key = () => ({ "idempotency-key": crypto.randomUUID() });

  test("gets the same copy, also when it comes many times at once", async () => {
    const { eventId } = await shop.draftEvent([{ units: 5 }]);
    const headers = key();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => duplicate(eventId, { name: "Una sola" }, headers)),
    );
    const ids = answers.map(({ status, body }) => {
      expect(status, JSON.stringify(body)).toBe(201);
      return withId.parse(body).id;
    });
    expect(new Set(ids).size).toBe(1);
    const areaIds = await areaIdsOf(ids[0] ?? "");
    expect(areaIds).toHaveLength(1);
    expect(await shop.units(areaIds[0] ?? "")).toHaveLength(5);
    // Also when it has changed since, and when the original is gone.
    const body = { description: "Ya cambiada" };
    await mine("PATCH", `/v1/events/${ids[0] ?? ""}`, { body });
    await mine("DELETE", `/v1/events/${eventId}`);
    const late = await duplicate(eventId, { name: "Una sola" }, headers);
    expect(late).toMatchObject({ status: 201, body: { id: ids[0], ...body } });
  });

  test("with other content is refused, and nothing is made", async () => {
    const { eventId } = await shop.draftEvent([{ units: 1 }]);
    const headers = key();
    const first = await duplicate(eventId, {}, headers);
    expect(first.status).toBe(201);
    const other = await duplicate(eventId, { name: "Otra" }, headers);
    expectProblem(other, 422, "command_reused");
    const { id } = withId.parse(first.body);
    await mine("DELETE", `/v1/events/${id}`);
    expectProblem(await duplicate(eventId, {}, headers), 404, "event_not_found");
  });

  test("without a key, or with another, makes another", async () => {
    const { eventId } = await shop.draftEvent([]);
    const answers = [
      await duplicate(eventId, {}, key()),
      await duplicate(eventId, {}, key()),
      await duplicate(eventId),
      await duplicate(eventId),
    ];
    const ids = answers.map(({ body }) => withId.parse(body).id);
    expect(new Set(ids).size).toBe(4);
  });

  test("by another organizer with the same key is about theirs", async () => {
    const { eventId } = await shop.draftEvent([]);
    const headers = key();
    expect((await duplicate(eventId, {}, headers)).status).toBe(201);
    const path = `/v1/events/${eventId}/duplicate`;
    const token = inject("otherOrganizerToken");
    expectProblem(await call("POST", path, { token, headers }), 404, "event_not_found");
  });
});

describe("no copy is made", () => {
  /** A copy would have its name, and more behind it. */
  const onlyOne = async () => {
    const name = `Única ${crypto.randomUUID()}`;
    const event = await shop.draftEvent([{ units: 1 }], { name });
    const isAlone = async () => {
      const found = await rowsOf("clusters", "cluster_name LIKE $1 || '%'", name);
      expect(found).toHaveLength(1);
    };
    return { ...event, isAlone };
  };

  test.each([
    ["body.name", { name: " " }],
    ["body.slug", { slug: "Con Espacios" }],
    ["body.starts_at", { starts_at: "mañana" }],
    ["body.ends_at", { ends_at: "2031-03-19T20:00:00-05:00" }],
    ["body.ends_at", { starts_at: "2032-01-01T00:00:00Z", ends_at: "2031-12-31T00:00:00Z" }],
    ["body.status", { status: "published" }],
  ])("with %s in %j", async (path, body) => {
    const { eventId, isAlone } = await onlyOne();
    expectInvalid(await duplicate(eventId, body), path);
    await isAlone();
  });

  test.each(badBodies.filter(({ what }) => what !== "an empty object" && what !== "an empty text"))(
    "of $what",
    async ({ body, headers = {}, status, code }) => {
      const { eventId } = await shop.draftEvent([]);
      expectProblem(await duplicate(eventId, body, headers), status, code);
    },
  );

  test("under a slug that is taken: not even in part", async () => {
    const { eventId, slug, isAlone } = await onlyOne();
    expectProblem(await duplicate(eventId, { slug }), 409, "slug_taken");
    await isAlone();
  });

  test("of an event that is not there, of another organizer's, or by who only reads", async () => {
    const { eventId } = await shop.draftEvent([]);
    const path = `/v1/events/${eventId}/duplicate`;
    expectProblem(await duplicate(UNKNOWN_ID), 404, "event_not_found");
    const token = inject("otherOrganizerToken");
    expectProblem(await call("POST", path, { token }), 404, "event_not_found");
    const finance = await signInAs(shop, "finance");
    expectProblem(await call("POST", path, { token: finance }), 403, "role_not_allowed");
    expectProblem(await call("POST", path), 401, "session_required");
    const short = { "idempotency-key": "short" };
    expectProblem(await duplicate(eventId, {}, short), 400, "idempotency_key_invalid");
  });

  test("when there would be too many promotions", async () => {
    const token = await signInAs(shop, "owner");
    const theirs = (path: string, body: object) => call("POST", path, { token, body });
    const made = await theirs("/v1/events", {
      name: "Lleno",
      starts_at: "2031-03-19T20:00:00-05:00",
      ends_at: "2031-03-20T02:00:00-05:00",
    });
    const { id } = withId.parse(made.body);
    await database.query(
      `INSERT INTO promotions (profile_id, promotion_name, discount_type, discount_value, applies_to, target_cluster_id)
       SELECT profile_id, 'Promoción ' || number, 'percentage', 10, 'cluster', id
       FROM clusters, generate_series(1, 151) AS number WHERE id = $1`,
      [id],
    );
    const answer = await theirs(`/v1/events/${id}/duplicate`, {});
    expectProblem(answer, 409, "promotions_too_many");
    expect(answer.body).toMatchObject({ max: 300 });
  });
});
