// Promotions and their codes over HTTP against a running stack: what the routes promise and refuse, and what buyers are
// charged.

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { inMinutes, newAddress, pricingOf, signInAs } from "../support/pricing.ts";
import { badBodies, expectInvalid, expectProblem } from "../support/problems.ts";
import { type EventOnSale, newEmail } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call, asOrganizer, database } = shop;
const pricing = pricingOf(shop);
const theirShop = openStackShop(inject("otherOrganizerToken"));
const theirPricing = pricingOf(theirShop);
const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";

/** What an area costs in this shop, without its fee; and less a tenth. */
const PRICE = 9_500_000;
const TENTH_OFF = 8_550_000;
const SERVICE = 500_000;

afterAll(async () => {
  await shop.close();
  await theirShop.close();
});

const AT_ONE_TIME = inMinutes(5);
const path = (id: string) => `/v1/promotions/${id}`;
const codesPath = (id: string) => `${path(id)}/codes`;
const patch = (id: string, body: unknown) => asOrganizer("PATCH", path(id), { body });
const remove = (id: string) => asOrganizer("DELETE", path(id));
const fixed = (inCents: number, per: "order" | "unit" = "unit") => {
  return { type: "fixed", amount_in_cents: inCents, per };
};
const percentage = (basisPoints: number) => ({ type: "percentage", basis_points: basisPoints });
/** Codes are the organizer's, whatever the event: each test has its own. */
const newCode = () => `C${crypto.randomUUID().slice(0, 12).toUpperCase()}`;

async function stored(id: string): Promise<unknown> {
  const { rows } = await database.query("SELECT * FROM promotions WHERE id = $1", [id]);
  return rows[0];
}

async function onSale(...units: number[]) {
  const event = await shop.publishEvent(units.map((count) => ({ units: count })));
  const [areaId = "", otherId = ""] = event.areaIds;
  return { event, areaId, otherId };
}

const some = (areaId: string, quantity = 1) => [{ area_id: areaId, quantity }];
const statusesOf = (answers: readonly { status: number }[]) =>
  answers.map(({ status }) => status).toSorted((left, right) => left - right);

async function makeCodes(id: string, quantity: number): Promise<string[]> {
  const answer = await asOrganizer("POST", codesPath(id), { body: { quantity } });
  expect(answer.status).toBe(201);
  return z.object({ codes: z.array(z.string()) }).parse(answer.body).codes;
}

