// Quotes over HTTP against a running stack: what a hold would cost, why a code does not apply, and that nothing is held.

import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Line, inMinutes, newAddress, pricingOf } from "../support/pricing.ts";
import { badBodies, expectInvalid, expectProblem } from "../support/problems.ts";
import { newEmail } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call, asOrganizer, database } = shop;
const pricing = pricingOf(shop);
const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";
const ANDINO = "http://andino.localhost";

const PRICE = 9_500_000;
const EARLY = 7_600_000;
const SERVICE = 500_000;

afterAll(() => shop.close());

const fixed = (inCents: number, per = "order") => {
  return { type: "fixed", amount_in_cents: inCents, per };
};
const newCode = () => `C${crypto.randomUUID().slice(0, 12).toUpperCase()}`;
const some = (areaId: string, quantity = 1) => [{ area_id: areaId, quantity }];
const sum = (lines: readonly Line[]) =>
  lines.reduce((total, line) => total + line.amount_in_cents, 0);

async function onSale(...units: number[]) {
  const event = await shop.publishEvent(units.map((count) => ({ units: count })));
  const [areaId = "", otherId = ""] = event.areaIds.toSorted();
  return { event, areaId, otherId };
}

/** A hold at exactly what a quote said. */
const asQuoted = (quote: {
  areas: readonly { area_id: string; units: number; total_in_cents: number }[];
}) =>
  quote.areas.map(({ area_id, units: quantity, total_in_cents }) => {
    return { area_id, quantity, total_in_cents };
  });

