// Two organizers make the same event on two sites, over HTTP: the same name and slug, the same areas, and units of the same
// labels at prices of their own. At every step either tries what the other has just made.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  type Attempt,
  type Neighbour,
  bothWays,
  expectNothingFound,
  listed,
  made,
  newNeighbours,
} from "../support/neighbours.ts";
import { expectProblem } from "../support/problems.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const tail = crypto.randomUUID().slice(0, 8);
const NAME = `Noche de Ñandú ${tail}`;
const SLUG = `noche-de-nandu-${tail}`;

/** An organizer, what they do differently, and what they have made so far. */
interface Side extends Neighbour {
  priceInCents: number;
  unitCapacity: number;
  eventId: string;
  areaId: string;
  secondAreaId: string;
  unitIds: string[];
}

let sides: [Side, Side];

beforeAll(async () => {
  const [first, second] = await newNeighbours(shop);
  const later = { eventId: "", areaId: "", secondAreaId: "", unitIds: [] };
  sides = [
    { ...first, ...later, priceInCents: 9_000_000, unitCapacity: 1 },
    { ...second, ...later, priceInCents: 4_500_000, unitCapacity: 4 },
  ];
});
afterAll(async () => {
  await Promise.all([shop, ...sides.map((side) => side.shop)].map((each) => each.close()));
});

const withUnits = z.object({
  units: z.array(z.object({ id: z.string(), label: z.string(), status: z.string() })),
});

const get = (side: Side, path: string) => side.shop.asOrganizer("GET", path);
const patch = (side: Side, path: string, body: object, headers = {}) =>
  side.shop.asOrganizer("PATCH", path, { body, headers });
const post = (side: Side, path: string, body: object) =>
  side.shop.asOrganizer("POST", path, { body });

async function unitsOf(side: Side, areaId = side.areaId) {
  return withUnits.parse((await get(side, `/v1/areas/${areaId}/units`)).body).units;
}

const nothingFound = ({ token, apiToken }: Side, theirs: Side, attempts: Attempt[]) =>
  expectNothingFound([token, apiToken], theirs, attempts);

