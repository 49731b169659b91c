// What of an area may change, when, and what becomes of those who hold or bought before; over HTTP.

import { afterAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { readQr } from "../../dev/read-qr.ts";
import { signInAs } from "../support/pricing.ts";
import { expectProblem } from "../support/problems.ts";
import { type EventOnSale, newEmail, until } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call, database } = shop;
const mine = shop.asOrganizer;

afterAll(() => shop.close());

const firstArea = ({ areaIds }: EventOnSale) => areaIds[0] ?? "";
const change = (areaId: string, body: object, headers: Record<string, string> = {}) =>
  mine("PATCH", `/v1/areas/${areaId}`, { body, headers });
const item = (areaId: string, quantity = 1) => [{ area_id: areaId, quantity }];

async function stored(areaId: string): Promise<unknown> {
  const { rows } = await database.query("SELECT * FROM areas WHERE id = $1", [areaId]);
  return rows[0];
}

describe("the price of an area", () => {
  test("holds for the next hold from the answer on, and earlier ones keep theirs to the ticket", async () => {
    const event = await shop.publishEvent([
      { units: 6, priceInCents: 1_000_000, serviceInCents: 0 },
    ]);
    const areaId = firstArea(event);
    const early = await shop.hold(event, item(areaId, 2));
    for (const priceInCents of [2_000_000, 3_000_000]) {
      const changed = await change(areaId, { price_in_cents: priceInCents, service_in_cents: 100 });
      expect(changed).toMatchObject({ status: 200, body: { price_in_cents: priceInCents } });
      const held = await shop.hold(event, item(areaId));
      expect(held.total_in_cents).toBe(priceInCents + 100);
    }
    const { body } = await shop.asBuyer(early.token, "GET", `/v1/reservations/${early.id}`);
    expect(body).toMatchObject({ total_in_cents: 2_000_000 });
    await shop.startPayment(early, "ana@example.com");
    const [payment] = await shop.payments(early.id);
    expect(payment).toMatchObject({ amount: "20000.00" });
  });

  test("is after many changes at once the one that Postgres has", async () => {
    const event = await shop.publishEvent([{ units: 3, serviceInCents: 0 }]);
    const areaId = firstArea(event);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        change(areaId, { price_in_cents: 1_000_000 + index }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    const { body } = await mine("GET", `/v1/areas/${areaId}`);
    const { price_in_cents: priceInCents } = z
      .looseObject({ price_in_cents: z.number() })
      .parse(body);
    expect((await shop.hold(event, item(areaId))).total_in_cents).toBe(priceInCents);
  });
});

describe("a change made on what one has seen", () => {
  test("is refused when somebody was sooner, and nothing changes", async () => {
    const { areaIds } = await shop.draftEvent([{ units: 1 }]);
    const [areaId = ""] = areaIds;
    const tag = (await mine("GET", `/v1/areas/${areaId}`)).headers.get("etag") ?? "";
    const changed = await change(areaId, { description: "Con vista" }, { "if-match": tag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get("etag")).not.toBe(tag);
    const before = await stored(areaId);
    const late = await change(areaId, { price_in_cents: 1 }, { "if-match": tag });
    expectProblem(late, 412, "precondition_failed");
    const removal = await mine("DELETE", `/v1/areas/${areaId}`, { headers: { "if-match": tag } });
    expectProblem(removal, 412, "precondition_failed");
    expect(await stored(areaId)).toEqual(before);
  });
});

describe("once units are held or sold", () => {
  const settled = [
    [["unit_capacity"], { unit_capacity: 3 }],
    [["nomenclature_letter"], { nomenclature_letter: "Z" }],
    [
      ["unit_capacity", "nomenclature_letter"],
      { unit_capacity: 1, nomenclature_letter: "Z", price_in_cents: 7, name: "Otra" },
    ],
  ] as const;

  test.each(settled)(
    "%j stay as they are, and nothing else changes with %j",
    async (fields, body) => {
      const event = await shop.publishEvent([{ units: 2 }]);
      const areaId = firstArea(event);
      expect((await change(areaId, { unit_capacity: 4 })).status).toBe(200);
      const held = await shop.hold(event, item(areaId));
      for (const move of ["publish", "unpublish"]) {
        await mine("POST", `/v1/events/${event.eventId}/${move}`);
        const before = await stored(areaId);
        const answer = await change(areaId, body);
        expectProblem(answer, 409, "area_has_sales");
        expect(answer.body).toMatchObject({ fields, sold: 0, held: 1, payments: 0 });
        expect(await stored(areaId)).toEqual(before);
      }
      await shop.asBuyer(held.token, "DELETE", `/v1/reservations/${held.id}`);
      expect((await change(areaId, body)).status).toBe(200);
    },
  );

  test("price, fee, names, limits and more people per unit may still change", async () => {
    const event = await shop.publishEvent([{ units: 2 }, { units: 1 }]);
    const areaId = firstArea(event);
    await shop.buy(event, item(areaId));
    const body = {
      name: "Platea alta",
      description: "Con vista",
      price_in_cents: 1,
      service_in_cents: 2,
      unit_capacity: 5,
      nomenclature_letter: "A",
      units_per_reservation_max: 3,
      units_per_buyer_max: 4,
      allows_reentry: true,
    };
    expect(await change(areaId, body)).toMatchObject({ status: 200, body });
    const less = await change(areaId, { unit_capacity: 4 });
    expectProblem(less, 409, "area_has_sales");
    expect(less.body).toMatchObject({ fields: ["unit_capacity"], sold: 1, held: 0 });
    // Of the area next to it nothing was sold.
    expect((await change(event.areaIds[1] ?? "", { nomenclature_letter: "B" })).status).toBe(200);
  });
});

describe("a hold between the look at an area's sales and its change", () => {
  /** What is done while a change has seen that nothing is held and waits in Postgres to be made. */
  async function meanwhile<Value>(areaId: string, body: object, act: () => Promise<Value>) {
    const client = await database.connect();
    try {
      await client.query("BEGIN");
      await client.query("SELECT FROM areas WHERE id = $1 FOR NO KEY UPDATE", [areaId]);
      const changing = change(areaId, body);
      await until("the change to wait", async () => {
        const { rows } = await database.query(
          "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%UPDATE areas SET area_name%'",
        );
        return rows.length > 0 ? true : undefined;
      });
      const done = await act();
      await client.query("ROLLBACK");
      return { done, changed: await changing };
    } finally {
      client.release(true);
    }
  }

  test("admits as many people as when it was held, and later ones as the area and its object say", async () => {
    const event = await shop.publishEvent([{ units: 2 }]);
    const areaId = firstArea(event);
    expect((await change(areaId, { unit_capacity: 3 })).status).toBe(200);
    const hold = () => shop.hold(event, item(areaId));
    const { done: early, changed } = await meanwhile(areaId, { unit_capacity: 2 }, hold);
    expect(changed).toMatchObject({ status: 200, body: { unit_capacity: 2 } });
    expectProblem(await change(areaId, { unit_capacity: 1 }), 409, "area_has_sales");
    const late = await hold();
    for (const [held, people] of [
      [early, 3],
      [late, 2],
    ] as const) {
      await shop.payFor(held, newEmail());
      const id = held.units[0]?.reservation_unit_id ?? "";
      const { body } = await shop.asBuyer(held.token, "GET", `/v1/qr/${id}`);
      const token = readQr(z.string().parse(body));
      for (let person = 0; person < people; person += 1)
        expect((await mine("POST", "/v1/qr/validate", { body: { token } })).status).toBe(200);
      const oneMore = await mine("POST", "/v1/qr/validate", { body: { token } });
      expectProblem(oneMore, 409, "already_admitted");
    }
  });
});

describe("deleting an area", () => {
  const remove = (areaId: string) => mine("DELETE", `/v1/areas/${areaId}`);

  test("takes it out of sight with its stages and promotions, and frees its name; the others stay", async () => {
    const event = await shop.publishEvent([{ units: 2 }, { units: 3 }]);
    const [areaId = "", otherId = ""] = event.areaIds;
    await mine("POST", `/v1/events/${event.eventId}/unpublish`);
    const stage = {
      name: "Preventa",
      area_id: areaId,
      adjustment: { type: "fixed", amount_in_cents: -1 },
    };
    const stages = `/v1/events/${event.eventId}/sale-stages`;
    expect((await mine("POST", stages, { body: stage })).status).toBe(201);
    const promotion = {
      name: "Amigos",
      code: `AREA-${crypto.randomUUID().slice(0, 8)}`,
      area_id: areaId,
      discount: { type: "percentage", basis_points: 1_000 },
    };
    expect((await mine("POST", "/v1/promotions", { body: promotion })).status).toBe(201);
    const { name } = z
      .looseObject({ name: z.string() })
      .parse((await mine("GET", `/v1/areas/${areaId}`)).body);

    expect((await remove(areaId)).status).toBe(204);
    expectProblem(await mine("GET", `/v1/areas/${areaId}`), 404, "area_not_found");
    expectProblem(await mine("GET", `/v1/areas/${areaId}/units`), 404, "area_not_found");
    const more = { body: { quantity: 1 } };
    const bulk = await mine("POST", `/v1/areas/${areaId}/units/bulk`, more);
    expectProblem(bulk, 404, "area_not_found");
    expectProblem(await remove(areaId), 404, "area_not_found");
    expectProblem(await mine("POST", stages, { body: stage }), 404, "area_not_found");
    expect((await mine("GET", stages)).body).toEqual({ sale_stages: [] });
    const areas = `/v1/events/${event.eventId}/areas`;
    expect((await mine("GET", areas)).body).toMatchObject({ areas: [{ id: otherId }] });

    expect((await mine("POST", `/v1/events/${event.eventId}/publish`)).status).toBe(200);
    const shown = await call("GET", `/v1/public/events/${event.slug}/areas`);
    expect(shown.body).toMatchObject({ areas: [{ id: otherId }] });
    const gone = `/v1/public/events/${event.slug}/areas/${areaId}/availability`;
    expectProblem(await call("GET", gone), 404, "area_not_found");
    expectProblem(await shop.place(event, item(areaId)), 409, "area_closed");
    await shop.hold(event, item(otherId));

    const again = await mine("POST", areas, { body: { name, price_in_cents: 1 } });
    expect(again.status).toBe(201);
    const code = { ...promotion, area_id: otherId };
    expect((await mine("POST", "/v1/promotions", { body: code })).status).toBe(201);
  });

  test("is refused while its event is on sale, and it goes on selling", async () => {
    const event = await shop.publishEvent([{ units: 1 }]);
    expectProblem(await remove(firstArea(event)), 409, "event_on_sale");
    await shop.hold(event, item(firstArea(event)));
  });

  test("is refused with what is held or sold of it; what was sold of another does not matter", async () => {
    const event = await shop.publishEvent([{ units: 2 }, { units: 1 }, { units: 1 }]);
    const [soldId = "", heldId = "", freeId = ""] = event.areaIds;
    await shop.buy(event, item(soldId));
    await shop.hold(event, item(heldId));
    await mine("POST", `/v1/events/${event.eventId}/unpublish`);
    for (const [areaId, count] of [
      [soldId, { sold: 1, held: 0 }],
      [heldId, { sold: 0, held: 1 }],
    ] as const) {
      const before = await stored(areaId);
      const answer = await remove(areaId);
      expectProblem(answer, 409, "area_has_sales");
      expect(answer.body).toMatchObject(count);
      expect(await stored(areaId)).toEqual(before);
    }
    expect((await remove(freeId)).status).toBe(204);
  });

  test("is refused with what the organizer keeps back", async () => {
    const { areaIds } = await shop.draftEvent([{ units: 2 }]);
    const [areaId = ""] = areaIds;
    const keep = await mine("POST", `/v1/areas/${areaId}/reservations`, {
      body: { quantity: 1 },
    });
    expect(keep.status).toBe(201);
    const answer = await remove(areaId);
    expectProblem(answer, 409, "area_has_sales");
    expect(answer.body).toMatchObject({ sold: 0, held: 1 });
  });

  test("is not another organizer's, nor for a role that only reads", async () => {
    const { areaIds } = await shop.draftEvent([{ units: 1 }]);
    const [areaId = ""] = areaIds;
    const before = await stored(areaId);
    const path = `/v1/areas/${areaId}`;
    const token = inject("otherOrganizerToken");
    expectProblem(await call("DELETE", path, { token }), 404, "area_not_found");
    const finance = await signInAs(shop, "finance", areaId);
    expectProblem(await call("DELETE", path, { token: finance }), 403, "role_not_allowed");
    expectProblem(await call("DELETE", path), 401, "session_required");
    expect(await stored(areaId)).toEqual(before);
  });
});
