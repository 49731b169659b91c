// Sale stages over HTTP against a running stack: what the routes promise and refuse, and what buyers are charged.

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { auditsOf } from "../support/audit.ts";
import { type PricedReservation, inMinutes, pricingOf, signInAs } from "../support/pricing.ts";
import { badBodies, expectInvalid, expectProblem } from "../support/problems.ts";
import { type EventOnSale, newEmail } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call, asOrganizer, database } = shop;
const pricing = pricingOf(shop);
const auditing = auditsOf(shop);
const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";

/** What an area costs in this shop, without and with a fifth off. */
const PRICE = 9_500_000;
const EARLY = 7_600_000;
const SERVICE = 500_000;

afterAll(() => shop.close());

const path = (id: string) => `/v1/sale-stages/${id}`;
const patch = (id: string, body: unknown) => asOrganizer("PATCH", path(id), { body });
const remove = (id: string) => asOrganizer("DELETE", path(id));
const fixed = (inCents: number) => ({ type: "fixed", amount_in_cents: inCents });

/** Every stage and area version of an event, as Postgres has them. */
async function stored(eventId: string): Promise<unknown> {
  const { rows } = await database.query(
    `SELECT (SELECT jsonb_agg(to_jsonb(s) ORDER BY id) FROM sale_stages s WHERE cluster_id = $1) AS stages,
       (SELECT jsonb_agg(version ORDER BY id) FROM areas WHERE cluster_id = $1) AS versions`,
    [eventId],
  );
  return rows[0];
}

async function onSale(...units: number[]) {
  const event = await shop.publishEvent(units.map((count) => ({ units: count })));
  const [areaId = "", otherId = ""] = event.areaIds;
  return { event, areaId, otherId };
}

const one = (areaId: string) => [{ area_id: areaId, quantity: 1 }];
const stagesOf = (reservations: readonly PricedReservation[]) =>
  reservations.flatMap(({ units }) => units.map((unit) => unit.stage_id ?? null));