describe("a promotion", () => {
  test("is created, read, changed and taken away", async () => {
    const event = await shop.draftEvent([{ units: 1 }]);
    const code = newCode();
    const created = await pricing.postPromotion({
      name: " Amigos ",
      code: ` ${code.toLowerCase()} `,
      discount: percentage(1_234),
      discount_in_cents_max: 1_000_050,
      units_min: 2,
      uses_max: 10,
      uses_per_buyer_max: 1,
      starts_at: "2030-01-01T00:00:00-05:00",
      ends_at: "2030-02-01T00:00:00Z",
      area_id: event.areaIds[0]?.toUpperCase(),
    });
    expect(created).toMatchObject({
      status: 201,
      body: {
        name: "Amigos",
        code,
        code_prefix: null,
        discount: percentage(1_234),
        discount_in_cents_max: 1_000_050,
        units_min: 2,
        uses_max: 10,
        uses_per_buyer_max: 1,
        starts_at: "2030-01-01T05:00:00.000Z",
        ends_at: "2030-02-01T00:00:00.000Z",
        event_id: null,
        area_id: event.areaIds[0],
      },
    });
    const { id } = z.looseObject({ id: z.string() }).parse(created.body);
    expect(await stored(id)).toMatchObject({
      discount_value: "12.34",
      max_discount_amount: "10000.50",
    });
    expect((await asOrganizer("GET", path(id))).body).toEqual(created.body);

    const changes = {
      discount: fixed(250_050, "order"),
      discount_in_cents_max: null,
      uses_max: null,
      ends_at: null,
    };
    const changed = await patch(id, changes);
    expect(changed).toMatchObject({
      status: 200,
      body: { ...z.looseObject({}).parse(created.body), ...changes },
    });
    expect(await stored(id)).toMatchObject({ discount_value: "2500.50", version: 2 });

    expect((await remove(id)).status).toBe(204);
    expectProblem(await remove(id), 404, "promotion_not_found");
    expectProblem(await asOrganizer("GET", path(id)), 404, "promotion_not_found");
    expectProblem(await patch(id, { units_min: 1 }), 404, "promotion_not_found");
    // What was sold with it still says so.
    expect(await stored(id)).toMatchObject({ id, is_active: false });
  });

  test("needs a name and a discount only, and is listed with the others, newest first", async () => {
    const token = await signInAs(shop, "owner");
    const theirs = (method: string, route: string, body?: unknown) =>
      call(method, route, { token, body });
    const ids: string[] = [];
    for (const name of ["A", "B", "C"]) {
      const answer = await theirs("POST", "/v1/promotions", { name, discount: fixed(1) });
      expect(answer).toMatchObject({
        status: 201,
        body: {
          code: null,
          code_prefix: null,
          discount_in_cents_max: null,
          units_min: 1,
          uses_max: null,
          uses_per_buyer_max: null,
          starts_at: null,
          ends_at: null,
          event_id: null,
          area_id: null,
        },
      });
      ids.unshift(z.looseObject({ id: z.string() }).parse(answer.body).id);
    }
    const listed: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = cursor === "" ? "?limit=2" : `?limit=2&cursor=${cursor}`;
      const page = z
        .object({
          promotions: z.array(z.looseObject({ id: z.string() })),
          next_cursor: z.string().nullable(),
        })
        .parse((await theirs("GET", `/v1/promotions${query}`)).body);
      listed.push(...page.promotions.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(listed).toEqual(ids);
    expectInvalid(await theirs("GET", "/v1/promotions?cursor=none"), "query.cursor");
  });

  test.each([
    ["body.name", { name: " " }],
    ["body.name", { name: "x".repeat(121) }],
    ["body.code", { code: "AB" }],
    ["body.code", { code: "x".repeat(41) }],
    ["body.code", { code: "DOS PALABRAS" }],
    ["body.code", { code: "ÑANDÚ" }],
    ["body.discount.type", { discount: { type: "half" } }],
    ["body.discount", { discount: 1_000 }],
    ["body.discount.basis_points", { discount: percentage(0) }],
    ["body.discount.basis_points", { discount: percentage(10_001) }],
    ["body.discount.basis_points", { discount: percentage(0.5) }],
    ["body.discount.amount_in_cents", { discount: fixed(0) }],
    ["body.discount.amount_in_cents", { discount: fixed(-1) }],
    ["body.discount.amount_in_cents", { discount: fixed(10_000_000_001) }],
    ["body.discount.per", { discount: { type: "fixed", amount_in_cents: 1 } }],
    ["body.discount_in_cents_max", { discount_in_cents_max: 0 }],
    ["body.discount_in_cents_max", { discount: fixed(1), discount_in_cents_max: 1 }],
    ["body.units_min", { units_min: 0 }],
    ["body.units_min", { units_min: 251 }],
    ["body.uses_max", { uses_max: 0 }],
    ["body.uses_max", { uses_max: 1_000_001 }],
    ["body.uses_per_buyer_max", { uses_per_buyer_max: 1.5 }],
    ["body.starts_at", { starts_at: "mañana" }],
    ["body.starts_at", { starts_at: "2030-02-30T00:00:00Z" }],
    ["body.ends_at", { starts_at: AT_ONE_TIME, ends_at: AT_ONE_TIME }],
    ["body.price", { price: 1 }],
  ])("with a bad %s is neither created nor changed (%#)", async (field, change) => {
    const event = await shop.draftEvent([{ units: 1 }]);
    const id = await pricing.promotion({ event_id: event.eventId, code: newCode() });
    const before = await stored(id);
    const body = { name: "Amigos", discount: percentage(1_000), code: newCode(), ...change };
    expectInvalid(await pricing.postPromotion(body), field);
    expectInvalid(await patch(id, change), field);
    expect(await stored(id)).toEqual(before);
  });

  test.each([
    ["body.code", { code: "AMIGOS1", code_prefix: "AMIGOS-" }],
    ["body.code_prefix", { code_prefix: "V" }],
    ["body.uses_per_buyer_max", { uses_per_buyer_max: 1 }],
    ["body.area_id", { event_id: UNKNOWN_ID, area_id: UNKNOWN_ID }],
    ["body.event_id", { event_id: "1" }],
  ])("is refused for %s when its parts do not go together (%#)", async (field, parts) => {
    const body = { name: "Amigos", discount: percentage(1_000), ...parts };
    expectInvalid(await pricing.postPromotion(body), field);
  });

  test.each([
    ["body", {}],
    ["body.event_id", { event_id: null }],
    ["body.code_prefix", { code_prefix: "OTRO-" }],
    ["body.ends_at", { ends_at: inMinutes(4) }],
    ["body.discount_in_cents_max", { discount: fixed(1) }],
    ["body.uses_per_buyer_max", { code: null }],
  ])("keeps what it is for, and stays whole (%s, %#)", async (field, change) => {
    const event = await shop.draftEvent([{ units: 1 }]);
    const id = await pricing.promotion({
      event_id: event.eventId,
      code: newCode(),
      starts_at: inMinutes(5),
      discount_in_cents_max: 5,
      uses_per_buyer_max: 1,
    });
    const before = await stored(id);
    expectInvalid(await patch(id, change), field);
    expect(await stored(id)).toEqual(before);
  });

  test("is one of three hundred at most", async () => {
    const token = await signInAs(shop, "owner");
    const post = () =>
      call("POST", "/v1/promotions", { token, body: { name: "Otra", discount: fixed(1) } });
    const { id } = z.looseObject({ id: z.string() }).parse((await post()).body);
    await database.query(
      `INSERT INTO promotions (profile_id, promotion_name, discount_type, discount_value, applies_to)
       SELECT profile_id, 'Otra', 'fixed', 1, 'cluster' FROM promotions, generate_series(1, 298) WHERE id = $1`,
      [id],
    );
    const answers = await Promise.all([post(), post(), post()]);
    expect(statusesOf(answers)).toEqual([201, 409, 409]);
    const refused = answers.find(({ status }) => status === 409);
    if (refused !== undefined) expectProblem(refused, 409, "promotions_too_many");
    expect((await call("DELETE", path(id), { token })).status).toBe(204);
    expect((await post()).status).toBe(201);
  });

  test.each(badBodies)("is not $what", async ({ body, headers = {}, status, code }) => {
    expectProblem(await asOrganizer("POST", "/v1/promotions", { body, headers }), status, code);
    for (const [method, route] of [
      ["PATCH", path(UNKNOWN_ID)],
      ["POST", codesPath(UNKNOWN_ID)],
    ] as const)
      expectProblem(await asOrganizer(method, route, { body, headers }), status, code);
  });
});

describe("a code", () => {
  const taken = (body: object) =>
    pricing.postPromotion({ name: "Otra", discount: percentage(1_000), ...body });

  test("means one promotion of an organizer, in any case, until it is taken away", async () => {
    const code = newCode();
    const id = await pricing.promotion({ code });
    expectProblem(await taken({ code: code.toLowerCase() }), 409, "promotion_code_taken");
    const other = await pricing.promotion({ code: newCode() });
    expectProblem(await patch(other, { code }), 409, "promotion_code_taken");
    // What is somebody's own may be somebody else's too.
    expect(
      (await theirPricing.postPromotion({ name: "Suya", discount: fixed(1), code })).status,
    ).toBe(201);
    await remove(id);
    expect((await patch(other, { code })).status).toBe(200);
    await remove(other);
  });

  test("does not begin with the prefix of one-use codes, nor a prefix with another", async () => {
    const prefix = newCode().slice(0, 10);
    const id = await pricing.promotion({ code_prefix: prefix });
    for (const body of [
      { code: `${prefix}X` },
      { code: prefix },
      { code_prefix: prefix },
      { code_prefix: `${prefix}A-` },
      { code_prefix: prefix.slice(0, 9) },
    ])
      expectProblem(await taken(body), 409, "promotion_code_taken");
    await remove(id);
  });

  test("that many want at once is given to one", async () => {
    const code = newCode();
    const answers = await Promise.all(Array.from({ length: 6 }, () => taken({ code })));
    expect(statusesOf(answers)).toEqual([201, 409, 409, 409, 409, 409]);
    const ids = answers.flatMap(({ body }) => {
      const { success, data } = z.looseObject({ id: z.string() }).safeParse(body);
      return success ? [data.id] : [];
    });
    await Promise.all(ids.map(remove));
  });
});

describe("whose a promotion is", () => {
  const routes: [string, string][] = [
    ["GET", "/v1/promotions"],
    ["POST", "/v1/promotions"],
    ["GET", path(UNKNOWN_ID)],
    ["PATCH", path(UNKNOWN_ID)],
    ["DELETE", path(UNKNOWN_ID)],
    ["GET", codesPath(UNKNOWN_ID)],
    ["POST", codesPath(UNKNOWN_ID)],
  ];
  let event: EventOnSale;
  let id = "";
  beforeAll(async () => {
    event = await shop.draftEvent([{ units: 1 }]);
    id = await pricing.promotion({ event_id: event.eventId, code_prefix: newCode() });
    await makeCodes(id, 2);
  });

  test.each(routes)("%s %s needs a session", async (method, route) => {
    expectProblem(await call(method, route), 401, "session_required");
    expectProblem(await call(method, route, { token: "x".repeat(43) }), 401, "session_invalid");
  });

  test("a gate sees none, finance changes none", async () => {
    const [gate, finance] = [
      await signInAs(shop, "gate", event.areaIds[0]),
      await signInAs(shop, "finance", event.areaIds[0]),
    ];
    for (const [method, route] of routes)
      expectProblem(await call(method, route, { token: gate }), 403, "role_not_allowed");
    for (const route of ["/v1/promotions", path(id), codesPath(id)])
      expect((await call("GET", route, { token: finance })).status).toBe(200);
    for (const [method, route] of routes.filter(([verb]) => verb !== "GET"))
      expectProblem(await call(method, route, { token: finance }), 403, "role_not_allowed");
  });

  test("another organizer finds none, and changes nothing", async () => {
    const before = await stored(id);
    const token = inject("otherOrganizerToken");
    const theirs = (method: string, route: string, body?: unknown) =>
      call(method, route, { token, body });
    expectProblem(await theirs("GET", path(id)), 404, "promotion_not_found");
    expectProblem(await theirs("PATCH", path(id), { name: "Mía" }), 404, "promotion_not_found");
    expectProblem(await theirs("DELETE", path(id)), 404, "promotion_not_found");
    expectProblem(await theirs("GET", codesPath(id)), 404, "promotion_not_found");
    expectProblem(await theirs("POST", codesPath(id), { quantity: 1 }), 404, "promotion_not_found");
    const { body } = await theirs("GET", "/v1/promotions?limit=100");
    expect(JSON.stringify(body)).not.toContain(id);
    expect(await stored(id)).toEqual(before);
    const { rows } = await database.query("SELECT FROM promotion_codes WHERE promotion_id = $1", [
      id,
    ]);
    expect(rows).toHaveLength(2);
  });

  test("it is for events and areas of its own organizer", async () => {
    const theirs = await theirShop.draftEvent([{ units: 1 }]);
    const body = { name: "Amigos", discount: percentage(1_000) };
    for (const eventId of [theirs.eventId, UNKNOWN_ID])
      expectProblem(
        await pricing.postPromotion({ ...body, event_id: eventId }),
        404,
        "event_not_found",
      );
    for (const areaId of [theirs.areaIds[0], UNKNOWN_ID])
      expectProblem(
        await pricing.postPromotion({ ...body, area_id: areaId }),
        404,
        "area_not_found",
      );
  });
});

describe("the discount of a hold", () => {
  test("in percent comes off what its code is brought to, in any case, and stands with each unit", async () => {
    const { event, areaId } = await onSale(9);
    const code = newCode();
    const id = await pricing.promotion({ event_id: event.eventId, code });
    expect(await pricing.priceOfOne(event, areaId)).toBe(PRICE);
    const held = await pricing.hold(event, some(areaId, 2), { code: ` ${code.toLowerCase()} ` });
    expect(held.units).toMatchObject(
      [0, 1].map(() => ({
        price_in_cents: TENTH_OFF,
        base_price_in_cents: PRICE,
        discount_in_cents: PRICE - TENTH_OFF,
        service_in_cents: SERVICE,
        promotion_id: id,
      })),
    );
    expect(held.total_in_cents).toBe(2 * (TENTH_OFF + SERVICE));
    const paid = await pricing.pay(held, newEmail());
    const ticket = { price: "85500.00", service: "5000.00", stage: null, promotion: id };
    expect(paid).toEqual({ status: "settled", tickets: [ticket, ticket] });
    expect(await shop.payments(held.id)).toMatchObject([{ amount: "181000.00" }]);
  });

  test("in percent ends at its most, all areas of the order together", async () => {
    const { event, areaId, otherId } = await onSale(9, 9);
    const code = newCode();
    const limits = { discount: percentage(1_000), discount_in_cents_max: 1_000_001 };
    await pricing.promotion({ event_id: event.eventId, code, ...limits });
    const both = [...some(areaId), ...some(otherId)];
    const held = await pricing.hold(event, both, { code });
    expect(held.total_in_cents).toBe(2 * (PRICE + SERVICE) - 1_000_001);
    const discounts = held.units.map((unit) => unit.discount_in_cents);
    expect(discounts.toSorted((left, right) => (left ?? 0) - (right ?? 0))).toEqual([
      50_001, 950_000,
    ]);
  });

  test("fixed per unit is that for each, and never more than a unit costs", async () => {
    const { event, areaId } = await onSale(9);
    const [code, large] = [newCode(), newCode()];
    await pricing.promotion({ event_id: event.eventId, code, discount: fixed(100_001) });
    const all = { discount: fixed(PRICE + 1) };
    await pricing.promotion({ event_id: event.eventId, code: large, ...all });
    const held = await pricing.hold(event, some(areaId, 3), { code });
    expect(held.total_in_cents).toBe(3 * (PRICE + SERVICE - 100_001));
    const free = await pricing.hold(event, some(areaId, 2), { code: large });
    expect(free.total_in_cents).toBe(2 * SERVICE);
    expect(free.units.map((unit) => unit.price_in_cents)).toEqual([0, 0]);
  });

  test("fixed per order is given once, to the cent, over units and areas", async () => {
    const { event, areaId, otherId } = await onSale(9, 9);
    const code = newCode();
    const discount = fixed(1_000_000, "order");
    const id = await pricing.promotion({ event_id: event.eventId, code, discount });
    const held = await pricing.hold(event, [...some(areaId, 3), ...some(otherId, 2)], { code });
    expect(held.total_in_cents).toBe(5 * (PRICE + SERVICE) - 1_000_000);
    const discounts = held.units.flatMap((unit) => unit.discount_in_cents ?? []);
    expect(discounts.reduce((sum, each) => sum + each, 0)).toBe(1_000_000);
    expect(held.units.map((unit) => unit.promotion_id)).toEqual([id, id, id, id, id]);
  });

  test("of one area and of the event apply side by side, whichever area is held first", async () => {
    const { event, areaId, otherId } = await onSale(9, 9);
    for (const [own, other] of [
      [areaId, otherId],
      [otherId, areaId],
    ] as const) {
      const ownPromotion = await pricing.promotion({ area_id: own });
      const discount = fixed(1_000_000, "order");
      const ofEvent = await pricing.promotion({ event_id: event.eventId, discount });
      const both = [...some(own), ...some(other)];
      const held = await pricing.hold(event, both);
      expect(held.total_in_cents).toBe(TENTH_OFF + SERVICE + PRICE + SERVICE - 1_000_000);
      expect((await pricing.quote(event, both)).total_in_cents).toBe(held.total_in_cents);
      await Promise.all([ownPromotion, ofEvent].map(remove));
    }
  });

  test("comes on top of a stage, from the price it leaves", async () => {
    const { event, areaId } = await onSale(9);
    const stage = await pricing.stage(event.eventId);
    const code = newCode();
    const id = await pricing.promotion({ event_id: event.eventId, code });
    const { units } = await pricing.hold(event, some(areaId), { code });
    expect(units).toMatchObject([
      {
        base_price_in_cents: PRICE,
        price_in_cents: 6_840_000,
        discount_in_cents: 760_000,
        stage_id: stage,
        promotion_id: id,
      },
    ]);
  });

  test("is for orders of at least so many units, over all areas", async () => {
    const { event, areaId, otherId } = await onSale(9, 9);
    const code = newCode();
    await pricing.promotion({ event_id: event.eventId, code, units_min: 3 });
    const refused = await pricing.place(event, some(areaId, 2), { code });
    expectProblem(refused, 422, "promotion_not_applicable");
    expect(refused.body).toMatchObject({ reason: "too_few_units", area_id: areaId });
    const held = await pricing.hold(event, [...some(areaId, 2), ...some(otherId)], { code });
    expect(held.total_in_cents).toBe(3 * (TENTH_OFF + SERVICE));
    await shop.unitsBecome(areaId, "rraaaaaaa");
  });

  test("begins and ends with the promotion, by itself", async () => {
    const { event, areaId } = await onSale(60);
    const [soon, now] = [newCode(), newCode()];
    await pricing.promotion({ event_id: event.eventId, code: soon, starts_at: inMinutes(1 / 20) });
    await pricing.promotion({ event_id: event.eventId, code: now, ends_at: inMinutes(1 / 10) });
    expect(await pricing.priceOfOne(event, areaId, { code: now })).toBe(TENTH_OFF);
    expect((await pricing.place(event, some(areaId), { code: soon })).body).toMatchObject({
      code: "promotion_not_applicable",
      reason: "not_yet",
    });
    const reason = (code: string) => pricing.reasonFor(event, some(areaId), code);
    await expect.poll(() => reason(soon), { timeout: 12_000 }).toBeNull();
    await expect.poll(() => reason(now), { timeout: 12_000 }).toBe("over");
    // Nor does it become unknown when the area hears of something else.
    await pricing.stage(event.eventId);
    expect(await reason(now)).toBe("over");
    const refused = await pricing.place(event, some(areaId), { code: now });
    expect(refused.body).toMatchObject({ code: "promotion_not_applicable", reason: "over" });
  });

  test("needs no code where the promotion has none; a code goes before it", async () => {
    const { event, areaId } = await onSale(9);
    const byItself = await pricing.promotion({ event_id: event.eventId, units_min: 2 });
    const code = newCode();
    const coded = await pricing.promotion({
      event_id: event.eventId,
      code,
      discount: percentage(500),
    });
    const promotionOf = async (quantity: number, order = {}) =>
      (await pricing.hold(event, some(areaId, quantity), order)).units[0]?.promotion_id;
    expect(await promotionOf(1)).toBeUndefined();
    expect(await promotionOf(2)).toBe(byItself);
    expect(await promotionOf(2, { code })).toBe(coded);
  });
});

describe("what a promotion is for", () => {
  test("one area: at the others of its event the code is said to be for another one", async () => {
    const { event, areaId, otherId } = await onSale(9, 9);
    const code = newCode();
    const id = await pricing.promotion({ area_id: otherId, code });
    expect(await pricing.priceOfOne(event, otherId, { code })).toBe(TENTH_OFF);
    for (const items of [some(areaId), [...some(areaId), ...some(otherId)]]) {
      const refused = await pricing.place(event, items, { code });
      expectProblem(refused, 422, "promotion_not_applicable");
      expect(refused.body).toMatchObject({ reason: "other_area", area_id: areaId });
    }
    await remove(id);
    expect((await pricing.place(event, some(areaId), { code })).body).toMatchObject({
      reason: "unknown",
    });
    await shop.unitsBecome(areaId, "aaaaaaaaa");
  });

  test("one event: it is unknown at others", async () => {
    const [{ event, areaId }, other] = await Promise.all([onSale(9), onSale(9)]);
    const code = newCode();
    await pricing.promotion({ event_id: event.eventId, code });
    expect(await pricing.priceOfOne(event, areaId, { code })).toBe(TENTH_OFF);
    expect((await pricing.place(other.event, some(other.areaId), { code })).body).toMatchObject({
      code: "promotion_not_applicable",
      reason: "unknown",
    });
  });

  test("all events of the organizer, those that come later too, and nobody else's", async () => {
    const { event, areaId } = await onSale(9);
    const code = newCode();
    const id = await pricing.promotion({ code, uses_max: 3 });
    const later = await onSale(9);
    expect(await pricing.priceOfOne(event, areaId, { code })).toBe(TENTH_OFF);
    expect(await pricing.priceOfOne(later.event, later.areaId, { code })).toBe(TENTH_OFF);
    const theirs = await theirShop.publishEvent([{ units: 9 }]);
    expect(
      (await pricing.place(theirs, some(theirs.areaIds[0] ?? ""), { code })).body,
    ).toMatchObject({ reason: "unknown" });
    // Its uses are counted over all of them.
    expect(await pricing.priceOfOne(event, areaId, { code })).toBe(TENTH_OFF);
    expectProblem(
      await pricing.place(later.event, some(later.areaId), { code }),
      409,
      "promotion_used_up",
    );
    await remove(id);
  });
});

describe("a change of a promotion", () => {
  test("holds before the organizer is answered, and not for who held before", async () => {
    const { event, areaId } = await onSale(9);
    const code = newCode();
    const id = await pricing.promotion({ event_id: event.eventId, code });
    const early = await pricing.hold(event, some(areaId), { code });
    await patch(id, { discount: percentage(5_000) });
    expect(await pricing.priceOfOne(event, areaId, { code })).toBe(PRICE / 2);
    const renamed = newCode();
    await patch(id, { code: renamed });
    expect(await pricing.reasonFor(event, some(areaId), code)).toBe("unknown");
    expect(await pricing.priceOfOne(event, areaId, { code: renamed })).toBe(PRICE / 2);
    await remove(id);
    expect(await pricing.reasonFor(event, some(areaId), renamed)).toBe("unknown");
    const read = await shop.asBuyer(early.token, "GET", `/v1/reservations/${early.id}`);
    expect(read.body).toMatchObject({ total_in_cents: TENTH_OFF + SERVICE, status: "held" });
    expect((await pricing.pay(early, newEmail())).status).toBe("settled");
  });

  test("is after many at once the one that Postgres has", async () => {
    const { event, areaId } = await onSale(9);
    const code = newCode();
    const id = await pricing.promotion({ event_id: event.eventId, code });
    for (let round = 1; round <= 3; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, index) =>
          patch(id, { discount: fixed(100 * round + index) }),
        ),
      );
      expect(statusesOf(answers)).toEqual([200, 200, 200, 200, 200, 200]);
      const { discount } = z
        .looseObject({ discount: z.looseObject({ amount_in_cents: z.number() }) })
        .parse((await asOrganizer("GET", path(id))).body);
      const price = await pricing.priceOfOne(event, areaId, { code });
      expect(price).toBe(PRICE - discount.amount_in_cents);
    }
  });
});

