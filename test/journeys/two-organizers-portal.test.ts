// The same event on the sites of two organizers, over HTTP: what their visitors find and read there, and that what one of
// them renames, takes off sale or has taken out of sight is the other's as it was.

import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { WebSocket } from "ws";
import { openGallery } from "../support/gallery.ts";
import { bothWays } from "../support/neighbours.ts";
import { expectProblem } from "../support/problems.ts";
import {
  CODE,
  type Seller,
  foundOn,
  newSellers,
  quoteFor,
  readOn,
  some,
} from "../support/same-event.ts";
import { until } from "../support/shop.ts";

const gallery = openGallery();
const api = inject("apiUrl");

let sellers: [Seller, Seller];
let page = "";

beforeAll(async () => {
  sellers = await newSellers(gallery);
  page = `/v1/public/events/${sellers[0].event.slug}`;
});
afterAll(async () => {
  await Promise.all([gallery, ...sellers.map(({ shop }) => shop)].map((each) => each.close()));
});

const ownPath = ({ event }: Seller) => `/v1/events/${event.eventId}`;

/** Without following where it leads. */
async function ask({ origin }: Seller, path: string) {
  const response = await fetch(`${api}${path}`, { redirect: "manual", headers: { origin } });
  return { status: response.status, location: response.headers.get("location") };
}

/** The status of a handshake from a page of this site; 101 when it is let in. */
function watch({ origin }: Seller, areaId: string): Promise<number | undefined> {
  const address = `${api.replace(/^http/, "ws")}${page}/areas/${areaId}/live`;
  const socket = new WebSocket(address, { origin });
  return new Promise((resolve, reject) => {
    socket.on("open", () => {
      socket.close();
      resolve(101);
    });
    socket.on("unexpected-response", (_request, { statusCode }) => resolve(statusCode));
    socket.on("error", reject);
  });
}

/** Found, shown, priced and held as if nothing had happened elsewhere. */
async function expectOnSale(seller: Seller, path: string): Promise<void> {
  expect(await foundOn(seller)).toEqual([seller.event.eventId]);
  expect(await readOn(seller, path)).toMatchObject({
    status: 200,
    body: { id: seller.event.eventId, price_from_in_cents: earlyTotalOf(seller) },
  });
  // More than the early stage has left for one order.
  expect((await quoteFor(seller, 3)).total_in_cents).toBe(3 * priceOf(seller));
  const held = await seller.pricing.hold(seller.event, some(seller, 3), { site: seller.origin });
  expect(held.total_in_cents).toBe(3 * priceOf(seller));
  expect((await seller.pricing.release(held)).status).toBe(204);
}

const priceOf = ({ priceInCents, serviceInCents }: Seller) => priceInCents + serviceInCents;
const earlyTotalOf = ({ earlyPriceInCents, serviceInCents }: Seller) =>
  earlyPriceInCents + serviceInCents;

