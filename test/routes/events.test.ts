// An organizer's events over HTTP: changes made on what one has seen, slugs that lead on, and deleting what was never sold.

import { afterAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import type { Answer, CallOptions } from "../support/api.ts";
import { signInAs } from "../support/pricing.ts";
import { expectInvalid, expectProblem } from "../support/problems.ts";
import { newEmail } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call, database } = shop;
const mine = (method: string, path: string, options: CallOptions = {}) =>
  shop.asOrganizer(method, path, options);
const theirs = (method: string, path: string, options: CallOptions = {}) =>
  call(method, path, { token: inject("otherOrganizerToken"), ...options });

const withSlug = z.looseObject({ id: z.string(), slug: z.string() });
const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";

afterAll(() => shop.close());

async function stored(eventId: string): Promise<unknown> {
  const { rows } = await database.query("SELECT * FROM clusters WHERE id = $1", [eventId]);
  return rows[0];
}

const etag = ({ headers }: Answer) => headers.get("etag") ?? "none";
const ifMatch = (tag: string) => ({ "if-match": tag });
const unique = (what: string) => `${what}-${crypto.randomUUID().slice(0, 8)}`;

/** Without following where it leads. */
async function ask(path: string, site = "http://localhost") {
  const address = `${inject("apiUrl")}${path}`;
  const response = await fetch(address, { redirect: "manual", headers: { origin: site } });
  return { status: response.status, location: response.headers.get("location") };
}

describe("a change made on what one has seen", () => {
  test("has an ETag that every change raises, on reads and on answers", async () => {
    const { eventId } = await shop.draftEvent([{ units: 1 }]);
    const read = await mine("GET", `/v1/events/${eventId}`);
    expect(etag(read)).toBe('"1"');
    const changed = await mine("PATCH", `/v1/events/${eventId}`, {
      body: { description: "Otra" },
      headers: ifMatch(etag(read)),
    });
    expect(changed.status).toBe(200);
    expect(etag(changed)).toBe('"2"');
    expect(etag(await mine("GET", `/v1/events/${eventId}`))).toBe('"2"');
    expect(etag(await mine("POST", `/v1/events/${eventId}/publish`))).toBe('"3"');
  });

  test("is refused when somebody was sooner, and nothing changes", async () => {
    const { eventId } = await shop.draftEvent([]);
    const seen = etag(await mine("GET", `/v1/events/${eventId}`));
    await mine("PATCH", `/v1/events/${eventId}`, { body: { description: "Primero" } });
    const before = await stored(eventId);
    const late = await mine("PATCH", `/v1/events/${eventId}`, {
      body: { description: "Después" },
      headers: ifMatch(seen),
    });
    expectProblem(late, 412, "precondition_failed");
    expectProblem(
      await mine("DELETE", `/v1/events/${eventId}`, { headers: ifMatch(seen) }),
      412,
      "precondition_failed",
    );
    expect(await stored(eventId)).toEqual(before);
  });

  test("is made by one of ten who saw the same", async () => {
    const { eventId } = await shop.draftEvent([]);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        mine("PATCH", `/v1/events/${eventId}`, {
          body: { description: `Versión ${index}` },
          headers: ifMatch('"1"'),
        }),
      ),
    );
    const statuses = answers.map(({ status }) => status).toSorted((left, right) => left - right);
    expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
  });

  test("without saying what was seen changes only what it names", async () => {
    const { eventId } = await shop.draftEvent([]);
    await Promise.all([
      mine("PATCH", `/v1/events/${eventId}`, { body: { description: "Con luces" } }),
      mine("PATCH", `/v1/events/${eventId}`, { body: { event_type: "sports" } }),
      mine("PATCH", `/v1/events/${eventId}`, { body: { pulep_code: "xyz789" } }),
    ]);
    expect(await mine("GET", `/v1/events/${eventId}`)).toMatchObject({
      body: { description: "Con luces", event_type: "sports", pulep_code: "XYZ789" },
    });
  });

  test.each(["*", '"1"', 'W/"1"', '"7", "1"', ' "7" , W/"1" '])(
    "takes If-Match: %s",
    async (tag) => {
      const { eventId } = await shop.draftEvent([]);
      const options = { body: { description: "x" }, headers: ifMatch(tag) };
      expect((await mine("PATCH", `/v1/events/${eventId}`, options)).status).toBe(200);
    },
  );

  test.each(["1", '"one"', '"01x"', '"2"', 'W/"11"', '"*"', '"1'])(
    "is refused with If-Match: %s, which is not its tag",
    async (tag) => {
      const { eventId } = await shop.draftEvent([]);
      const options = { body: { description: "x" }, headers: ifMatch(tag) };
      const answer = await mine("PATCH", `/v1/events/${eventId}`, options);
      expectProblem(answer, 412, "precondition_failed");
    },
  );

  test("may be made by a page of another site: browsers show it the ETag", async () => {
    const { eventId } = await shop.draftEvent([]);
    const { headers } = await mine("GET", `/v1/events/${eventId}`);
    expect(headers.get("access-control-expose-headers")).toContain("ETag");
  });

  test("of a stage or a promotion is made the same way", async () => {
    const { eventId } = await shop.draftEvent([]);
    const stage = await mine("POST", `/v1/events/${eventId}/sale-stages`, {
      body: { name: "Preventa", adjustment: { type: "fixed", amount_in_cents: -100 } },
    });
    const promotion = await mine("POST", "/v1/promotions", {
      body: {
        name: "Amigos",
        code: unique("AMIGOS"),
        event_id: eventId,
        discount: { type: "percentage", basis_points: 1_000 },
      },
    });
    for (const [path, created] of [
      ["/v1/sale-stages", stage],
      ["/v1/promotions", promotion],
    ] as const) {
      const { id } = z.looseObject({ id: z.string() }).parse(created.body);
      const at = `${path}/${id}`;
      expect([etag(created), etag(await mine("GET", at))]).toEqual(['"1"', '"1"']);
      const change = { body: { name: "Otra" }, headers: ifMatch('"1"') };
      expect(etag(await mine("PATCH", at, change))).toBe('"2"');
      expectProblem(await mine("PATCH", at, change), 412, "precondition_failed");
      const old = { headers: ifMatch('"1"') };
      expectProblem(await mine("DELETE", at, old), 412, "precondition_failed");
      expect((await mine("GET", at)).status).toBe(200);
      expect((await mine("DELETE", at, { headers: ifMatch('"2"') })).status).toBe(204);
    }
  });
});