describe("the uses of a promotion", () => {
  const BUYERS = 30;
  const USES = 7;

  test.each(["area", "event", "organizer"])(
    "of one %s are never more than there are, however many come at once, and come back",
    async (target) => {
      const { event, areaId, otherId } = await onSale(40, 40);
      const code = newCode();
      const id = await pricing.promotion({
        code,
        uses_max: USES,
        ...(target === "area" && { area_id: areaId }),
        ...(target === "event" && { event_id: event.eventId }),
      });
      const areaOf = (index: number) => (target === "area" || index % 2 === 0 ? areaId : otherId);
      const answers = await Promise.all(
        Array.from({ length: BUYERS }, (_, index) =>
          pricing.place(event, some(areaOf(index)), { code }),
        ),
      );
      const held = answers.filter(({ status }) => status === 201);
      expect(held).toHaveLength(USES);
      for (const refused of answers.filter(({ status }) => status !== 201)) {
        expectProblem(refused, 409, "promotion_used_up");
        expect(refused.body).toMatchObject({ left: 0, may_retry: true });
      }
      // Nothing stays held by who was refused.
      const states = `${"r".repeat(USES)}${"a".repeat(40 - USES)}`;
      if (target === "area") await shop.unitsBecome(areaId, states);

      expect(await pricing.reasonFor(event, some(areaId), code)).toBe("used_up");
      const [first] = held;
      const { id: reservationId, token } = z
        .looseObject({ id: z.string(), token: z.string() })
        .parse(first?.body);
      await shop.asBuyer(token, "DELETE", `/v1/reservations/${reservationId}`);
      // One came back: it is one buyer's again.
      const again = await Promise.all(
        [0, 1, 2].map((index) => pricing.place(event, some(areaOf(index)), { code })),
      );
      expect(statusesOf(again)).toEqual([201, 409, 409]);
      await remove(id);
    },
  );

  test("without a code give way to the next promotion, and refuse nobody", async () => {
    const { event, areaId } = await onSale(20);
    const first = await pricing.promotion({ event_id: event.eventId, uses_max: 2 });
    const second = await pricing.promotion({
      event_id: event.eventId,
      uses_max: 3,
      discount: percentage(500),
    });
    const held = await Promise.all(
      Array.from({ length: 8 }, () => pricing.hold(event, some(areaId))),
    );
    const promotions = held.map(({ units }) => units[0]?.promotion_id);
    const countOf = (id: string | undefined) => promotions.filter((each) => each === id).length;
    expect([countOf(first), countOf(second), countOf(undefined)]).toEqual([2, 3, 3]);
  });

  test("are taken once by a request that is sent many times at once", async () => {
    const { event, areaId } = await onSale(20);
    const code = newCode();
    await pricing.promotion({ event_id: event.eventId, code, uses_max: 2 });
    const order = { code, key: crypto.randomUUID() };
    const held = await Promise.all(
      Array.from({ length: 6 }, () => pricing.hold(event, some(areaId), order)),
    );
    expect(new Set(held.map(({ id }) => id)).size).toBe(1);
    const other = await pricing.place(event, some(areaId), { code });
    expect(other.status).toBe(201);
    expectProblem(await pricing.place(event, some(areaId), { code }), 409, "promotion_used_up");
    expectProblem(
      await pricing.place(event, some(areaId), { ...order, code: newCode() }),
      422,
      "command_reused",
    );
  });

  test("of an order over two areas are one", async () => {
    const { event, areaId, otherId } = await onSale(9, 9);
    const code = newCode();
    await pricing.promotion({ event_id: event.eventId, code, uses_max: 2 });
    const both = [...some(areaId), ...some(otherId)];
    const answers = [];
    for (let order = 0; order < 3; order += 1)
      answers.push(await pricing.place(event, both, { code }));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 409]);
  });

  test("grow and shrink at once, and never take back what was held", async () => {
    const { event, areaId } = await onSale(9);
    const code = newCode();
    const id = await pricing.promotion({ event_id: event.eventId, code, uses_max: 1 });
    const status = async () => (await pricing.place(event, some(areaId), { code })).status;
    expect([await status(), await status()]).toEqual([201, 409]);
    await patch(id, { uses_max: 2 });
    expect([await status(), await status()]).toEqual([201, 409]);
    await patch(id, { uses_max: 1 });
    expect(await status()).toBe(409);
    await patch(id, { uses_max: null });
    expect(await status()).toBe(201);
  });

  test("are not sold once more to who pays late: the money goes back", async () => {
    const { event, areaId } = await onSale(9);
    const code = newCode();
    await pricing.promotion({ event_id: event.eventId, code, uses_max: 1 });
    const late = await pricing.hold(event, some(areaId), { code });
    const payment = await shop.startPayment(late, newEmail());
    await pricing.release(late);
    const early = await pricing.hold(event, some(areaId), { code });
    await shop.payAtCheckout(payment.checkout_url, { outcome: "approve" });
    const statuses = ["pending", "approved", "refund_due"];
    expect(await shop.paymentBeyond(payment, late, statuses)).toBe("refunded");
    expect((await pricing.pay(early, newEmail())).status).toBe("settled");
  });
});