describe("two organizers and their sites", () => {
  it("have their own event found, by the same name and address", async () => {
    for (const [mine, theirs] of bothWays(sellers)) {
      expect(mine.event.slug).toBe(theirs.event.slug);
      const only = [mine.event.eventId];
      expect(await foundOn(mine)).toEqual(only);
      expect(await foundOn(mine, { q: "noche salsa", city: "cali" })).toEqual(only);
      expect(await foundOn(mine, { q: mine.venue })).toEqual(only);
      expect(await foundOn(mine, { q: theirs.venue })).toEqual([]);
    }
  });

  it("show their own page to people and to search engines", async () => {
    for (const mine of sellers) {
      const earlyTotal = earlyTotalOf(mine);
      const document = {
        identifier: mine.event.eventId,
        location: { name: mine.venue },
        organizer: { name: mine.name, taxID: mine.nit },
        image: [mine.coverUrl],
        offers: [{ price: (earlyTotal / 100).toFixed(2), priceCurrency: "COP" }],
      };
      const sale = { available: 6, total_in_cents: earlyTotal, stage: { id: mine.stageId } };
      const area = { id: mine.areaId, total_in_cents: priceOf(mine) };
      expect((await readOn(mine, page)).body).toMatchObject({
        id: mine.event.eventId,
        venue_name: mine.venue,
        organizer: { name: mine.name },
        legal_info: { nit: mine.nit },
        cover_url: mine.coverUrl,
        price_from_in_cents: earlyTotal,
        areas: [{ ...area, sale }],
        json_ld: document,
      });
      expect((await readOn(mine, `${page}/json-ld`)).body).toMatchObject(document);
      expect((await readOn(mine, `${page}/areas`)).body).toMatchObject({ areas: [area] });
      const availability = await readOn(mine, `${page}/areas/${mine.areaId}/availability`);
      expect(availability.body).toMatchObject({
        ...{ area_id: mine.areaId, available: 6, held: 0, sold: 0, blocked: 0 },
        ...{ price_in_cents: mine.earlyPriceInCents, stage: { id: mine.stageId } },
      });
      expect(await watch(mine, mine.areaId)).toBe(101);
    }
  });

  it("know nothing of what is the other's, asked for by its id", async () => {
    for (const [mine, theirs] of bothWays(sellers)) {
      for (const rest of ["availability", "units"]) {
        const answer = await readOn(mine, `${page}/areas/${theirs.areaId}/${rest}`);
        expectProblem(answer, 404, "area_not_found");
      }
      expect(await watch(mine, theirs.areaId)).toBe(404);
      const order = { site: mine.origin, code: CODE };
      for (const { event } of [mine, theirs]) {
        const quote = await mine.pricing.askQuote(event, some(theirs, 1), order);
        expectProblem(quote, 404, "area_unknown");
        const validated = await mine.pricing.validate(event, some(theirs, 1), order);
        expectProblem(validated, 404, "area_unknown");
      }
    }
  });

  it("lead on from an old address on the one whose event moved, and stay on the other", async () => {
    const [first, second] = sellers;
    const rename = { body: { name: "Otra noche" } };
    const renamed = await first.shop.asOrganizer("PATCH", ownPath(first), rename);
    expect(renamed).toMatchObject({ status: 200, body: { slug: first.event.slug } });
    expect(await ask(first, page)).toMatchObject({ status: 200 });

    const slug = `${first.event.slug}-b`;
    const moved = await first.shop.asOrganizer("PATCH", ownPath(first), { body: { slug } });
    expect(moved.status).toBe(200);
    const moves = [`/areas`, `/areas/${first.areaId}/availability`];
    for (const rest of ["", ...moves])
      expect(await ask(first, `${page}${rest}`)).toEqual({
        status: 308,
        location: `${page}-b${rest}`,
      });
    await expectOnSale(first, `${page}-b`);
    expect(await ask(second, page)).toMatchObject({ status: 200 });
    expectProblem(await readOn(second, `${page}-b`), 404, "event_not_found");
    await expectOnSale(second, page);
  });

  it("show nothing of what its organizer takes off sale, and the other's as before", async () => {
    const [first, second] = sellers;
    const off = await second.shop.asOrganizer("POST", `${ownPath(second)}/unpublish`);
    expect(off).toMatchObject({ status: 200, body: { status: "draft" } });
    for (const rest of ["", "/json-ld", "/areas"])
      expectProblem(await readOn(second, `${page}${rest}`), 404, "event_not_found");
    expect(await foundOn(second)).toEqual([]);
    const refused = await second.pricing.place(second.event, some(second, 1));
    expectProblem(refused, 409, "area_closed");
    await expectOnSale(first, `${page}-b`);

    const again = await second.shop.asOrganizer("POST", `${ownPath(second)}/publish`);
    expect(again.status).toBe(200);
    await expectOnSale(second, page);
  });

  it("lose what the platform takes out of sight on one of them alone", async () => {
    const [first, second] = sellers;
    await gallery.database.query("UPDATE clusters SET shadowban = true WHERE id = $1", [
      first.event.eventId,
    ]);
    await gallery.ring();
    await until("the event to be gone", async () => {
      const shown = await readOn(first, `${page}-b`);
      const held = await first.pricing.askQuote(first.event, some(first, 1), {
        site: first.origin,
      });
      return (shown.status === 404 && held.status === 409) || undefined;
    });
    expectProblem(await readOn(first, `${page}-b`), 404, "event_not_found");
    expect(await foundOn(first)).toEqual([]);
    const refused = await first.pricing.place(first.event, some(first, 1));
    expectProblem(refused, 409, "area_closed");
    const own = await first.shop.asOrganizer("GET", ownPath(first));
    expect(own).toMatchObject({ status: 200, body: { status: "published" } });
    await expectOnSale(second, page);
  });
});