describe("a sale stage", () => {
  test("is created, read, changed and taken away", async () => {
    const event = await shop.draftEvent([{ units: 1 }]);
    const created = await pricing.postStage(event.eventId, {
      name: " Preventa ",
      adjustment: { type: "percentage", basis_points: -1_234 },
      quantity: 10,
      starts_at: "2030-01-01T00:00:00-05:00",
      ends_at: "2030-02-01T00:00:00Z",
      area_id: event.areaIds[0]?.toUpperCase(),
      priority: 3,
    });
    expect(created).toMatchObject({
      status: 201,
      body: {
        event_id: event.eventId,
        area_id: event.areaIds[0],
        name: "Preventa",
        adjustment: { type: "percentage", basis_points: -1_234 },
        quantity: 10,
        starts_at: "2030-01-01T05:00:00.000Z",
        ends_at: "2030-02-01T00:00:00.000Z",
        priority: 3,
      },
    });
    const { id } = z.looseObject({ id: z.string() }).parse(created.body);
    expect(await stored(event.eventId)).toMatchObject({
      stages: [{ price_adjustment_type: "percentage", price_adjustment_value: -12.34 }],
    });
    expect((await asOrganizer("GET", path(id))).body).toEqual(created.body);

    const changes = { adjustment: fixed(-500_050), quantity: null, ends_at: null, priority: 0 };
    const changed = await patch(id, changes);
    expect(changed).toMatchObject({
      status: 200,
      body: { ...z.looseObject({}).parse(created.body), ...changes },
    });
    expect(await stored(event.eventId)).toMatchObject({
      stages: [{ price_adjustment_type: "fixed", price_adjustment_value: -5_000.5, version: 2 }],
    });

    expect((await remove(id)).status).toBe(204);
    expectProblem(await remove(id), 404, "sale_stage_not_found");
    expectProblem(await asOrganizer("GET", path(id)), 404, "sale_stage_not_found");
    expectProblem(await patch(id, { priority: 1 }), 404, "sale_stage_not_found");
    // What was sold with it still says so.
    expect(await stored(event.eventId)).toMatchObject({ stages: [{ id, is_active: false }] });
  });

  test("needs a name and an adjustment only, and is listed in the order of turns", async () => {
    const event = await shop.draftEvent([{ units: 1 }]);
    const adjustment = { type: "percentage", basis_points: 100_000 };
    const plain = await pricing.postStage(event.eventId, { name: "A", adjustment });
    expect(plain.body).toMatchObject({
      area_id: null,
      quantity: null,
      starts_at: null,
      ends_at: null,
      priority: 0,
    });
    await pricing.stage(event.eventId, { name: "D", priority: 2 });
    await pricing.stage(event.eventId, { name: "C", priority: 1, starts_at: inMinutes(5) });
    await pricing.stage(event.eventId, { name: "B", priority: 1, ends_at: inMinutes(-5) });
    await pricing.stage(event.eventId, { name: "E", priority: 2 });
    const { body } = await asOrganizer("GET", `/v1/events/${event.eventId}/sale-stages`);
    const list = z.object({ sale_stages: z.array(z.object({ name: z.string() })) }).parse(body);
    expect(list.sale_stages.map(({ name }) => name).join("")).toBe("ABCDE");
  });

  test.each([
    ["body.name", { name: " " }],
    ["body.name", { name: "x".repeat(121) }],
    ["body.adjustment.type", { adjustment: { type: "half" } }],
    ["body.adjustment", { adjustment: -2_000 }],
    ["body.adjustment.basis_points", { adjustment: { type: "percentage", basis_points: -10_001 } }],
    ["body.adjustment.basis_points", { adjustment: { type: "percentage", basis_points: 100_001 } }],
    ["body.adjustment.basis_points", { adjustment: { type: "percentage", basis_points: 0.5 } }],
    ["body.adjustment.basis_points", { adjustment: { type: "percentage", amount_in_cents: 1 } }],
    ["body.adjustment.amount_in_cents", { adjustment: fixed(-10_000_000_001) }],
    ["body.adjustment.per", { adjustment: { ...fixed(-1), per: "unit" } }],
    ["body.quantity", { quantity: 0 }],
    ["body.quantity", { quantity: 1.5 }],
    ["body.quantity", { quantity: 1_000_001 }],
    ["body.starts_at", { starts_at: "mañana" }],
    ["body.starts_at", { starts_at: "2030-02-30T00:00:00Z" }],
    ["body.ends_at", { starts_at: inMinutes(5), ends_at: inMinutes(4) }],
    ["body.priority", { priority: -1 }],
    ["body.price", { price: 1 }],
  ])("with a bad %s is neither created nor changed (%#)", async (field, change) => {
    const event = await shop.draftEvent([{ units: 1 }]);
    const id = await pricing.stage(event.eventId);
    const before = await stored(event.eventId);
    const adjustment = fixed(-1);
    const body = { name: "Preventa", adjustment, ...change };
    expectInvalid(await pricing.postStage(event.eventId, body), field);
    expectInvalid(await patch(id, change), field);
    expect(await stored(event.eventId)).toEqual(before);
  });

  test.each([
    ["body", {}],
    ["body.area_id", { area_id: null }],
    ["body.ends_at", { ends_at: inMinutes(4) }],
  ])("keeps its areas, and ends after it starts (%s, %#)", async (field, change) => {
    const event = await shop.draftEvent([{ units: 1 }]);
    const id = await pricing.stage(event.eventId, { starts_at: inMinutes(5) });
    const before = await stored(event.eventId);
    expectInvalid(await patch(id, change), field);
    expect(await stored(event.eventId)).toEqual(before);
  });

  test("cannot be made to end before it starts by two changes at once", async () => {
    const event = await shop.draftEvent([{ units: 1 }]);
    for (let round = 0; round < 5; round += 1) {
      const times = { starts_at: inMinutes(10), ends_at: inMinutes(20) };
      const id = await pricing.stage(event.eventId, times);
      await Promise.all([
        patch(id, { starts_at: inMinutes(16) }),
        patch(id, { ends_at: inMinutes(15) }),
      ]);
      const { body } = await asOrganizer("GET", path(id));
      const { starts_at: from, ends_at: to } = z
        .object({ starts_at: z.string(), ends_at: z.string() })
        .parse(body);
      expect(to > from).toBe(true);
    }
  });

  test("is one of fifty at most", async () => {
    const event = await shop.draftEvent([{ units: 1 }]);
    const ids: string[] = [];
    for (let index = 0; index < 49; index += 1) ids.push(await pricing.stage(event.eventId));
    const adjustment = fixed(0);
    const more = () => pricing.postStage(event.eventId, { name: "Otra", adjustment });
    const answers = await Promise.all([more(), more(), more()]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.toSorted((left, right) => left - right)).toEqual([201, 409, 409]);
    const refused = answers.find(({ status }) => status === 409);
    if (refused !== undefined) expectProblem(refused, 409, "sale_stages_too_many");
    await remove(ids[0] ?? "");
    expect((await more()).status).toBe(201);
  });

  test.each(badBodies)("is not $what", async ({ body, headers = {}, status, code }) => {
    const posted = `/v1/events/${UNKNOWN_ID}/sale-stages`;
    expectProblem(await asOrganizer("POST", posted, { body, headers }), status, code);
    expectProblem(await asOrganizer("PATCH", path(UNKNOWN_ID), { body, headers }), status, code);
  });
});