describe("the uses of one buyer", () => {
  const buyer = (documentNumber: string) => ({
    full_name: "Ana María Rojas",
    email: newEmail(),
    phone: "3001234567",
    document_type: "CC",
    document_number: documentNumber,
  });
  const newDocument = () => String(1_000_000_000 + Math.floor(Math.random() * 1_000_000_000));

  test.each(["area", "event"])(
    "of an %s are counted from the payment on, by the document",
    async (target) => {
      const { event, areaId } = await onSale(9);
      const code = newCode();
      await pricing.promotion({
        code,
        uses_per_buyer_max: 1,
        ...(target === "area" ? { area_id: areaId } : { event_id: event.eventId }),
      });
      const startPayment = async (documentNumber: string) => {
        const { token } = await pricing.hold(event, some(areaId), { code });
        return shop.asBuyer(token, "POST", "/v1/payments", {
          body: { gateway: "wompi", buyer: buyer(documentNumber) },
        });
      };
      const document = newDocument();
      expect((await startPayment(document)).status).toBe(201);
      const dotted = document.replace(/(\d)(\d{3})$/, "$1-$2");
      for (const again of [document, dotted]) {
        const refused = await startPayment(again);
        expectProblem(refused, 409, "limit_reached");
        expect(refused.body).toMatchObject({ limit: "buyer", max: 1, left: 0 });
      }
      expect((await startPayment(newDocument())).status).toBe(201);
    },
  );
});