describe("a quote", () => {
  test("tells every line, the stage, what is left, and totals by area and order", async () => {
    const { event, areaId, otherId } = await onSale(6, 6);
    const endsAt = inMinutes(60);
    const limits = { area_id: areaId, quantity: 4, ends_at: endsAt };
    const stage = await pricing.stage(event.eventId, { name: "Preventa", ...limits });
    const code = newCode();
    const discount = fixed(1_000_001);
    const promotion = await pricing.promotion({ event_id: event.eventId, code, discount });
    const items = [...some(otherId), ...some(areaId, 3)];
    const quote = await pricing.quote(event, items, { code: code.toLowerCase() });
    const line = (area_id: string, kind: string, units: number, amount_in_cents: number) => {
      const labels: Record<string, string> = { stage, promotion };
      return { area_id, kind, label_id: labels[kind] ?? null, units, amount_in_cents };
    };
    const total = 3 * EARLY + PRICE + 4 * SERVICE - 1_000_001;
    expect(quote).toEqual({
      event_id: event.eventId,
      areas: [
        {
          area_id: areaId,
          units: 3,
          total_in_cents: 3 * (EARLY + SERVICE) - 1_000_001,
          available: 6,
          stage: { id: stage, name: "Preventa", ends_at: endsAt, left: 4 },
        },
        {
          area_id: otherId,
          units: 1,
          total_in_cents: PRICE + SERVICE,
          available: 6,
          stage: null,
        },
      ],
      lines: [
        line(areaId, "base", 3, 3 * PRICE),
        line(areaId, "stage", 3, 3 * (EARLY - PRICE)),
        line(areaId, "promotion", 3, -1_000_001),
        line(areaId, "service", 3, 3 * SERVICE),
        line(otherId, "base", 1, PRICE),
        line(otherId, "promotion", 1, 0),
        line(otherId, "service", 1, SERVICE),
      ],
      total_in_cents: total,
      currency: "COP",
      promotion_code: {
        code,
        applies: true,
        reason: null,
        promotion_id: promotion,
        discount_in_cents: 1_000_001,
      },
    });
    expect(sum(quote.lines)).toBe(total);
  });

  test("is what the hold then costs, in reservation and payment too", async () => {
    const { event, areaId, otherId } = await onSale(5, 7);
    await pricing.stage(event.eventId, { quantity: 3 });
    const code = newCode();
    await pricing.promotion({ event_id: event.eventId, code, uses_max: 5 });
    const items = [...some(areaId, 2), ...some(otherId)];
    const quote = await pricing.quote(event, items, { code });
    const held = await pricing.hold(event, asQuoted(quote), { code });
    expect(held.total_in_cents).toBe(quote.total_in_cents);
    expect(held.lines).toEqual(quote.lines);
    expect(sum(held.lines)).toBe(held.total_in_cents);
    const reading = await shop.asBuyer(held.token, "GET", `/v1/reservations/${held.id}`);
    expect(reading.body).toMatchObject({ lines: quote.lines });

    const answer = await shop.asBuyer(held.token, "POST", "/v1/payments", {
      headers: { "idempotency-key": crypto.randomUUID() },
      body: {
        gateway: "wompi",
        buyer: {
          full_name: "Ana María Rojas",
          email: newEmail(),
          phone: "3001234567",
          document_type: "CC",
          document_number: "1020304050",
        },
      },
    });
    const paid = { amount_in_cents: quote.total_in_cents, lines: quote.lines };
    expect(answer).toMatchObject({ status: 201, body: paid });
    // Whatever prices are later.
    await asOrganizer("PATCH", `/v1/areas/${areaId}`, { body: { price_in_cents: 1 } });
    const { id } = z.looseObject({ id: z.string() }).parse(answer.body);
    const read = await shop.asBuyer(held.token, "GET", `/v1/payments/${id}`);
    expect(read).toMatchObject({ status: 200, body: paid });
  });

  test("of named units is what they cost, in any case of their ids", async () => {
    const { event, areaId } = await onSale(5);
    const [first, second] = await shop.units(areaId);
    const ids = [first?.id.toUpperCase() ?? "", second?.id ?? ""];
    const quote = await pricing.quote(event, [{ area_id: areaId.toUpperCase(), unit_ids: ids }]);
    expect(quote).toMatchObject({
      areas: [{ area_id: areaId, units: 2, stage: null }],
      total_in_cents: 2 * (PRICE + SERVICE),
      promotion_code: null,
    });
  });

  test("asks pools for room: a stage that is used up there is not offered", async () => {
    const { event, areaId, otherId } = await onSale(5, 5);
    const stage = await pricing.stage(event.eventId, { quantity: 3 });
    const ofNow = async (quantity: number) =>
      (await pricing.quote(event, some(areaId, quantity))).areas[0];
    expect(await ofNow(3)).toMatchObject({ stage: { id: stage, left: 3 } });
    expect(await ofNow(4)).toMatchObject({ stage: null, total_in_cents: 4 * (PRICE + SERVICE) });
    const held = await pricing.hold(event, some(otherId, 2));
    expect(await ofNow(1)).toMatchObject({ stage: { id: stage, left: 1 } });
    expect(await ofNow(2)).toMatchObject({ stage: null, total_in_cents: 2 * (PRICE + SERVICE) });
    // Over both areas it counts what they need together.
    const both = await pricing.quote(event, [...some(areaId), ...some(otherId)]);
    expect(both.areas.map((area) => area.stage)).toEqual([null, null]);
    await pricing.release(held);
    expect(await ofNow(3)).toMatchObject({ stage: { id: stage, left: 3 } });
  });

  test("holds nothing and uses nothing up, however often it is asked", async () => {
    const { event, areaId } = await onSale(3);
    await pricing.stage(event.eventId, { quantity: 2 });
    const code = newCode();
    const id = await pricing.promotion({ event_id: event.eventId, code, uses_max: 1 });
    const before = [await shop.inventory(event), await shop.records(event.eventId)];
    const quotes = await Promise.all(
      Array.from({ length: 30 }, () => pricing.quote(event, some(areaId, 2), { code })),
    );
    for (const quote of quotes) expect(quote).toEqual(quotes[0]);
    expect([await shop.inventory(event), await shop.records(event.eventId)]).toEqual(before);
    expect(await pricing.hold(event, some(areaId, 2), { code })).toMatchObject({
      units: [{ promotion_id: id }, { promotion_id: id }],
    });
  });

  test("needs no Postgres", async () => {
    const { event, areaId } = await onSale(3);
    await pricing.stage(event.eventId, { quantity: 2 });
    const codes = [newCode(), newCode()];
    await pricing.promotion({ event_id: event.eventId, code: codes[0], uses_max: 1 });
    await pricing.quote(event, some(areaId));
    const tables = ["clusters", "areas", "units", "sale_stages", "promotions", "promotion_codes"];
    for (const table of tables) {
      const client = await database.connect();
      try {
        await client.query("BEGIN");
        await client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
        for (const code of codes) {
          const quote = await pricing.quote(event, some(areaId), { code, address: newAddress() });
          expect(quote.total_in_cents).toBeGreaterThan(0);
        }
      } finally {
        await client.query("ROLLBACK");
        client.release();
      }
    }
  });
});

