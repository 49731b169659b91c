// The same event sold by two organizers, over HTTP: what an order costs on either site, what is held and used up there, and
// that a price, a code or a copy of one changes nothing for who buys from the other.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { openGallery } from "../support/gallery.ts";
import { type Attempt, bothWays, expectNothingFound, listed } from "../support/neighbours.ts";
import type { PricedReservation } from "../support/pricing.ts";
import { expectProblem } from "../support/problems.ts";
import { CODE, type Seller, newSellers, quoteFor, readOn, some } from "../support/same-event.ts";

const gallery = openGallery();
const withId = z.looseObject({ id: z.string() });

/** A seller, and what somebody holds of theirs with the code. */
interface Side extends Seller {
  held: PricedReservation;
}

let sides: [Side, Side];

beforeAll(async () => {
  const nothing: PricedReservation = { id: "", token: "", lines: [], total_in_cents: 0, units: [] };
  const [first, second] = await newSellers(gallery);
  sides = [
    { ...first, held: nothing },
    { ...second, held: nothing },
  ];
});
afterAll(async () => {
  await Promise.all([gallery, ...sides.map(({ shop }) => shop)].map((each) => each.close()));
});

const withCode = ({ origin }: Side) => ({ code: CODE, site: origin });
const place = (side: Side, quantity: number) =>
  side.pricing.place(side.event, some(side, quantity), withCode(side));
const hold = (side: Side, quantity: number) =>
  side.pricing.hold(side.event, some(side, quantity), withCode(side));
const reasonOf = async (side: Side) =>
  (await quoteFor(side, 1, { code: CODE })).promotion_code?.reason;
const reread = ({ shop, held }: Side) =>
  shop.asBuyer(held.token, "GET", `/v1/reservations/${held.id}`);
const nothingFound = ({ token, apiToken }: Side, theirs: Side, attempts: Attempt[]) =>
  expectNothingFound([token, apiToken], theirs, attempts);