describe("one-use codes", () => {
  test("are unique, long, listed in order, and serve one order each, in any case", async () => {
    const { event, areaId } = await onSale(20);
    const prefix = `${newCode().slice(0, 9)}-`;
    const id = await pricing.promotion({ event_id: event.eventId, code_prefix: prefix });
    const codes = [...(await makeCodes(id, 30)), ...(await makeCodes(id, 20))];
    expect(new Set(codes).size).toBe(50);
    // 13 characters of 32: 65 bits.
    for (const code of codes) expect(code.slice(prefix.length)).toMatch(/^[2-9A-HJ-NP-Z]{13}$/);
    const listed: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = cursor === "" ? "?limit=20" : `?limit=20&cursor=${cursor}`;
      const page = z
        .object({ codes: z.array(z.string()), next_cursor: z.string().nullable() })
        .parse((await asOrganizer("GET", `${codesPath(id)}${query}`)).body);
      listed.push(...page.codes);
      cursor = page.next_cursor;
    }
    expect(listed).toEqual(codes.toSorted());

    const [first = "", second = ""] = codes;
    const crowd = await Promise.all(
      Array.from({ length: 10 }, () =>
        pricing.place(event, some(areaId), { code: first.toLowerCase() }),
      ),
    );
    expect(statusesOf(crowd)).toEqual([201, 409, 409, 409, 409, 409, 409, 409, 409, 409]);
    expect(await pricing.reasonFor(event, some(areaId), first)).toBe("used_up");
    const held = await pricing.hold(event, some(areaId), { code: second });
    expect(held.units[0]).toMatchObject({ price_in_cents: TENTH_OFF, promotion_id: id });
    await pricing.release(held);
    expect(await pricing.priceOfOne(event, areaId, { code: second })).toBe(TENTH_OFF);
    for (const wrong of [prefix, `${prefix}${"2".repeat(13)}`, first.slice(0, -1)])
      expect(await pricing.reasonFor(event, some(areaId), wrong)).toBe("unknown");
  });

  test("of a draft's promotion work once the event is on sale", async () => {
    const event = await shop.draftEvent([{ units: 9 }]);
    const prefix = `${newCode().slice(0, 9)}-`;
    const id = await pricing.promotion({ event_id: event.eventId, code_prefix: prefix });
    const [code = ""] = await makeCodes(id, 1);
    await asOrganizer("POST", `/v1/events/${event.eventId}/publish`);
    expect(await pricing.priceOfOne(event, event.areaIds[0] ?? "", { code })).toBe(TENTH_OFF);
  });

  test("are made for promotions with a prefix, ten thousand at most at a time", async () => {
    const id = await pricing.promotion({ code: newCode() });
    const body = { quantity: 1 };
    expectProblem(
      await asOrganizer("POST", codesPath(id), { body }),
      409,
      "promotion_without_codes",
    );
    await remove(id);
    expectProblem(await asOrganizer("POST", codesPath(id), { body }), 404, "promotion_not_found");
    for (const quantity of [0, -1, 1.5, 10_001, "1"])
      expectInvalid(
        await asOrganizer("POST", codesPath(id), { body: { quantity } }),
        "body.quantity",
      );
  });
});