describe("whose a sale stage is", () => {
  const routes: [string, string][] = [
    ["GET", `/v1/events/${UNKNOWN_ID}/sale-stages`],
    ["POST", `/v1/events/${UNKNOWN_ID}/sale-stages`],
    ["GET", path(UNKNOWN_ID)],
    ["PATCH", path(UNKNOWN_ID)],
    ["DELETE", path(UNKNOWN_ID)],
  ];
  let event: EventOnSale;
  let id = "";
  beforeAll(async () => {
    event = await shop.draftEvent([{ units: 1 }]);
    id = await pricing.stage(event.eventId);
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
    expect((await call("GET", path(id), { token: finance })).status).toBe(200);
    const listed = `/v1/events/${event.eventId}/sale-stages`;
    expect((await call("GET", listed, { token: finance })).status).toBe(200);
    for (const [method, route] of [
      ["POST", listed],
      ["PATCH", path(id)],
      ["DELETE", path(id)],
    ] as const)
      expectProblem(await call(method, route, { token: finance }), 403, "role_not_allowed");
  });

  test("another organizer finds none, and changes nothing", async () => {
    const before = await stored(event.eventId);
    const token = inject("otherOrganizerToken");
    const theirs = (method: string, route: string, body?: unknown) =>
      call(method, route, { token, body });
    const body = { name: "Tomada", adjustment: fixed(-1) };
    const listed = `/v1/events/${event.eventId}/sale-stages`;
    expectProblem(await theirs("GET", listed), 404, "event_not_found");
    expectProblem(await theirs("POST", listed, body), 404, "event_not_found");
    expectProblem(await theirs("GET", path(id)), 404, "sale_stage_not_found");
    expectProblem(await theirs("PATCH", path(id), body), 404, "sale_stage_not_found");
    expectProblem(await theirs("DELETE", path(id)), 404, "sale_stage_not_found");
    expect(await stored(event.eventId)).toEqual(before);
  });

  test("it is for areas of its own event", async () => {
    const other = await shop.draftEvent([{ units: 1 }]);
    const theirShop = openStackShop(inject("otherOrganizerToken"));
    const theirs = await theirShop.draftEvent([{ units: 1 }]);
    await theirShop.close();
    const before = await stored(event.eventId);
    for (const areaId of [other.areaIds[0], theirs.areaIds[0], UNKNOWN_ID]) {
      const body = { name: "Preventa", adjustment: fixed(-1), area_id: areaId };
      expectProblem(await pricing.postStage(event.eventId, body), 404, "area_not_found");
    }
    expectProblem(
      await pricing.postStage(UNKNOWN_ID, { name: "Preventa", adjustment: fixed(-1) }),
      404,
      "event_not_found",
    );
    expect(await stored(event.eventId)).toEqual(before);
  });
});