describe("two organizers and the same event", () => {
  it("name it alike, and both get the slug of that name", async () => {
    const times = {
      starts_at: "2031-03-20T01:00:00.000Z",
      ends_at: "2031-03-20T07:00:00.000Z",
    };
    for (const mine of sides) {
      const body = { name: NAME, event_type: "concert", ...times };
      mine.eventId = await made(mine, "/v1/events", body);
      const path = `/v1/events/${mine.eventId}`;
      expect((await get(mine, path)).body).toMatchObject({ slug: SLUG, status: "draft" });
    }
    for (const [mine, theirs] of bothWays(sides)) {
      expect(await listed(mine, "/v1/events", "events")).toEqual([mine.eventId]);
      const path = `/v1/events/${theirs.eventId}`;
      await nothingFound(mine, theirs, [
        ["event_not_found", "GET", path],
        ["event_not_found", "PATCH", path, { body: { name: "Ajeno" } }],
        ["event_not_found", "DELETE", path],
        ["event_not_found", "POST", `${path}/duplicate`, { body: {} }],
      ]);
    }
  });

  it("change it on what they have seen of their own", async () => {
    for (const [mine, theirs] of bothWays(sides)) {
      const path = `/v1/events/${mine.eventId}`;
      const etag = (await get(mine, path)).headers.get("etag") ?? "";
      const change = { description: `Con ${mine.name}` };
      expect(await patch(mine, path, change, { "if-match": etag })).toMatchObject({
        status: 200,
        body: change,
      });
      const late = await patch(mine, path, { description: "Tarde" }, { "if-match": etag });
      expectProblem(late, 412, "precondition_failed");
      expect((await get(mine, path)).body).toMatchObject(change);

      const theirPath = `/v1/events/${theirs.eventId}`;
      const seen = (await get(theirs, theirPath)).headers.get("etag") ?? "";
      const options = { body: { description: "Ajena" }, headers: { "if-match": seen } };
      await nothingFound(mine, theirs, [["event_not_found", "PATCH", theirPath, options]]);
    }
  });

  it("have areas of the same name, each at its own price", async () => {
    for (const mine of sides) {
      const areas = `/v1/events/${mine.eventId}/areas`;
      const price = { price_in_cents: mine.priceInCents, service_in_cents: 500_000 };
      const platea = { name: "Platea", ...price, unit_capacity: mine.unitCapacity };
      mine.areaId = await made(mine, areas, platea);
      mine.secondAreaId = await made(mine, areas, { name: "Palco", price_in_cents: 1_000_000 });
      expectProblem(await post(mine, areas, platea), 409, "area_name_taken");
    }
    for (const [mine, theirs] of bothWays(sides)) {
      const areas = await listed(mine, `/v1/events/${mine.eventId}/areas`, "areas");
      expect(areas).toEqual([mine.areaId, mine.secondAreaId]);
      const area = `/v1/areas/${theirs.areaId}`;
      const theirAreas = `/v1/events/${theirs.eventId}/areas`;
      const body = { name: "Ajena", price_in_cents: 1 };
      await nothingFound(mine, theirs, [
        ["event_not_found", "GET", theirAreas],
        ["event_not_found", "POST", theirAreas, { body }],
        ["area_not_found", "GET", area],
        ["area_not_found", "PATCH", area, { body }],
        ["area_not_found", "DELETE", area],
      ]);
    }
  });

  it("fill them with units of the same labels, as previewed, and from the same file", async () => {
    const layout = { rows: { from: "A", to: "B" }, numbers: { from: 1, to: 3 } };
    const labels = ["A-A-1", "A-A-2", "A-A-3", "A-B-1", "A-B-2", "A-B-3"];
    const csv = { body: "fila;silla\nP;1\nP;2\n", headers: { "content-type": "text/csv" } };
    for (const mine of sides) {
      const bulk = `/v1/areas/${mine.areaId}/units/bulk`;
      const preview = await post(mine, `${bulk}?preview=true`, layout);
      const shown = { count: 6, first_labels: labels, duplicates: 0, refusal: null };
      expect(preview).toMatchObject({ status: 200, body: shown });
      expect(await unitsOf(mine)).toEqual([]);
      expect(await post(mine, bulk, layout)).toMatchObject({ status: 201, body: { created: 6 } });
      const units = await unitsOf(mine);
      expect(units.map(({ label }) => label)).toEqual(labels);
      mine.unitIds = units.map(({ id }) => id);

      const path = `/v1/areas/${mine.secondAreaId}/units/csv`;
      const answer = await mine.shop.asOrganizer("POST", path, csv);
      expect(answer).toMatchObject({ status: 201, body: { created: 2 } });
    }
    for (const [mine, theirs] of bothWays(sides)) {
      const units = `/v1/areas/${theirs.areaId}/units`;
      await nothingFound(mine, theirs, [
        ["area_not_found", "GET", units],
        ["area_not_found", "POST", `${units}/bulk?preview=true`, { body: { quantity: 1 } }],
        ["area_not_found", "POST", `${units}/bulk`, { body: { quantity: 1 } }],
        ["area_not_found", "POST", `${units}/csv`, csv],
      ]);
    }
  });

  it("take units of their own off sale and put them back", async () => {
    const statuses = async (side: Side) => (await unitsOf(side)).map(({ status }) => status);
    const free = Array.from({ length: 6 }, () => "available");
    for (const [mine, theirs] of bothWays(sides)) {
      const path = `/v1/areas/${mine.areaId}/units`;
      const block = { unit_ids: mine.unitIds.slice(0, 1), status: "blocked" };
      expect(await patch(mine, path, block)).toMatchObject({ status: 200, body: { changed: 1 } });
      expect(await statuses(mine)).toEqual(["blocked", ...free.slice(1)]);
      expect(await statuses(theirs)).toEqual(free);

      const body = { unit_ids: theirs.unitIds.slice(0, 1), status: "blocked" };
      const theirPath = `/v1/areas/${theirs.areaId}/units`;
      await nothingFound(mine, theirs, [["area_not_found", "PATCH", theirPath, { body }]]);
      // In an area of one's own they are units that there are not.
      expectProblem(await patch(mine, path, body), 422, "units_unknown");
      expect(await statuses(theirs)).toEqual(free);
      await patch(mine, path, { ...block, status: "available" });
      expect(await statuses(mine)).toEqual(free);
    }
  });
});