describe("a slug", () => {
  test("is made from the name, and kept when the name changes", async () => {
    const name = `Noche de Ñandú ${crypto.randomUUID().slice(0, 8)}`;
    const { eventId, slug } = await shop.draftEvent([], { name });
    expect(slug).toBe(name.toLowerCase().replace("ñandú", "nandu").replaceAll(" ", "-"));
    const renamed = await mine("PATCH", `/v1/events/${eventId}`, { body: { name: "Otra cosa" } });
    expect(renamed.body).toMatchObject({ name: "Otra cosa", slug });
  });

  test("that changed leads on from every public address, with the query", async () => {
    const event = await shop.publishEvent([{ units: 2 }]);
    const slug = unique("nuevo");
    const changed = await mine("PATCH", `/v1/events/${event.eventId}`, { body: { slug } });
    expect(changed).toMatchObject({ status: 200, body: { slug } });
    const area = `/areas/${event.areaIds[0] ?? ""}`;
    for (const rest of ["", "/areas", `${area}/availability`, `${area}/units?page=0`]) {
      expect(await ask(`/v1/public/events/${event.slug}${rest}`)).toEqual({
        status: 308,
        location: `/v1/public/events/${slug}${rest}`,
      });
      expect(await ask(`/v1/public/events/${slug}${rest}`)).toMatchObject({ status: 200 });
    }
    // A client that follows gets there.
    expect(await call("GET", `/v1/public/events/${event.slug}`)).toMatchObject({
      status: 200,
      body: { id: event.eventId, slug },
    });
    const unknownArea = `/v1/public/events/${slug}/areas/${UNKNOWN_ID}/availability`;
    expect(await ask(unknownArea)).toEqual({ status: 404, location: null });
  });

  test("leads on in one step after many changes, and may be taken back", async () => {
    const { eventId, slug: first } = await shop.publishEvent([{ units: 1 }]);
    const [second, third] = [unique("segundo"), unique("tercero")];
    const becomes = (slug: string) => mine("PATCH", `/v1/events/${eventId}`, { body: { slug } });
    expect((await becomes(second)).status).toBe(200);
    expect((await becomes(third)).status).toBe(200);
    const to = (slug: string) => ({ status: 308, location: `/v1/public/events/${slug}` });
    expect(await ask(`/v1/public/events/${first}`)).toEqual(to(third));
    expect(await ask(`/v1/public/events/${second}`)).toEqual(to(third));
    expect((await becomes(first)).status).toBe(200);
    expect(await ask(`/v1/public/events/${first}`)).toMatchObject({ status: 200 });
    expect(await ask(`/v1/public/events/${third}`)).toEqual(to(first));
  });

  test("leads nowhere from a draft, nor on another organizer's site", async () => {
    const event = await shop.publishEvent([{ units: 1 }]);
    const slug = unique("mudado");
    await mine("PATCH", `/v1/events/${event.eventId}`, { body: { slug } });
    const former = `/v1/public/events/${event.slug}`;
    expect(await ask(former, "http://andino.localhost")).toEqual({ status: 404, location: null });
    await mine("POST", `/v1/events/${event.eventId}/unpublish`);
    expect(await ask(former)).toEqual({ status: 404, location: null });
  });

  test("of today or of before is nobody else's, and another organizer's all the same", async () => {
    const { eventId, slug: former } = await shop.draftEvent([]);
    const slug = unique("actual");
    await mine("PATCH", `/v1/events/${eventId}`, { body: { slug } });
    const other = await shop.draftEvent([]);
    const before = await stored(other.eventId);
    for (const taken of [former, slug]) {
      const body = { slug: taken };
      const change = await mine("PATCH", `/v1/events/${other.eventId}`, { body });
      expectProblem(change, 409, "slug_taken");
      const made = await mine("POST", "/v1/events", {
        body: { ...times, name: "Otra", slug: taken },
      });
      expectProblem(made, 409, "slug_taken");
      const elsewhere = await theirs("POST", "/v1/events", {
        body: { ...times, name: "Suya", slug: taken },
      });
      expect(elsewhere).toMatchObject({ status: 201, body: { slug: taken } });
    }
    expect(await stored(other.eventId)).toEqual(before);
    // One made from a name gets a tail.
    const named = await mine("POST", "/v1/events", { body: { ...times, name: former } });
    expect(withSlug.parse(named.body).slug).toMatch(new RegExp(`^${former}-[0-9a-f]{6}$`));
  });

  test("is one's alone, however many want it at once", async () => {
    const slug = unique("disputado");
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        mine("POST", "/v1/events", { body: { ...times, name: "Igual", slug } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 201))
      expectProblem(answer, 409, "slug_taken");
  });
});