describe("a hold at the price of a quote", () => {
  test("is refused as price_changed once the organizer has changed the price", async () => {
    const { event, areaId } = await onSale(5);
    const quote = await pricing.quote(event, some(areaId, 2));
    await asOrganizer("PATCH", `/v1/areas/${areaId}`, { body: { price_in_cents: PRICE + 1 } });
    const refused = await pricing.place(event, asQuoted(quote));
    expectProblem(refused, 409, "price_changed");
    const now = 2 * (PRICE + 1 + SERVICE);
    expect(refused.body).toMatchObject({ total_in_cents: now, area_id: areaId });
    const again = await pricing.quote(event, some(areaId, 2));
    expect(again.total_in_cents).toBe(now);
    expect((await pricing.hold(event, asQuoted(again))).total_in_cents).toBe(now);
  });

  test("is refused as price_changed once somebody has had the last of a shared stage", async () => {
    const { event, areaId, otherId } = await onSale(5, 5);
    await pricing.stage(event.eventId, { quantity: 1 });
    const quote = await pricing.quote(event, some(areaId));
    expect(quote.total_in_cents).toBe(EARLY + SERVICE);
    await pricing.hold(event, some(otherId));
    expectProblem(await pricing.place(event, asQuoted(quote)), 409, "price_changed");
    await shop.unitsBecome(areaId, "aaaaa");
  });

  test("is refused as stage_ended once its stage is over or gone, as is another quote", async () => {
    const { event, areaId } = await onSale(5);
    const stage = await pricing.stage(event.eventId, {});
    const quote = await pricing.quote(event, some(areaId));
    const items = asQuoted(quote).map((item) => ({ ...item, stage_id: stage }));
    expect((await pricing.place(event, items)).status).toBe(201);
    await asOrganizer("PATCH", `/v1/sale-stages/${stage}`, { body: { ends_at: inMinutes(-1) } });
    for (const refused of [
      await pricing.place(event, items),
      await pricing.askQuote(event, items),
    ]) {
      expectProblem(refused, 409, "stage_ended");
      expect(refused.body).toMatchObject({ current_stage_id: null, area_id: areaId });
    }
  });

  test("of free units is one at nothing but the fee", async () => {
    const { event, areaId } = await onSale(5);
    const code = newCode();
    const discount = { type: "percentage", basis_points: 10_000 };
    await pricing.promotion({ event_id: event.eventId, code, discount });
    const quote = await pricing.quote(event, some(areaId, 2), { code });
    expect(quote.total_in_cents).toBe(2 * SERVICE);
    expect((await pricing.hold(event, asQuoted(quote), { code })).lines).toEqual(quote.lines);
  });
});

describe("why a code does not apply", () => {
  test("is told by a stable reason, with the price without it, and likewise by validate", async () => {
    const { event, areaId, otherId } = await onSale(20, 5);
    const inEvent = { event_id: event.eventId };
    const byItself = await pricing.promotion({ ...inEvent, discount: fixed(100, "unit") });
    const codes = {
      unknown: newCode(),
      not_yet: newCode(),
      over: newCode(),
      too_few_units: newCode(),
      other_area: newCode(),
      used_up: newCode(),
    };
    await pricing.promotion({ ...inEvent, code: codes.not_yet, starts_at: inMinutes(60) });
    await pricing.promotion({ ...inEvent, code: codes.over, ends_at: inMinutes(-60) });
    await pricing.promotion({ ...inEvent, code: codes.too_few_units, units_min: 3 });
    await pricing.promotion({ area_id: otherId, code: codes.other_area });
    await pricing.promotion({ ...inEvent, code: codes.used_up, uses_max: 1 });
    await pricing.hold(event, some(areaId), { code: codes.used_up });
    for (const [reason, code] of Object.entries(codes)) {
      const total = 2 * (PRICE + SERVICE - 100);
      const answer = { code, applies: false, reason, promotion_id: null, discount_in_cents: 0 };
      const quote = await pricing.quote(event, some(areaId, 2), { code });
      expect(quote).toMatchObject({ total_in_cents: total, promotion_code: answer });
      // What applies by itself does, and stands in the lines.
      expect(quote.lines).toContainEqual(
        expect.objectContaining({ kind: "promotion", label_id: byItself, amount_in_cents: -200 }),
      );
      const validated = await pricing.validate(event, some(areaId, 2), { code });
      expect(validated).toMatchObject({ status: 200, body: { ...answer, total_in_cents: total } });
      // The quote's price can be had without the code, and the code not at all.
      const held = await pricing.hold(event, asQuoted(quote));
      await pricing.release(held);
      expect((await pricing.place(event, some(areaId, 2), { code })).status).toBeGreaterThan(400);
    }
  });

  test("is told of one that was over long ago as of one that never was", async () => {
    const { event, areaId } = await onSale(5);
    const code = newCode();
    const endsAt = inMinutes(-60 * 24 * 31);
    await pricing.promotion({ event_id: event.eventId, code, ends_at: endsAt });
    expect(await pricing.reasonFor(event, some(areaId), code)).toBe("unknown");
  });

  test("is nothing for one that does: validate says what it takes off", async () => {
    const { event, areaId } = await onSale(5);
    const code = newCode();
    const id = await pricing.promotion({ event_id: event.eventId, code });
    const answer = await pricing.validate(event, some(areaId, 2), { code });
    expect(answer.body).toEqual({
      code,
      applies: true,
      reason: null,
      promotion_id: id,
      discount_in_cents: 1_900_000,
      total_in_cents: 2 * (PRICE + SERVICE) - 1_900_000,
      currency: "COP",
    });
    expectInvalid(await pricing.validate(event, some(areaId)), "body.promotion_code");
  });
});