describe("one-use codes asked for again with the same key", () => {
  const ask = (id: string, quantity: number, key: string) =>
    asOrganizer("POST", codesPath(id), {
      body: { quantity },
      headers: { "idempotency-key": key },
    });
  const listed = async (id: string) =>
    z
      .object({ codes: z.array(z.string()) })
      .parse((await asOrganizer("GET", `${codesPath(id)}?limit=100`)).body).codes;

  test("are the ones of the first call, which still work, and nothing more is made", async () => {
    const { event, areaId } = await onSale(9);
    const id = await pricing.promotion({ event_id: event.eventId, code_prefix: newCode() });
    const key = crypto.randomUUID();
    const first = await ask(id, 5, key);
    expect(first.status).toBe(201);
    const { codes } = z.object({ codes: z.array(z.string()) }).parse(first.body);
    expect(codes).toHaveLength(5);
    expect(await ask(id, 5, key)).toMatchObject({ status: 201, body: { codes } });
    expect(await listed(id)).toEqual(codes);
    expect((await pricing.place(event, some(areaId), { code: codes[4] ?? "" })).status).toBe(201);
    expect(await ask(id, 5, key)).toMatchObject({ status: 201, body: { codes } });

    const other = await ask(id, 5, crypto.randomUUID());
    expect(z.object({ codes: z.array(z.string()) }).parse(other.body).codes).not.toEqual(codes);
    expect(await listed(id)).toHaveLength(10);
  });

  test("are made once by a call that is sent many times at once", async () => {
    const id = await pricing.promotion({ code_prefix: newCode() });
    const key = crypto.randomUUID();
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(id, 3, key)));
    expect(statusesOf(answers)).toEqual([201, 201, 201, 201, 201, 201]);
    const codes = await listed(id);
    expect(codes).toHaveLength(3);
    for (const { body } of answers) expect(body).toEqual({ codes });
    await remove(id);
  });

  test("are refused for another quantity, and keys are each promotion's own", async () => {
    const [id, otherId] = [
      await pricing.promotion({ code_prefix: newCode() }),
      await pricing.promotion({ code_prefix: newCode() }),
    ];
    const key = crypto.randomUUID();
    expect((await ask(id, 2, key)).status).toBe(201);
    expectProblem(await ask(id, 3, key), 422, "command_reused");
    expect(await listed(id)).toHaveLength(2);
    expect((await ask(otherId, 3, key)).status).toBe(201);
    expectProblem(await ask(id, 2, "short"), 400, "idempotency_key_invalid");
    await Promise.all([id, otherId].map(remove));
  });
});