describe("the price of a hold", () => {
  test("is that of the stage that is on: not over, begun, and first in turn", async () => {
    const { event, areaId } = await onSale(9);
    await pricing.stage(event.eventId, { adjustment: fixed(-1), ends_at: inMinutes(-1) });
    await pricing.stage(event.eventId, { adjustment: fixed(-2), starts_at: inMinutes(60) });
    expect(await pricing.priceOfOne(event, areaId)).toBe(PRICE);
    const later = await pricing.stage(event.eventId, { adjustment: fixed(-3), priority: 5 });
    expect(await pricing.priceOfOne(event, areaId)).toBe(PRICE - 3);
    const times = { starts_at: inMinutes(-5), ends_at: inMinutes(60) };
    const id = await pricing.stage(event.eventId, { ...times, priority: 4 });
    const { units, total_in_cents: total } = await pricing.hold(event, one(areaId));
    expect(units).toMatchObject([
      {
        price_in_cents: EARLY,
        base_price_in_cents: PRICE,
        service_in_cents: SERVICE,
        stage_id: id,
      },
    ]);
    expect(total).toBe(EARLY + SERVICE);
    await patch(later, { priority: 3 });
    expect(await pricing.priceOfOne(event, areaId)).toBe(PRICE - 3);
  });

  test("changes before the organizer is answered, and stays what it was for who held before", async () => {
    const { event, areaId } = await onSale(9);
    const id = await pricing.stage(event.eventId);
    const early = await pricing.hold(event, one(areaId));
    await patch(id, { adjustment: { type: "percentage", basis_points: 1_000 } });
    const dear = await pricing.hold(event, one(areaId));
    await remove(id);
    expect(await pricing.priceOfOne(event, areaId)).toBe(PRICE);
    expect(early.units[0]?.price_in_cents).toBe(EARLY);
    expect(dear.units[0]?.price_in_cents).toBe(PRICE * 1.1);
    const read = await shop.asBuyer(early.token, "GET", `/v1/reservations/${early.id}`);
    expect(read.body).toMatchObject({ total_in_cents: EARLY + SERVICE, status: "held" });
    const paid = await pricing.pay(early, newEmail());
    expect(paid).toEqual({
      status: "settled",
      tickets: [{ price: "76000.00", service: "5000.00", stage: id, promotion: null }],
    });
    expect(await shop.payments(early.id)).toMatchObject([{ amount: "81000.00" }]);
  });

  test("ends with the stage, by itself", async () => {
    const { event, areaId } = await onSale(60);
    await pricing.stage(event.eventId, { ends_at: inMinutes(1 / 30) });
    expect(await pricing.priceOfOne(event, areaId)).toBe(EARLY);
    await expect.poll(() => pricing.priceOfOne(event, areaId), { timeout: 5_000 }).toBe(PRICE);
  });

  test("of a stage for one area does not concern the others", async () => {
    const { event, areaId, otherId } = await onSale(3, 3);
    await pricing.stage(event.eventId, { area_id: otherId });
    expect(await pricing.priceOfOne(event, areaId)).toBe(PRICE);
    expect(await pricing.priceOfOne(event, otherId)).toBe(EARLY);
  });

  test("is a draft's too, once it is published", async () => {
    const event = await shop.draftEvent([{ units: 3 }, { units: 3 }]);
    const id = await pricing.stage(event.eventId, { quantity: 2 });
    await asOrganizer("POST", `/v1/events/${event.eventId}/publish`);
    const held = await Promise.all(
      [0, 0, 1].map((index) => pricing.hold(event, one(event.areaIds[index] ?? ""))),
    );
    expect(stagesOf(held).filter((stage) => stage === id)).toHaveLength(2);
  });

  test("is after many changes at once the one that Postgres has", async () => {
    const { event, areaId } = await onSale(9);
    const id = await pricing.stage(event.eventId);
    for (let round = 1; round <= 3; round += 1) {
      const amounts = Array.from({ length: 6 }, (_, index) => -100 * round - index);
      const answers = await Promise.all([
        ...amounts.map((amount) => patch(id, { adjustment: fixed(amount) })),
        asOrganizer("PATCH", `/v1/areas/${areaId}`, { body: { description: `${round}` } }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      const { body } = await asOrganizer("GET", path(id));
      const last = z.object({ adjustment: z.object({ amount_in_cents: z.number() }) }).parse(body)
        .adjustment.amount_in_cents;
      expect(await pricing.priceOfOne(event, areaId)).toBe(PRICE + last);
    }
  });

  test("is that of the stages there are, whatever is published and changed at once", async () => {
    const event = await shop.draftEvent([{ units: 9 }]);
    const areaId = event.areaIds[0] ?? "";
    const publish = () => asOrganizer("POST", `/v1/events/${event.eventId}/publish`);
    const [, id] = await Promise.all([publish(), pricing.stage(event.eventId), publish()]);
    expect(await pricing.priceOfOne(event, areaId)).toBe(EARLY);
    await Promise.all([publish(), remove(id), publish()]);
    expect(await pricing.priceOfOne(event, areaId)).toBe(PRICE);
  });
});

describe("a change of stage or price", () => {
  test("is in force before its answer, both together, whoever else changes something at once", async () => {
    const { event, areaId } = await onSale(30);
    const id = await pricing.stage(event.eventId);
    const early = await pricing.hold(event, one(areaId));
    const changeArea = (body: object) => asOrganizer("PATCH", `/v1/areas/${areaId}`, { body });
    for (let round = 1; round <= 3; round += 1) {
      const answers = await Promise.all(
        [1, 2, 3].flatMap((step) => [
          changeArea({ price_in_cents: PRICE + round * 1_000 + step * 100 }),
          patch(id, { adjustment: fixed(-round * 10 - step) }),
          changeArea({ service_in_cents: SERVICE + step }),
        ]),
      );
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      const area = z
        .object({ price_in_cents: z.number(), service_in_cents: z.number() })
        .parse((await asOrganizer("GET", `/v1/areas/${areaId}`)).body);
      const { adjustment } = z
        .object({ adjustment: z.object({ amount_in_cents: z.number() }) })
        .parse((await asOrganizer("GET", path(id))).body);
      const { units } = await pricing.hold(event, one(areaId));
      expect(units).toMatchObject([
        {
          price_in_cents: area.price_in_cents + adjustment.amount_in_cents,
          base_price_in_cents: area.price_in_cents,
          service_in_cents: area.service_in_cents,
        },
      ]);
    }
    // Who held before pays what they were told.
    const read = await shop.asBuyer(early.token, "GET", `/v1/reservations/${early.id}`);
    expect(read.body).toMatchObject({ total_in_cents: EARLY + SERVICE, lines: early.lines });
    expect((await pricing.pay(early, newEmail())).status).toBe("settled");
  });

  test("never mixes old and new for buyers who hold meanwhile", async () => {
    const { event, areaId } = await onSale(60);
    const id = await pricing.stage(event.eventId, { adjustment: fixed(-1_000) });
    const allowed = new Set([PRICE - 1_000, PRICE - 2_000]);
    const [, ...held] = await Promise.all([
      patch(id, { adjustment: fixed(-2_000) }),
      ...Array.from({ length: 30 }, () => pricing.hold(event, one(areaId))),
    ]);
    for (const { units } of held) expect(allowed).toContain(units[0]?.price_in_cents);
    expect(await pricing.priceOfOne(event, areaId)).toBe(PRICE - 2_000);
  });

  interface Behind {
    eventId: string;
    areaId: string;
    stageId: string;
  }
  const repairs: [string, (behind: Behind) => Promise<unknown>, object][] = [
    [
      "publishing again",
      ({ eventId }) => asOrganizer("POST", `/v1/events/${eventId}/publish`),
      { status: 200 },
    ],
    [
      "an audit",
      ({ areaId }) => auditing.audit(areaId, true),
      { differences: [{ kind: "settings_behind", is_repaired: true }] },
    ],
    ["the next change", ({ stageId }) => patch(stageId, { name: "Otra" }), { status: 200 }],
  ];

  test.each(repairs)(
    "that does not get through to the sale is said to be behind, and repaired by %s",
    async (_way, repair, repaired) => {
      // Left alone by the minute's audit.
      const { event, areaId } = await auditing.openArea(20);
      const id = await pricing.stage(event.eventId);
      const early = await pricing.hold(event, one(areaId));
      // A row of another hand that nobody can read: what is told to the area's object cannot be put together.
      const { rows } = await database.query<{ id: string }>(
        `INSERT INTO sale_stages (profile_id, cluster_id, stage_name, price_adjustment_type, price_adjustment_value, start_time)
         SELECT profile_id, id, 'Rota', 'fixed', 0, 'infinity' FROM clusters WHERE id = $1 RETURNING id`,
        [event.eventId],
      );
      const price = { price_in_cents: PRICE + 1_000 };
      for (const refused of [
        await patch(id, { adjustment: fixed(-7) }),
        await asOrganizer("PATCH", `/v1/areas/${areaId}`, { body: price }),
        await pricing.postPromotion({
          name: "Para todos",
          discount: { type: "fixed", amount_in_cents: 1, per: "unit" },
          event_id: event.eventId,
        }),
      ])
        expectProblem(refused, 503, "inventory_behind");
      // The sale goes on at what it knows.
      expect(await pricing.priceOfOne(event, areaId)).toBe(EARLY);

      await database.query("DELETE FROM sale_stages WHERE id = $1", [rows[0]?.id]);
      expect(await repair({ ...event, areaId, stageId: id })).toMatchObject(repaired);
      expect(await pricing.priceOfOne(event, areaId)).toBe(PRICE + 1_000 - 7 - 1);
      const read = await shop.asBuyer(early.token, "GET", `/v1/reservations/${early.id}`);
      expect(read.body).toMatchObject({ total_in_cents: EARLY + SERVICE });
    },
  );
});

describe("a stage for so many units", () => {
  test("of an area hands over to the next, and takes back what was not bought", async () => {
    const { event, areaId } = await onSale(20);
    const first = await pricing.stage(event.eventId, { area_id: areaId, quantity: 2 });
    const adjustment = fixed(-500_000);
    const second = await pricing.stage(event.eventId, { adjustment, area_id: areaId, priority: 1 });
    const held = await Promise.all(
      Array.from({ length: 5 }, () => pricing.hold(event, one(areaId))),
    );
    const countOf = (id: string) => stagesOf(held).filter((each) => each === id).length;
    expect([countOf(first), countOf(second), held.length]).toEqual([2, 3, 5]);
    const early = held.find(({ units }) => units[0]?.stage_id === first);
    if (early !== undefined) await pricing.release(early);
    // One is left: an order for two gets the next stage as a whole.
    const two = await pricing.hold(event, [{ area_id: areaId, quantity: 2 }]);
    expect(stagesOf([two])).toEqual([second, second]);
    expect(stagesOf([await pricing.hold(event, one(areaId))])).toEqual([first]);
  });

  test("of an event is shared by its areas: twenty buyers, five early prices, nobody refused", async () => {
    const { event, areaId, otherId } = await onSale(10, 10);
    const id = await pricing.stage(event.eventId, { quantity: 5 });
    const held = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        pricing.hold(event, one(index % 2 === 0 ? areaId : otherId)),
      ),
    );
    const prices = held.flatMap(({ units }) => units.map((unit) => unit.price_in_cents));
    expect(prices.filter((price) => price === EARLY)).toHaveLength(5);
    expect(prices.filter((price) => price === PRICE)).toHaveLength(15);
    expect(stagesOf(held).filter((stage) => stage === id)).toHaveLength(5);
    expect(new Set(held.flatMap(({ units }) => units.map((unit) => unit.unit_id))).size).toBe(20);

    // What one gives back, the next one gets, in either area.
    const early = held.find(({ units }) => units[0]?.stage_id === id);
    const dear = held.find(({ units }) => units[0]?.stage_id === undefined);
    if (early === undefined || dear === undefined) throw new Error("nobody to give back");
    await pricing.release(early);
    await pricing.release(dear);
    const again = await pricing.hold(event, one(dear.units[0]?.area_id ?? ""));
    expect(stagesOf([again])).toEqual([id]);
  });

  test("of an event hands over to a stage of the event that is limited too", async () => {
    const { event, areaId, otherId } = await onSale(10, 10);
    const first = await pricing.stage(event.eventId, { quantity: 4 });
    const adjustment = fixed(-500_000);
    const second = await pricing.stage(event.eventId, { adjustment, quantity: 6, priority: 1 });
    const held = await Promise.all(
      Array.from({ length: 14 }, (_, index) =>
        pricing.hold(event, one(index % 2 === 0 ? areaId : otherId)),
      ),
    );
    const stages = stagesOf(held);
    expect(stages.filter((stage) => stage === first)).toHaveLength(4);
    expect(stages.filter((stage) => stage === second)).toHaveLength(6);
    expect(stages.filter((stage) => stage === null)).toHaveLength(4);
  });

  test("of an event counts an order over two areas together", async () => {
    const { event, areaId, otherId } = await onSale(5, 5);
    await pricing.stage(event.eventId, { quantity: 3 });
    const both = [
      { area_id: areaId, quantity: 2 },
      { area_id: otherId, quantity: 2 },
    ];
    expect(stagesOf([await pricing.hold(event, both)])).toEqual([null, null, null, null]);
    const three = await pricing.hold(event, [
      { area_id: areaId, quantity: 2 },
      { area_id: otherId, quantity: 1 },
    ]);
    expect(three.units.map((unit) => unit.price_in_cents)).toEqual([EARLY, EARLY, EARLY]);
    expect(await pricing.priceOfOne(event, otherId)).toBe(PRICE);
    await pricing.release(three);
    expect(await pricing.priceOfOne(event, areaId)).toBe(EARLY);
  });

  test("of an event grows and shrinks at once, and never takes back what was held", async () => {
    const { event, areaId } = await onSale(9);
    const id = await pricing.stage(event.eventId, { quantity: 1 });
    const price = () => pricing.priceOfOne(event, areaId);
    expect([await price(), await price()]).toEqual([EARLY, PRICE]);
    await patch(id, { quantity: 2 });
    expect([await price(), await price()]).toEqual([EARLY, PRICE]);
    await patch(id, { quantity: 1 });
    expect(await price()).toBe(PRICE);
    await patch(id, { quantity: null });
    expect(await price()).toBe(EARLY);
  });

  test("answers a request that is sent many times at once with one hold", async () => {
    const { event, areaId } = await onSale(30);
    await pricing.stage(event.eventId, { quantity: 1 });
    await pricing.hold(event, one(areaId));
    for (let round = 0; round < 5; round += 1) {
      const key = crypto.randomUUID();
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => pricing.hold(event, one(areaId), { key })),
      );
      const units = answers.map((answer) => answer.units[0]);
      expect(new Set(units.map((unit) => unit?.price_in_cents))).toEqual(new Set([PRICE]));
      expect(new Set(units.map((unit) => unit?.unit_id)).size).toBe(1);
      const [first] = answers;
      const read = await shop.asBuyer(first?.token ?? "", "GET", `/v1/reservations/${first?.id}`);
      expect(read.body).toMatchObject({ status: "held", units: [{ unit_id: units[0]?.unit_id }] });
    }
  });

  test("is not sold once more to who pays late, when it is used up: the money goes back", async () => {
    for (const target of ["area", "event"] as const) {
      const { event, areaId } = await onSale(9);
      const id = await pricing.stage(event.eventId, {
        quantity: 1,
        ...(target === "area" && { area_id: areaId }),
      });
      const late = await pricing.hold(event, one(areaId));
      const payment = await shop.startPayment(late, newEmail());
      await pricing.release(late);
      const early = await pricing.hold(event, one(areaId));
      expect(stagesOf([early])).toEqual([id]);
      await shop.payAtCheckout(payment.checkout_url, { outcome: "approve" });
      const statuses = ["pending", "approved", "refund_due"];
      expect(await shop.paymentBeyond(payment, late, statuses)).toBe("refunded");
      expect(await shop.payments(late.id)).toMatchObject([{ refund: "81000.00" }]);
      expect((await pricing.pay(early, newEmail())).status).toBe("settled");
    }
  });
});