const times = { starts_at: "2031-03-19T20:00:00-05:00", ends_at: "2031-03-20T02:00:00-05:00" };

describe("the times of an event", () => {
  test.each([
    ["body.sales_start_at", { sales_start_at: "2031-03-20T07:00:00Z" }],
    ["body.sales_start_at", { sales_start_at: "soon" }],
    [
      "body.sales_end_at",
      { sales_start_at: "2031-03-01T00:00:00Z", sales_end_at: "2031-03-01T00:00:00Z" },
    ],
    ["body.pulep_code", { pulep_code: "?" }],
    ["body.shadowban", { shadowban: true }],
    ["body.status", { status: "published" }],
  ])("are refused with %s in %j, created or changed, and nothing changes", async (path, change) => {
    expectInvalid(
      await mine("POST", "/v1/events", { body: { ...times, name: "X", ...change } }),
      path,
    );
    const { eventId } = await shop.draftEvent([]);
    const before = await stored(eventId);
    expectInvalid(await mine("PATCH", `/v1/events/${eventId}`, { body: change }), path);
    expect(await stored(eventId)).toEqual(before);
  });

  test("take a window of sales, and lose it again", async () => {
    const window = {
      sales_start_at: "2031-01-01T00:00:00.000Z",
      sales_end_at: "2031-03-01T00:00:00.000Z",
    };
    const { eventId } = await shop.draftEvent([], window);
    expect(await mine("GET", `/v1/events/${eventId}`)).toMatchObject({ body: window });
    const none = { sales_start_at: null, sales_end_at: null };
    expect(await mine("PATCH", `/v1/events/${eventId}`, { body: none })).toMatchObject({
      status: 200,
      body: none,
    });
  });
});