describe("guessing codes", () => {
  const WRONG_MAX = 30;
  /** A code of an event, and an order it applies to. */
  async function guarded() {
    const { event, areaId } = await onSale(60);
    const code = newCode();
    await pricing.promotion({ event_id: event.eventId, code });
    return { event, code, items: some(areaId) };
  }
  type Tried = "place" | "askQuote" | "validate";
  const ways: readonly Tried[] = ["place", "askQuote", "validate"];

  test.each(ways)(
    "by %s ends after thirty wrong ones: no code is tried, right or wrong",
    async (way) => {
      const { event, code, items } = await guarded();
      const address = newAddress();
      for (let wrong = 0; wrong < WRONG_MAX; wrong += 1) {
        // Right ones in between do not make up for wrong ones.
        expect((await pricing[way](event, items, { code, address })).status).toBeLessThan(300);
        const answer = await pricing[way](event, items, { code: newCode(), address });
        const reason = JSON.stringify(answer.body);
        expect(reason).toContain("unknown");
      }
      for (const other of ways) {
        for (const tried of [code, newCode()]) {
          const refused = await pricing[other](event, items, { code: tried, address });
          expectProblem(refused, 429, "promotion_codes_limited");
          const seconds = Number(refused.headers.get("retry-after"));
          expect(seconds).toBeGreaterThan(500);
          expect(seconds).toBeLessThanOrEqual(600);
          expect(refused.body).toMatchObject({ retry_after_seconds: seconds, may_retry: true });
        }
      }
      // Buying goes on without a code, at other events, and from elsewhere.
      expect((await pricing.place(event, items, { address })).status).toBe(201);
      const other = await guarded();
      expect(
        (await pricing.place(other.event, other.items, { code: other.code, address })).status,
      ).toBe(201);
      const elsewhere = { code, address: newAddress() };
      expect((await pricing.place(event, items, elsewhere)).status).toBe(201);
    },
  );

  test("many at once are not more than one after the other, but for those under way", async () => {
    const { event, items } = await guarded();
    const address = newAddress();
    const answers = await Promise.all(
      Array.from({ length: 150 }, () =>
        pricing.askQuote(event, items, { code: newCode(), address }),
      ),
    );
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThanOrEqual(50);
    const last = await pricing.askQuote(event, items, { code: newCode(), address });
    expectProblem(last, 429, "promotion_codes_limited");
  });

  test("counts one network of version 6 as one address", async () => {
    const { event, items } = await guarded();
    const network = newAddress().split(":").slice(0, 4).join(":");
    for (let host = 1; host <= WRONG_MAX; host += 1)
      await pricing.askQuote(event, items, { code: newCode(), address: `${network}::${host}` });
    const code = newCode();
    const same = await pricing.askQuote(event, items, { code, address: `${network}:a:b:c:d` });
    expectProblem(same, 429, "promotion_codes_limited");
    expect((await pricing.askQuote(event, items, { code, address: newAddress() })).status).toBe(
      200,
    );
  });

  test("does not count codes that were given out, whatever keeps them from applying", async () => {
    const { event, areaId, otherId } = await onSale(9, 9);
    const code = newCode();
    await pricing.promotion({ area_id: otherId, code });
    const address = newAddress();
    for (let times = 0; times <= WRONG_MAX; times += 1)
      expect((await pricing.place(event, some(areaId), { code, address })).body).toMatchObject({
        reason: "other_area",
      });
  });

  test("tells nothing of other organizers: their codes, good or over, are answered as codes of nobody", async () => {
    const { event, areaId } = await onSale(9);
    const theirs = await theirShop.publishEvent([{ units: 9 }]);
    const [good, ended, later, nobodys] = [newCode(), newCode(), newCode(), newCode()];
    await theirPricing.promotion({ event_id: theirs.eventId, code: good });
    await theirPricing.promotion({ code: ended, ends_at: inMinutes(-5) });
    await theirPricing.promotion({ code: later, starts_at: inMinutes(5) });
    const own = { site: "http://andino.localhost", code: good };
    const applied = await pricing.quote(theirs, some(theirs.areaIds[0] ?? ""), own);
    expect(applied.promotion_code).toMatchObject({ applies: true });

    const withoutTrace = (body: unknown, code: string) =>
      JSON.stringify(body, (key, value: unknown) =>
        key === "request_id" || value === code ? undefined : value,
      );
    for (const way of ways) {
      const address = newAddress();
      const answers = await Promise.all(
        [nobodys, good, ended, later].map(async (code) => {
          const { status, body } = await pricing[way](event, some(areaId), { code, address });
          return [status, withoutTrace(body, code)];
        }),
      );
      const [expected, ...others] = answers;
      expect(expected).toContainEqual(expect.stringContaining("unknown"));
      expect(others).toEqual([expected, expected, expected]);
    }
  });
});