test("what several areas share is there again for others when late money goes back", async () => {
  const { event, areaId, otherId } = await onSale(1, 9);
  await pricing.stage(event.eventId, { quantity: 2 });
  const late = await pricing.hold(event, one(areaId));
  const payment = await shop.startPayment(late, newEmail());
  await pricing.release(late);
  const early = await pricing.hold(event, one(areaId));
  await shop.payAtCheckout(payment.checkout_url, { outcome: "approve" });
  const statuses = ["pending", "approved", "refund_due"];
  expect(await shop.paymentBeyond(payment, late, statuses)).toBe("refunded");
  // Of the two at this price, one is held: the other is for whoever comes next, and no third.
  expect(early.units[0]?.price_in_cents).toBe(EARLY);
  expect(await pricing.priceOfOne(event, otherId)).toBe(EARLY);
  expect(await pricing.priceOfOne(event, otherId)).toBe(PRICE);
  // Nothing was sold of it, in Postgres as well.
  await expect
    .poll(async () => {
      const { rows } = await database.query<{ status: string }>(
        "SELECT status FROM reservations WHERE id = $1",
        [late.id],
      );
      return rows[0]?.status;
    })
    .toBe("cancelled");
});

describe("what the buyer was shown", () => {
  const shown = (areaId: string, quantity: number, terms: object) => [
    { area_id: areaId, quantity, ...terms },
  ];

  test("a stage that is not on any more is refused, naming the one that is", async () => {
    const { event, areaId } = await onSale(9);
    const over = await pricing.stage(event.eventId, { ends_at: inMinutes(-1) });
    const request = shown(areaId, 1, { stage_id: over });
    const refused = await pricing.place(event, request);
    expectProblem(refused, 409, "stage_ended");
    expect(refused.body).toMatchObject({ current_stage_id: null, area_id: areaId });
    const current = await pricing.stage(event.eventId, { priority: 1 });
    const { body } = await pricing.place(event, request);
    expect(body).toMatchObject({ code: "stage_ended", current_stage_id: current });
    const held = await pricing.hold(event, shown(areaId, 1, { stage_id: current }));
    expect(stagesOf([held])).toEqual([current]);
  });

  test.each(["area", "event"])(
    "a stage of an %s that is sold out is refused with what is left",
    async (target) => {
      const { event, areaId } = await onSale(9);
      const id = await pricing.stage(event.eventId, {
        quantity: 2,
        ...(target === "area" && { area_id: areaId }),
      });
      const request = (quantity: number) => shown(areaId, quantity, { stage_id: id });
      await pricing.hold(event, request(1));
      const refused = await pricing.place(event, request(2));
      expectProblem(refused, 409, "stage_sold_out");
      expect(refused.body).toMatchObject({ left: 1, may_retry: true });
      // Nothing stays held by who was refused.
      expect((await pricing.hold(event, request(1))).units).toHaveLength(1);
      expect((await pricing.place(event, request(1))).body).toMatchObject({ left: 0 });
      await shop.unitsBecome(areaId, "rraaaaaaa");
    },
  );

  test("another total than that of now is refused, naming it", async () => {
    const { event, areaId, otherId } = await onSale(9, 9);
    const id = await pricing.stage(event.eventId, { quantity: 3 });
    const total = 2 * (EARLY + SERVICE);
    expect((await pricing.hold(event, shown(areaId, 2, { total_in_cents: total }))).units).toEqual([
      expect.objectContaining({ stage_id: id }),
      expect.objectContaining({ stage_id: id }),
    ]);
    // One is left in the pool: whoever wants two was shown too little.
    const refused = await pricing.place(event, shown(otherId, 2, { total_in_cents: total }));
    expectProblem(refused, 409, "price_changed");
    const now = 2 * (PRICE + SERVICE);
    expect(refused.body).toMatchObject({ total_in_cents: now, area_id: otherId });
    await shop.unitsBecome(otherId, "aaaaaaaaa");
    const held = await pricing.hold(event, shown(otherId, 2, { total_in_cents: now }));
    expect(held.total_in_cents).toBe(now);
    // The last one in the pool is cheaper than what whoever wants one was shown.
    const dear = await pricing.place(event, shown(areaId, 1, { total_in_cents: PRICE + SERVICE }));
    expectProblem(dear, 409, "price_changed");
    expect(dear.body).toMatchObject({ total_in_cents: EARLY + SERVICE, area_id: areaId });
    await shop.unitsBecome(areaId, "rraaaaaaa");
    expect(await pricing.priceOfOne(event, areaId)).toBe(EARLY);
  });
});