describe("deleting an event", () => {
  const remove = (eventId: string) => mine("DELETE", `/v1/events/${eventId}`);

  test("takes it, its areas, stages and promotions out of sight, and frees its slug and codes", async () => {
    const event = await shop.draftEvent([{ units: 3 }]);
    const code = unique("BORRADO").toUpperCase();
    const promotion = {
      name: "Amigos",
      code,
      event_id: event.eventId,
      discount: { type: "percentage", basis_points: 1_000 },
    };
    const { id } = withId.parse((await mine("POST", "/v1/promotions", { body: promotion })).body);
    expect((await remove(event.eventId)).status).toBe(204);
    const areaId = event.areaIds[0] ?? "";
    expectProblem(await mine("GET", `/v1/events/${event.eventId}`), 404, "event_not_found");
    expectProblem(await mine("GET", `/v1/areas/${areaId}`), 404, "area_not_found");
    expectProblem(await mine("GET", `/v1/promotions/${id}`), 404, "promotion_not_found");
    expectProblem(await remove(event.eventId), 404, "event_not_found");
    expectProblem(
      await mine("POST", `/v1/events/${event.eventId}/publish`),
      404,
      "event_not_found",
    );
    const list = await mine("GET", "/v1/events?limit=100");
    expect(JSON.stringify(list.body)).not.toContain(event.eventId);
    const again = await shop.draftEvent([], { slug: event.slug });
    const body = { ...promotion, event_id: again.eventId };
    expect((await mine("POST", "/v1/promotions", { body })).status).toBe(201);
    // The rows stay.
    const { rows } = await database.query("SELECT is_active FROM clusters WHERE id = $1", [
      event.eventId,
    ]);
    expect(rows).toEqual([{ is_active: false }]);
  });

  test("is refused while it is on sale, and it goes on selling", async () => {
    const event = await shop.publishEvent([{ units: 1 }]);
    expectProblem(await remove(event.eventId), 409, "event_on_sale");
    await shop.hold(event, [{ area_id: event.areaIds[0] ?? "", quantity: 1 }]);
  });

  test("is refused while somebody holds of it, and possible once they let go", async () => {
    const event = await shop.publishEvent([{ units: 2 }]);
    const item = { area_id: event.areaIds[0] ?? "", quantity: 2 };
    const held = await shop.hold(event, [item]);
    await mine("POST", `/v1/events/${event.eventId}/unpublish`);
    const before = await stored(event.eventId);
    const answer = await remove(event.eventId);
    expectProblem(answer, 409, "event_has_sales");
    expect(answer.body).toMatchObject({ sold: 0, held: 2, payments: 0 });
    expect(await stored(event.eventId)).toEqual(before);
    await shop.asBuyer(held.token, "DELETE", `/v1/reservations/${held.id}`);
    expect((await remove(event.eventId)).status).toBe(204);
  });

  test("is refused while somebody may still be charged, though they hold nothing any more", async () => {
    const event = await shop.publishEvent([{ units: 1 }]);
    const held = await shop.hold(event, [{ area_id: event.areaIds[0] ?? "", quantity: 1 }]);
    const payment = await shop.startPayment(held, newEmail());
    await shop.asBuyer(held.token, "DELETE", `/v1/reservations/${held.id}`);
    await mine("POST", `/v1/events/${event.eventId}/unpublish`);
    const answer = await remove(event.eventId);
    expectProblem(answer, 409, "event_has_sales");
    expect(answer.body).toMatchObject({ sold: 0, held: 0, payments: 1 });
    await database.query(
      "UPDATE payments SET expires_at = now() - interval '2 hours' WHERE id = $1",
      [payment.id],
    );
    expect((await remove(event.eventId)).status).toBe(204);
  });

  test("is refused for ever once tickets were sold, whatever its status", async () => {
    const event = await shop.publishEvent([{ units: 2 }, { units: 1 }]);
    await shop.buy(event, [{ area_id: event.areaIds[1] ?? "", quantity: 1 }]);
    for (const move of ["postpone", "unpublish", "cancel"]) {
      expect((await mine("POST", `/v1/events/${event.eventId}/${move}`)).status).toBe(200);
      const before = await stored(event.eventId);
      const answer = await remove(event.eventId);
      expectProblem(answer, 409, "event_has_sales");
      expect(answer.body).toMatchObject({ sold: 1, held: 0 });
      expect(await stored(event.eventId)).toEqual(before);
    }
  });

  test("at the same time as publishing does one of both, whole", async () => {
    // Begun at another moment of it each time.
    for (let afterMs = 0; afterMs < 60; afterMs += 4) {
      const event = await shop.draftEvent([{ units: 1 }]);
      const publishing = mine("POST", `/v1/events/${event.eventId}/publish`);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      const [published, removed] = await Promise.all([publishing, remove(event.eventId)]);
      const isGone = removed.status === 204;
      expect(published.status).toBe(isGone ? 404 : 200);
      if (!isGone) expectProblem(removed, 409, "event_on_sale");
      const hold = await shop.place(event, [{ area_id: event.areaIds[0] ?? "", quantity: 1 }]);
      expect(hold.status === 201).toBe(!isGone);
    }
  });

  test("is not another organizer's, nor for a role that only reads", async () => {
    const { eventId } = await shop.draftEvent([]);
    const before = await stored(eventId);
    expectProblem(await theirs("DELETE", `/v1/events/${eventId}`), 404, "event_not_found");
    const token = await signInAs(shop, "finance");
    expectProblem(
      await call("DELETE", `/v1/events/${eventId}`, { token }),
      403,
      "role_not_allowed",
    );
    expectProblem(await call("DELETE", `/v1/events/${eventId}`), 401, "session_required");
    expectProblem(await mine("DELETE", `/v1/events/${UNKNOWN_ID}`), 404, "event_not_found");
    expectInvalid(await mine("DELETE", "/v1/events/1"), "param.id");
    expect(await stored(eventId)).toEqual(before);
  });
});

const withId = z.looseObject({ id: z.string() });