describe("two organizers and their sales", () => {
  it("are quoted in amounts and lines of their own, for the same order and code", async () => {
    const [first, second] = sides;
    const quoted = async (side: Side) => {
      const quote = await quoteFor(side, 2, { code: CODE });
      expect(quote.promotion_code).toMatchObject({ applies: true, promotion_id: side.promotionId });
      for (const line of quote.lines) expect(line.area_id).toBe(side.areaId);
      const lines = quote.lines.map((line) => [line.kind, line.label_id, line.amount_in_cents]);
      return { lines, total: quote.total_in_cents };
    };
    expect(await quoted(first)).toEqual({
      lines: [
        ["base", null, 20_000_000],
        ["stage", first.stageId, -4_000_000],
        ["promotion", first.promotionId, -1_600_000],
        ["service", null, 1_000_000],
      ],
      total: 15_400_000,
    });
    expect(await quoted(second)).toEqual({
      lines: [
        ["base", null, 12_000_000],
        ["stage", second.stageId, -1_200_000],
        ["promotion", second.promotionId, -500_000],
        ["service", null, 600_000],
      ],
      total: 10_900_000,
    });
  });

  it("hold at that total, and count the uses of their code apart", async () => {
    const [first, second] = sides;
    first.held = await hold(first, 2);
    expect(first.held.total_in_cents).toBe(15_400_000);
    // One order may use it at the first, two at the second.
    expectProblem(await place(first, 1), 409, "promotion_used_up");
    expect(await reasonOf(first)).toBe("used_up");
    second.held = await hold(second, 2);
    expect(second.held.total_in_cents).toBe(10_900_000);
    // Without the stage, whose two units are held.
    expect((await hold(second, 1)).total_in_cents).toBe(5_800_000);
    expectProblem(await place(second, 1), 409, "promotion_used_up");

    expect((await first.pricing.release(first.held)).status).toBe(204);
    expect(await reasonOf(first)).toBeNull();
    expect(await reasonOf(second)).toBe("used_up");
    first.held = await hold(first, 2);
    expect(first.held.total_in_cents).toBe(15_400_000);
  });

  it("take one-use codes of their own only, though all begin alike", async () => {
    const codes: string[] = [];
    for (const { shop, event, pricing } of sides) {
      const prefixed = { event_id: event.eventId, code_prefix: "VIP-" };
      const path = `/v1/promotions/${await pricing.promotion(prefixed)}/codes`;
      const { body } = await shop.asOrganizer("POST", path, { body: { quantity: 1 } });
      codes.push(...z.object({ codes: z.array(z.string()) }).parse(body).codes);
    }
    for (const [mine, own, other] of [
      [sides[0], codes[0], codes[1]],
      [sides[1], codes[1], codes[0]],
    ] as const) {
      expect((await quoteFor(mine, 1, { code: own ?? "" })).promotion_code?.reason).toBeNull();
      const quote = await quoteFor(mine, 1, { code: other ?? "" });
      expect(quote.promotion_code).toMatchObject({ applies: false, reason: "unknown" });
    }
  });

  it("sell nothing of the other's in an order of their own", async () => {
    for (const [mine, theirs] of bothWays(sides)) {
      const mixed = [...some(mine, 1), ...some(theirs, 1)];
      const before = await quoteFor(mine, 1);
      const refused = await mine.pricing.place(mine.event, mixed, { site: mine.origin });
      expectProblem(refused, 404, "area_unknown");
      // Half of it is not held either.
      expect(await quoteFor(mine, 1)).toEqual(before);
    }
  });

  it("keep holds from the other's buyers and from the other", async () => {
    const [first, second] = sides;
    for (const [mine, theirs, units] of [
      [first, second, "rrrraa"],
      [second, first, "rrraaa"],
    ] as const) {
      const own = `/v1/areas/${mine.areaId}/reservations`;
      const others = `/v1/areas/${theirs.areaId}/reservations`;
      const kept = await theirs.shop.asOrganizer("POST", others, { body: { quantity: 1 } });
      expect(kept.status).toBe(201);
      const keptId = withId.parse(kept.body).id;
      // What still arrives in Postgres must not look like the other's doing.
      await theirs.shop.unitsBecome(theirs.areaId, units);
      for (const method of ["GET", "DELETE"]) {
        const path = `/v1/reservations/${theirs.held.id}`;
        const answer = await mine.shop.asBuyer(mine.held.token, method, path);
        expectProblem(answer, 404, "reservation_not_found");
      }
      await nothingFound(mine, theirs, [
        ["area_not_found", "POST", others, { body: { quantity: 1 } }],
        ...[keptId, theirs.held.id].flatMap((id): Attempt[] => [
          ["reservation_not_found", "DELETE", `${own}/${id}`],
          ["area_not_found", "DELETE", `${others}/${id}`],
        ]),
      ]);
      expect(await reread(theirs)).toMatchObject({ status: 200, body: { status: "held" } });
      expect((await theirs.shop.asOrganizer("DELETE", `${others}/${keptId}`)).status).toBe(204);
    }
  });

  it("change a price for the orders to come of one of them", async () => {
    const [first, second] = sides;
    const [cheap, other] = [await quoteFor(first, 1), await quoteFor(second, 1)];
    const body = { price_in_cents: 12_000_000 };
    const path = `/v1/areas/${first.areaId}`;
    expect((await first.shop.asOrganizer("PATCH", path, { body })).status).toBe(200);

    expect(cheap.total_in_cents).toBe(10_500_000);
    expect((await quoteFor(first, 1)).total_in_cents).toBe(12_500_000);
    expect(await quoteFor(second, 1)).toEqual(other);
    const atQuote = async (side: Side, total_in_cents: number) => {
      const items = [{ area_id: side.areaId, quantity: 1, total_in_cents }];
      return side.pricing.place(side.event, items, { site: side.origin });
    };
    expectProblem(await atQuote(first, cheap.total_in_cents), 409, "price_changed");
    expect((await atQuote(second, other.total_in_cents)).status).toBe(201);
    for (const [side, shown] of [
      [first, 12_500_000],
      [second, 6_300_000],
    ] as const) {
      const { body: seen } = await readOn(side, `/v1/public/events/${side.event.slug}`);
      expect(seen).toMatchObject({ price_from_in_cents: shown });
      // Who holds already has the price of then.
      const { total_in_cents, lines } = side.held;
      const kept = { status: "held", total_in_cents, lines };
      expect((await reread(side)).body).toMatchObject(kept);
    }
  });

  it("copy their event, each their own, even under the same key", async () => {
    const headers = { "idempotency-key": crypto.randomUUID() };
    const copyIds: string[] = [];
    for (const side of sides) {
      const slug = `${side.event.slug}-copia`;
      const path = `/v1/events/${side.event.eventId}/duplicate`;
      const answer = await side.shop.asOrganizer("POST", path, { body: {}, headers });
      expect(answer).toMatchObject({ status: 201, body: { slug, status: "draft" } });
      const { id } = withId.parse(answer.body);
      copyIds.push(id);
      const ids = await listed(side, "/v1/events", "events");
      expect(ids.toSorted()).toEqual([id, side.event.eventId].toSorted());
      const areas = `/v1/events/${id}/areas`;
      const copied = await side.shop.asOrganizer("GET", areas);
      expect(copied.body).toMatchObject({ areas: [{ service_in_cents: side.serviceInCents }] });
    }
    expect(new Set(copyIds).size).toBe(2);
    const [first, second] = sides;
    const [firstId = "", secondId = ""] = copyIds;
    await nothingFound(first, second, [
      ["event_not_found", "GET", `/v1/events/${secondId}`],
      ["event_not_found", "POST", `/v1/events/${secondId}/publish`],
    ]);
    expect((await first.shop.asOrganizer("POST", `/v1/events/${firstId}/publish`)).status).toBe(
      200,
    );
    const copy = `/v1/public/events/${first.event.slug}-copia`;
    expect(await readOn(first, copy)).toMatchObject({ status: 200, body: { id: firstId } });
    expectProblem(await readOn(second, copy), 404, "event_not_found");
  });
});