describe("availability", () => {
  test("tells the price of now, its stage, and the one that follows", async () => {
    const event = await shop.draftEvent([{ units: 9 }]);
    const areaId = event.areaIds[0] ?? "";
    const endsAt = inMinutes(60);
    const limits = { quantity: 3, area_id: areaId, ends_at: endsAt };
    const early = await pricing.stage(event.eventId, { name: "Preventa", ...limits });
    const late = await pricing.stage(event.eventId, {
      name: "Última",
      adjustment: fixed(-500_000),
      priority: 1,
    });
    await asOrganizer("POST", `/v1/events/${event.eventId}/publish`);
    const nextTo = (id: string) => ({
      stage: { id, name: "Última" },
      price_in_cents: PRICE - 500_000,
    });
    expect(await pricing.availability(event.slug, areaId)).toMatchObject({
      price_in_cents: EARLY,
      service_in_cents: SERVICE,
      stage: { id: early, name: "Preventa", ends_at: endsAt, left: 3 },
      next_stage: { id: late, name: "Última", starts_at: endsAt, price_in_cents: PRICE - 500_000 },
      next_prices: [
        { when: "sold_out", starts_at: null, ...nextTo(late) },
        { when: "time", starts_at: endsAt, ...nextTo(late) },
      ],
    });
    await pricing.hold(event, [{ area_id: areaId, quantity: 3 }]);
    await expect
      .poll(() => pricing.availability(event.slug, areaId), { timeout: 5_000 })
      .toMatchObject({
        price_in_cents: PRICE - 500_000,
        stage: { id: late, ends_at: null, left: null },
        next_stage: null,
        next_prices: [],
      });
  });

  test("tells that the area's own price comes next, and not a stage far away", async () => {
    const { event, areaId } = await onSale(9);
    const startsAt = inMinutes(600);
    await pricing.stage(event.eventId, { name: "Relámpago", starts_at: startsAt, priority: 0 });
    await pricing.stage(event.eventId, { quantity: 1, area_id: areaId, priority: 1 });
    const expected = {
      price_in_cents: EARLY,
      next_stage: null,
      next_prices: [
        { when: "sold_out", starts_at: null, stage: null, price_in_cents: PRICE },
        { when: "time", starts_at: startsAt, stage: { name: "Relámpago" } },
      ],
    };
    expect(await pricing.availability(event.slug, areaId)).toMatchObject(expected);
    const page = await call("GET", `/v1/public/events/${event.slug}`);
    expect(page.body).toMatchObject({ areas: [{ sale: expected }] });
  });

  test("knows what is left of what several areas share, and when it is over", async () => {
    const { event, areaId, otherId } = await onSale(9, 9);
    const id = await pricing.stage(event.eventId, { quantity: 2 });
    const isShown = (expected: object) =>
      expect
        .poll(() => pricing.availability(event.slug, otherId), { timeout: 5_000 })
        .toMatchObject(expected);
    await isShown({ price_in_cents: EARLY, stage: { id, left: 2 } });
    const held = await pricing.hold(event, [{ area_id: areaId, quantity: 2 }]);
    await isShown({ price_in_cents: PRICE, stage: null, next_stage: null });
    await pricing.release(held);
    await isShown({ price_in_cents: EARLY, stage: { id, left: 2 } });
  });

  test("of an event's areas is told on the event's page, area by area", async () => {
    const event = await shop.draftEvent([{ units: 9 }, { units: 9 }, { units: 9 }]);
    const [first = "", second = "", third = ""] = event.areaIds;
    const startsAt = inMinutes(60);
    const own = await pricing.stage(event.eventId, { area_id: first, quantity: 3 });
    const shared = await pricing.stage(event.eventId, {
      name: "Para todos",
      adjustment: fixed(-500_000),
      quantity: 4,
      priority: 1,
    });
    const later = await pricing.stage(event.eventId, { area_id: second, starts_at: startsAt });
    await asOrganizer("POST", `/v1/events/${event.eventId}/publish`);
    const look = async () => {
      const answer = await call("GET", `/v1/public/events/${event.slug}`);
      const { areas } = z
        .object({ areas: z.array(z.object({ id: z.string(), sale: z.looseObject({}) })) })
        .parse(answer.body);
      return Object.fromEntries(areas.map(({ id, sale }) => [id, sale]));
    };
    const told = (price: number, stage: object | null, next: object | null) => ({
      price_in_cents: price,
      total_in_cents: price + SERVICE,
      stage,
      next_stage: next,
    });
    const forAll = { id: shared, name: "Para todos", ends_at: null };
    expect(await look()).toMatchObject({
      [first]: told(EARLY, { id: own, left: 3 }, { id: shared, starts_at: null }),
      [second]: {
        ...told(PRICE - 500_000, { ...forAll, left: 4 }, null),
        next_prices: [
          { when: "sold_out", starts_at: null, stage: null, price_in_cents: PRICE },
          { when: "time", starts_at: startsAt, stage: { id: later }, price_in_cents: EARLY },
        ],
      },
      [third]: told(PRICE - 500_000, { ...forAll, left: 4 }, null),
    });
    await pricing.hold(event, [{ area_id: third, quantity: 4 }]);
    await expect.poll(look, { timeout: 45_000 }).toMatchObject({
      [first]: told(EARLY, { id: own, left: 3 }, { id: shared }),
      [second]: told(PRICE, null, { id: later, starts_at: startsAt }),
      [third]: told(PRICE, null, null),
    });
  });

  test("without stages is the area's own price", async () => {
    const { event, areaId } = await onSale(1);
    expect(await pricing.availability(event.slug, areaId)).toMatchObject({
      price_in_cents: PRICE,
      stage: null,
      next_stage: null,
    });
  });
});