describe("a quote is refused as the hold would be", () => {
  const same = async (event: { eventId: string }, items: Parameters<typeof pricing.place>[1]) => {
    const answers = [await pricing.askQuote(event, items), await pricing.place(event, items)];
    const [quote, hold] = answers.map(({ status, body }) => {
      const { request_id: _id, ...problem } = z.looseObject({}).parse(body);
      return { status, problem };
    });
    expect(quote).toEqual(hold);
    return answers[0];
  };

  test("where there are not so many, or not those", async () => {
    const { event, areaId } = await onSale(12);
    const [first, second] = await shop.units(areaId);
    await pricing.hold(event, [{ area_id: areaId, unit_ids: [second?.id ?? ""] }]);
    await pricing.hold(event, some(areaId, 9));
    expect((await same(event, some(areaId, 3)))?.body).toMatchObject({
      code: "sold_out",
      available: 2,
    });
    expect((await same(event, some(areaId, 11)))?.body).toMatchObject({ code: "limit_reached" });
    expect(
      (await same(event, [{ area_id: areaId, unit_ids: [first?.id ?? "", second?.id ?? ""] }]))
        ?.body,
    ).toMatchObject({ code: "units_taken", unit_ids: [second?.id] });
    expect((await same(event, [{ area_id: areaId, unit_ids: [UNKNOWN_ID] }]))?.body).toMatchObject({
      code: "units_unknown",
    });
  });

  test("before its event is on sale, and of what is not there", async () => {
    const [{ event, areaId }, other] = await Promise.all([onSale(3), onSale(3)]);
    expect((await same(event, some(UNKNOWN_ID)))?.body).toMatchObject({ code: "area_unknown" });
    expect((await same(event, some(other.areaId)))?.body).toMatchObject({ code: "area_unknown" });
    await asOrganizer("POST", `/v1/events/${event.eventId}/unpublish`);
    expect((await same(event, some(areaId)))?.body).toMatchObject({ code: "area_closed" });
  });

  test("of another organizer's site everything is unknown, codes too", async () => {
    const { event, areaId } = await onSale(3);
    const code = newCode();
    await pricing.promotion({ event_id: event.eventId, code });
    for (const tried of [code, newCode(), undefined]) {
      const order = { site: ANDINO, ...(tried !== undefined && { code: tried }) };
      for (const answer of [
        await pricing.askQuote(event, some(areaId), order),
        ...(tried === undefined ? [] : [await pricing.validate(event, some(areaId), order)]),
      ])
        expectProblem(answer, 404, "area_unknown");
    }
  });
});

describe("what may be asked", () => {
  const routes = ["/v1/public/quote", "/v1/public/promotions/validate"];
  test.each(badBodies)("is not $what", async ({ body, headers = {}, status, code }) => {
    for (const route of routes)
      expectProblem(await call("POST", route, { body, headers }), status, code);
  });

  test.each([
    ["body.event_id", { event_id: "1" }],
    ["body.items", { items: [] }],
    ["body.items", { items: [...some(UNKNOWN_ID), ...some(UNKNOWN_ID.toUpperCase())] }],
    ["body.items.0.quantity", { items: some(UNKNOWN_ID, 0) }],
    ["body.items.0.quantity", { items: some(UNKNOWN_ID, 51) }],
    ["body.items.0", { items: [{ area_id: UNKNOWN_ID, quantity: 1, unit_ids: [UNKNOWN_ID] }] }],
    ["body.promotion_code", { promotion_code: "" }],
    ["body.promotion_code", { promotion_code: "x".repeat(61) }],
    ["body.promotion_code", { promotion_code: "A\u0000B" }],
    ["body.holds", { holds: true }],
  ])("with a bad %s is refused (%#)", async (field, change) => {
    const body = {
      event_id: UNKNOWN_ID,
      items: some(UNKNOWN_ID),
      promotion_code: "ABC",
      ...change,
    };
    for (const route of routes) expectInvalid(await call("POST", route, { body }), field);
  });
});