test("a pool that lost its data knows again what was sold of it, once its event is published again", async () => {
  const { event, areaId } = await onSale(9);
  const id = await pricing.stage(event.eventId, { quantity: 2 });
  const sold = await pricing.hold(event, one(areaId));
  expect((await pricing.pay(sold, newEmail())).status).toBe("settled");
  // Its rows are taken over by an object that never was: what a lost one leaves behind.
  const lost = crypto.randomUUID();
  await database.query(
    `WITH moved AS (UPDATE sale_stages SET is_active = false WHERE id = $1 RETURNING *)
     INSERT INTO sale_stages (id, profile_id, cluster_id, stage_name, price_adjustment_type, price_adjustment_value,
       quantity_available, priority_order)
     SELECT $2, profile_id, cluster_id, stage_name, price_adjustment_type, price_adjustment_value, quantity_available,
       priority_order FROM moved`,
    [id, lost],
  );
  await expect
    .poll(async () => {
      const { rowCount } = await database.query(
        `UPDATE reservations SET extra_attributes = jsonb_set(extra_attributes, ARRAY['areas', $2::text],
           extra_attributes #> ARRAY['areas', $1::text]) WHERE extra_attributes #>> ARRAY['areas', $1::text, 'state'] = 'sold'`,
        [id, lost],
      );
      return rowCount;
    })
    .toBe(1);
  await asOrganizer("PATCH", path(lost), { body: { priority: 0 } });
  expect(await pricing.priceOfOne(event, areaId)).toBe(EARLY);
  expect(await pricing.priceOfOne(event, areaId)).toBe(PRICE);
});
